"""Working time: hours are counted while the company works, holidays left out and 调休 days counted in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from guanxi.kernel.days import company_day

WEEK = range(5)
"""Monday to Friday, unless the calendar says otherwise."""
FURTHEST = 3_660
"""A calendar without a working day in so many days is taken to have none."""


@dataclass(frozen=True)
class WorkingTime:
    """When the company works: the same hours (0 to 24) on every working day; `calendar` holds the exceptions."""

    begins: int = 9
    ends: int = 18
    calendar: Mapping[date, bool] = field(default_factory=dict)

    def works_on(self, day: date) -> bool:
        """Whether the company works on a day."""
        return self.calendar.get(day, day.weekday() in WEEK)

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment when so many working hours have passed since `moment`."""
        left = timedelta(hours=hours)
        for begin, end in self._stretches(moment):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError("The calendar has no working days.")

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """The working time that passed from one moment to a later one."""
        passed = timedelta(0)
        for opens, closes in self._stretches(begin):
            if opens >= end:
                break
            passed += min(closes, end) - opens
        return passed

    def _stretches(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working hours from a moment on, day by day."""
        first = company_day(moment)
        for ahead in range(FURTHEST):
            day = first + timedelta(days=ahead)
            if self.works_on(day) and self.begins < self.ends:
                opens, closes = _at(day, self.begins), _at(day, self.ends)
                if moment < closes:
                    yield max(opens, moment), closes


def _at(day: date, hour: int) -> datetime:
    """An hour of a company's day; 24 is the midnight that ends it."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone)
