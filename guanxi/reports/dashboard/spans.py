"""Spans of company days: a month, quarter or year so far, and the same days of the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guanxi.kernel.days import months_before, start_of

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
"""How many months each kind of period has."""
USUAL = "month"


@dataclass(frozen=True)
class Span:
    """Days from a first to a last one, both counted."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the moment at which the first day begins to the one at which the last has ended."""
        return start_of(self.first), start_of(self.last + timedelta(days=1))

    def params(self, field: str) -> dict[str, str]:
        """What narrows a list to these days of a field."""
        return {f"{field}.from": self.first.isoformat(), f"{field}.to": self.last.isoformat()}


def read_kind(text: str) -> str:
    """The kind of period that an address asks for; what is none counts as a month."""
    return text if text in MONTHS else USUAL


def so_far(kind: str, today: date) -> Span:
    """From the first day of the running month, quarter or year to today."""
    months = MONTHS[kind]
    return Span(date(today.year, (today.month - 1) // months * months + 1, 1), today)


def one_before(kind: str, today: date) -> Span:
    """The same days one month, quarter or year earlier; a shorter month ends with its last day."""
    now = so_far(kind, today)
    return Span(months_before(now.first, MONTHS[kind]), months_before(now.last, MONTHS[kind]))


def last_days(days: int, today: date) -> Span:
    """So many days up to today, today counted."""
    return Span(today - timedelta(days=days - 1), today)
