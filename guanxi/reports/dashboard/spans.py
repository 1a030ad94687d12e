"""Spans of company days: a month, quarter or year so far, and the same days of the one before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guanxi.kernel.days import start_of
from guanxi.reports.periods import period_to

KINDS = ("month", "quarter", "year")
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
    return text if text in KINDS else USUAL


def so_far(kind: str, today: date) -> Span:
    """From the first day of the running month, quarter or year to today."""
    period = period_to(today, kind)
    return Span(period.begins, period.ends)


def one_before(kind: str, today: date) -> Span:
    """The same days one month, quarter or year earlier; the last day of a month stands beside the last of the other."""
    period = period_to(today, kind).before()
    return Span(period.begins, period.ends)


def last_days(days: int, today: date) -> Span:
    """So many days up to today, today counted."""
    return Span(today - timedelta(days=days - 1), today)
