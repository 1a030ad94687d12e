"""What a person is told when an act is refused."""

from collections.abc import Mapping
from typing import Any


class RuleBroken(Exception):
    """A rule of the field refuses this act; the message is a translated sentence for people.

    `field` names the form field it belongs to, or is empty for the act as a whole.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class StepRefused(RuleBroken):
    """A step of a flow that may not be taken from where the record stands."""


class Conflict(RuleBroken):
    """Somebody else changed the same fields since the form was opened.

    `theirs` maps each such field to the value that stands now.
    """

    def __init__(self, message: str, *, theirs: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.theirs = dict(theirs)


class UnloggedWrite(RuntimeError):
    """Code tried to write a record outside a change set: a defect, never shown to people."""
