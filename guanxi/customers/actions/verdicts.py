"""What acts on many rows at once share: each row is judged alone, and one that is refused stops no other."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from guanxi.kernel.rules import RuleBroken

T = TypeVar("T")
Verdict = dict[str, Any] | RuleBroken
"""The fields to write, or why they are not written."""


class Taken(RuleBroken):
    """Something of this name or number is there: `record`, unsaved if it stands in the same call."""

    def __init__(self, message: str, *, record: Any, field: str = "") -> None:
        super().__init__(message, field=field)
        self.record = record


def judged(judge: Callable[..., dict[str, Any]], **row: Any) -> Verdict:
    """What `judge` makes of a row, or the refusal that it raises."""
    try:
        return judge(**row)
    except RuleBroken as refusal:
        return refusal


def written(verdicts: Sequence[Verdict], made: Iterable[T]) -> list[T | RuleBroken]:
    """The records made of the rows that were not refused, in the place of each row."""
    records = iter(made)
    return [verdict if isinstance(verdict, RuleBroken) else next(records) for verdict in verdicts]
