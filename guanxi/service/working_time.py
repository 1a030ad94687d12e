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


class WorkingClock:
    """Working seconds between many moments from one day on: each day is looked up once."""

    def __init__(self, time: WorkingTime, first: date) -> None:
        self._time, self._first = time, first
        self._next, self._whole = first, 0
        self._passed: dict[date, int] = {}

    def between(self, begin: datetime, end: datetime) -> int:
        """The working seconds from one moment to another, from the first day on; 0 if the other is earlier."""
        return max(0, self._until(end) - self._until(begin))

    def _until(self, moment: datetime) -> int:
        """The working seconds from the first day's beginning to a moment."""
        day = company_day(moment)
        if day < self._first:
            return 0
        while self._next <= day:
            self._passed[self._next] = self._whole
            self._whole += self._length() if self._time.works_on(self._next) else 0
            self._next += timedelta(days=1)
        if not self._time.works_on(day):
            return self._passed[day]
        since = int((moment - _at(day, self._time.begins)).total_seconds())
        return self._passed[day] + min(max(since, 0), self._length())

    def _length(self) -> int:
        return max(0, self._time.ends - self._time.begins) * 3600


def _at(day: date, hour: int) -> datetime:
    """An hour of a company's day; 24 is the midnight that ends it."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone)
