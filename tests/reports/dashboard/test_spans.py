"""Spans of days at their borders."""

from datetime import UTC, date, datetime

import pytest

from guanxi.reports.dashboard.spans import Span, last_days, one_before, read_kind, so_far


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
    assert so_far(kind, today) == Span(*now)
    assert one_before(kind, today) == Span(*before)


def test_days_begin_and_end_in_shanghai():
    first, last = Span(date(2026, 11, 1), date(2026, 11, 23)).moments
    assert first == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert last == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_today_is_the_last_of_so_many_days():
    assert last_days(90, date(2026, 11, 23)) == Span(date(2026, 8, 26), date(2026, 11, 23))


def test_what_is_no_period_counts_as_a_month():
    assert [read_kind(text) for text in ("year", "", "decade", "__class__")] == ["year", "month", "month", "month"]


def test_a_list_is_narrowed_to_the_days():
    span = Span(date(2026, 11, 1), date(2026, 11, 23))
    assert span.params("paid_at") == {"paid_at.from": "2026-11-01", "paid_at.to": "2026-11-23"}
