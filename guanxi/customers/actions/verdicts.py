"""What acts on many rows at once share: each row is judged alone, and one that is refused stops no other."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.numbers import take_numbers

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


def free_numbers(
    *, model: Any, kind: str, change: ChangeWriter, count: int = 1, taken: Collection[str] = ()
) -> list[str]:
    """So many new numbers of the day, past those that people or files brought along."""
    found: list[str] = []
    while len(found) < count:
        offered = take_numbers(kind, company_day(change.at), count - len(found))
        given = set(model._default_manager.filter(number__in=offered).values_list("number", flat=True))
        found += [number for number in offered if number not in given and number not in taken]
    return found
