"""The working calendar of the made-up company."""

from datetime import date

import pytest

from guanxi.demo.holidays import special_days


@pytest.mark.parametrize("year", range(2024, 2038))
def test_holidays_fall_on_weekdays_and_what_is_worked_for_them_on_weekends(year):
    days = special_days(year)
    assert all((day.weekday() >= 5) == works for day, (works, _name) in days.items())
    assert {(day.month, day.day) for day in days} & {(10, 1), (10, 2), (10, 3)}
    assert any(works for works, _name in days.values())


def test_the_feasts_of_the_moon_are_where_they_are_in_their_year():
    days = special_days(2026)
    assert days[date(2026, 2, 17)] == (False, "春节")
    assert days[date(2026, 6, 19)] == (False, "端午节")
    assert days[date(2026, 9, 25)] == (False, "中秋节")
    assert days[date(2026, 2, 28)] == (True, "春节调休")
    assert not any(name == "春节" for _works, name in special_days(2050).values())
