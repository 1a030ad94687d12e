"""Periods of company days, and what they are compared with: the year before (同比), the period before (环比)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.days import months_before, start_of

YEAR = 12
NAMES = [
    ("month", _("This month")),
    ("quarter", _("This quarter")),
    ("year", _("This year")),
    ("12-months", _("Last 12 months")),
    ("custom", _("Custom")),
]
"""The periods on offer; each but the last runs to today."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "12-months": 12}


@dataclass(frozen=True)
class Period:
    """Days from `begins` to `ends`, both within it. `months` is its length as a period of the calendar, 0 if none."""

    begins: date
    ends: date
    months: int = 0

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the moment at which the first day begins to the one at which the last has ended."""
        return start_of(self.begins), start_of(self.ends + timedelta(days=1))

    def params(self, field: str) -> dict[str, str]:
        """What narrows a list to these days of a field."""
        return {f"{field}.from": self.begins.isoformat(), f"{field}.to": self.ends.isoformat()}

    def year_before(self) -> "Period":
        """The same stretch of the year before."""
        return self._back(YEAR)

    def before(self) -> "Period":
        """The same stretch of the period before; for days that are no months, as many days just before."""
        months = self.months or self._whole_months()
        if months:
            return self._back(months)
        ends = self.begins - timedelta(days=1)
        return Period(ends - (self.ends - self.begins), ends)

    def each_month(self) -> Iterator["Period"]:
        """Its months in their order, the first and the last as far as they lie within it."""
        first = self.begins
        while first <= self.ends:
            last = min(last_day_of_month(first), self.ends)
            yield Period(first, last)
            first = last + timedelta(days=1)

    def first_days(self) -> list[date]:
        """The first day of each of its months."""
        return [month.begins.replace(day=1) for month in self.each_month()]

    def _back(self, months: int) -> "Period":
        ends = months_before(self.ends, months)
        whole = self.ends == last_day_of_month(self.ends)
        return Period(months_before(self.begins, months), last_day_of_month(ends) if whole else ends, self.months)

    def _whole_months(self) -> int:
        if self.begins.day != 1 or self.ends != last_day_of_month(self.ends):
            return 0
        return (self.ends.year - self.begins.year) * YEAR + self.ends.month - self.begins.month + 1


def period_to(today: date, name: str) -> Period:
    """One of the periods that run to today: the month, quarter or year that it lies in, or twelve months with this one."""
    months = _MONTHS[name]
    back = {"quarter": (today.month - 1) % 3, "year": today.month - 1, "12-months": 11}.get(name, 0)
    return Period(months_before(today.replace(day=1), back), today, months)


def last_days(days: int, today: date) -> Period:
    """So many days up to today, today counted."""
    return Period(today - timedelta(days=days - 1), today)


def last_day_of_month(day: date) -> date:
    """The last day of the month that a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])
