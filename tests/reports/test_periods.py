"""Periods and what they are compared with, by their first and last days."""

from datetime import UTC, date, datetime

import pytest

from guanxi.reports.periods import Period, last_days, period_to

TODAY = date(2026, 11, 23)


def days(period):
    return (str(period.begins), str(period.ends))


@pytest.mark.parametrize(
    ("name", "today", "expected"),
    [
        ("month", TODAY, ("2026-11-01", "2026-11-23")),
        ("quarter", TODAY, ("2026-10-01", "2026-11-23")),
        ("year", TODAY, ("2026-01-01", "2026-11-23")),
        ("12-months", TODAY, ("2025-12-01", "2026-11-23")),
        ("month", date(2026, 1, 1), ("2026-01-01", "2026-01-01")),
        ("quarter", date(2026, 3, 31), ("2026-01-01", "2026-03-31")),
        ("12-months", date(2024, 2, 29), ("2023-03-01", "2024-02-29")),
    ],
)
def test_periods_run_to_today(name, today, expected):
    assert days(period_to(today, name)) == expected


@pytest.mark.parametrize(
    ("period", "year_before", "before"),
    [
        (period_to(TODAY, "month"), ("2025-11-01", "2025-11-23"), ("2026-10-01", "2026-10-23")),
        (period_to(TODAY, "quarter"), ("2025-10-01", "2025-11-23"), ("2026-07-01", "2026-08-23")),
        (period_to(TODAY, "year"), ("2025-01-01", "2025-11-23"), ("2025-01-01", "2025-11-23")),
        (period_to(date(2026, 3, 31), "month"), ("2025-03-01", "2025-03-31"), ("2026-02-01", "2026-02-28")),
        (period_to(date(2024, 2, 29), "month"), ("2023-02-01", "2023-02-28"), ("2024-01-01", "2024-01-31")),
        (period_to(date(2025, 2, 28), "month"), ("2024-02-01", "2024-02-29"), ("2025-01-01", "2025-01-31")),
        # whole months are compared with whole months
        (
            Period(date(2026, 4, 1), date(2026, 6, 30)),
            ("2025-04-01", "2025-06-30"),
            ("2026-01-01", "2026-03-31"),
        ),
        # other days with as many days just before
        (
            Period(date(2026, 11, 10), date(2026, 11, 12)),
            ("2025-11-10", "2025-11-12"),
            ("2026-11-07", "2026-11-09"),
        ),
    ],
)
def test_comparisons(period, year_before, before):
    assert days(period.year_before()) == year_before
    assert days(period.before()) == before


def test_its_months_lie_within_it():
    months = Period(date(2025, 12, 15), date(2026, 2, 3)).each_month()
    assert [days(one) for one in months] == [
        ("2025-12-15", "2025-12-31"),
        ("2026-01-01", "2026-01-31"),
        ("2026-02-01", "2026-02-03"),
    ]


@pytest.mark.parametrize(
    ("kind", "today", "now", "before"),
    [
        ("month", date(2026, 11, 23), (date(2026, 11, 1), date(2026, 11, 23)), (date(2026, 10, 1), date(2026, 10, 23))),
        ("month", date(2026, 1, 1), (date(2026, 1, 1), date(2026, 1, 1)), (date(2025, 12, 1), date(2025, 12, 1))),
        ("month", date(2026, 3, 31), (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        ("month", date(2026, 2, 28), (date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 1, 1), date(2026, 1, 31))),
        ("quarter", date(2026, 5, 31), (date(2026, 4, 1), date(2026, 5, 31)), (date(2026, 1, 1), date(2026, 2, 28))),
        ("quarter", date(2026, 12, 31), (date(2026, 10, 1), date(2026, 12, 31)), (date(2026, 7, 1), date(2026, 9, 30))),
        ("year", date(2028, 2, 29), (date(2028, 1, 1), date(2028, 2, 29)), (date(2027, 1, 1), date(2027, 2, 28))),
    ],
)
def test_a_period_so_far_and_the_same_days_of_the_one_before(kind, today, now, before):
    period = period_to(today, kind)
    assert (period.begins, period.ends) == now
    assert (period.before().begins, period.before().ends) == before


def test_days_begin_and_end_in_shanghai():
    first, last = Period(date(2026, 11, 1), date(2026, 11, 23)).moments
    assert first == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert last == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_today_is_the_last_of_so_many_days():
    assert last_days(90, date(2026, 11, 23)) == Period(date(2026, 8, 26), date(2026, 11, 23))


def test_a_list_is_narrowed_to_the_days():
    period = Period(date(2026, 11, 1), date(2026, 11, 23))
    assert period.params("paid_at") == {"paid_at.from": "2026-11-01", "paid_at.to": "2026-11-23"}
