"""State machines as data: which verb leads from where to where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from guanxi.kernel.records import Record


class Writer(Protocol):
    """What a flow needs of a change set."""

    def update(self, record: Any, *, when: Mapping[str, Any] | None = ..., **fields: Any) -> Any:
        """Change fields of a record if it still stands as `when` says."""


@dataclass(frozen=True)
class Step:
    """One verb of a flow: the states it leads from, and the one it leads to."""

    sources: frozenset[str]
    target: str


class Flow:
    """The steps of one state field.

    >>> flow = Flow("stage", assign=(["new", "developing"], "developing"))
    """

    def __init__(self, field: str, **steps: tuple[list[str], str]) -> None:
        self.field = field
        self.steps = {verb: Step(frozenset(a), b) for verb, (a, b) in steps.items()}

    def allows(self, verb: str, record: Record) -> bool:
        """Whether the record stands where this verb may be taken."""
        return getattr(record, self.field) in self.steps[verb].sources

    def take(self, verb: str, record: Any, change: Writer, **fields: Any) -> Any:
        """Take one step by compare-and-swap; raises `StepRefused` from any other state."""
        step = self.steps[verb]
        moved = {self.field: step.target, **fields}
        return change.update(record, when={self.field: step.sources}, **moved)
