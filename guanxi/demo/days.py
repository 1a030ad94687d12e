"""The days on which the made-up company works, and moments within them."""

from datetime import date, datetime, timedelta
from random import Random

from guanxi.kernel.days import company_day, start_of

HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}
"""Month and day of the holidays that stand still from year to year."""
OPENS, CLOSES = 9 * 60, 18 * 60
"""Minutes of the day."""


def works(day: date) -> bool:
    """Whether the company works on a day."""
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def working_day(day: date) -> date:
    """The day itself, or the next one on which the company works."""
    while not works(day):
        day += timedelta(days=1)
    return day


def working_day_before(day: date) -> date:
    """The last day before this one on which the company worked."""
    day -= timedelta(days=1)
    while not works(day):
        day -= timedelta(days=1)
    return day


def at_work(day: date, rng: Random, *, opens: int = OPENS, closes: int = CLOSES) -> datetime:
    """A moment in the working hours of a day, between two minutes of it."""
    return start_of(day) + timedelta(minutes=rng.randrange(opens, closes), seconds=rng.randrange(60))


def work_after(moment: datetime, days: float, rng: Random) -> datetime:
    """A working moment so many days after another one; within the same day, some minutes later."""
    day = company_day(moment)
    if days >= 1:
        return at_work(working_day(day + timedelta(days=int(days))), rng)
    return moment + timedelta(minutes=rng.randrange(4, 40))


def years_before(day: date, years: int) -> date:
    """The first of the month so many years before."""
    return date(day.year - years, day.month, 1)
