"""The made-up company works on working days only, in working hours."""

from datetime import date, timedelta
from random import Random

from guanxi.demo.days import (
    at_work,
    work_after,
    working_day,
    working_day_before,
    works,
    years_before,
)
from guanxi.kernel.days import company_day, start_of

MONDAY = date(2026, 11, 23)


def test_weekends_and_fixed_holidays_are_free():
    assert works(MONDAY)
    assert not works(MONDAY + timedelta(days=5))
    assert not works(date(2026, 10, 1))
    assert working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    assert working_day_before(MONDAY) == date(2026, 11, 20)


def test_moments_lie_in_working_hours():
    rng = Random(1)
    for _ in range(200):
        moment = at_work(MONDAY, rng)
        assert start_of(MONDAY) + timedelta(hours=9) <= moment < start_of(MONDAY) + timedelta(hours=18)
        later = work_after(moment, 3, rng)
        assert company_day(later) == date(2026, 11, 26)
        assert timedelta(0) < work_after(moment, 0, rng) - moment < timedelta(hours=1)


def test_three_years_ago_is_a_first_of_a_month():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 1)
