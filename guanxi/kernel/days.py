"""Days of the company: moments are kept in UTC, days are counted in the company's time zone."""

from calendar import monthrange
from datetime import date, datetime, time

from django.utils import timezone

YEARS = range(1900, 2201)
"""Years that a business writes down; beyond them a time zone may lead out of the calendar."""


def is_of_our_time(day: date) -> bool:
    """Whether a day or a moment lies in a year that a business writes down."""
    return day.year in YEARS


def company_day(moment: datetime) -> date:
    """The day of a moment in the company's time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def start_of(day: date) -> datetime:
    """The moment at which a day of the company begins."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
