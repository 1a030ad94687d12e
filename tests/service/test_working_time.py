"""Working hours: borders of days and weeks, holidays, 调休, nights."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.service.working_time import WorkingClock, WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = WorkingTime()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        (at(23, 10), 4, at(23, 14)),
        (at(23, 9), 9, at(23, 18)),
        (at(23, 17), 2, at(24, 10)),
        (at(23, 20), 1, at(24, 10)),
        (at(23, 3), 1, at(23, 10)),
        (at(27, 17), 2, at(30, 10)),
        (at(28, 12), 1.5, at(30, 10, 30)),
    ],
)
def test_a_deadline_skips_nights_and_weekends(begin, hours, end):
    assert USUAL.after(begin, hours) == end


def test_a_holiday_is_skipped_and_a_worked_saturday_counts():
    adjusted = WorkingTime(calendar={date(2026, 11, 27): False, date(2026, 11, 28): True})
    assert adjusted.after(at(26, 17), 2) == at(28, 10)
    assert adjusted.between(at(26, 17), at(28, 10)) == timedelta(hours=2)


def test_a_day_of_24_hours_ends_at_midnight():
    always = WorkingTime(0, 24, {date(2026, 11, 28): True})
    assert always.after(at(27, 23), 2) == at(28, 1)


def test_days_are_those_of_the_company_whatever_the_zone_of_the_moment():
    assert USUAL.after(at(23, 10).astimezone(UTC), 1) == at(23, 11)


def test_a_calendar_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="no working days"):
        WorkingTime(9, 9).after(at(23, 10), 1)


@given(begin=st.integers(0, 60 * 24 * 13), minutes=st.integers(1, 60 * 60))
def test_what_passes_until_the_deadline_is_what_was_given(begin, minutes):
    start = at(16, 0) + timedelta(minutes=begin)
    assert USUAL.between(start, USUAL.after(start, minutes / 60)) == pytest.approx(
        timedelta(minutes=minutes), abs=timedelta(milliseconds=1)
    )


@given(begin=st.integers(0, 60 * 24 * 20), minutes=st.integers(0, 60 * 24 * 30))
def test_the_clock_for_many_moments_measures_the_same(begin, minutes):
    holidays = WorkingTime(calendar={date(2026, 11, 12): False, date(2026, 11, 14): True})
    first = at(1, 0) + timedelta(minutes=begin)
    last = first + timedelta(minutes=minutes)
    clock = WorkingClock(holidays, date(2026, 11, 1))
    assert clock.between(first, last) == holidays.between(first, last).total_seconds()
    assert clock.between(last, first) == 0
