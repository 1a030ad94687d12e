"""Values read as a Chinese or an English reader expects them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone, translation

from guanxi.web.formats import ago, day, moment, money, price, short_money


@pytest.mark.parametrize(
    ("language", "amount", "whole", "short"),
    [
        ("zh-hans", "2864300", "¥2,864,300.00", "¥286.4 万"),
        ("zh-hans", "-2864300", "-¥2,864,300.00", "-¥286.4 万"),
        ("zh-hans", "320000000", "¥320,000,000.00", "¥3.2 亿"),
        ("zh-hans", "-5", "-¥5.00", "-¥5"),
        ("zh-hans", "0", "¥0.00", "¥0"),
        ("en", "2864300", "CN¥2,864,300.00", "¥2.86M"),
        ("en", "-2864300", "-CN¥2,864,300.00", "-¥2.86M"),
        ("en", "-5", "-CN¥5.00", "-¥5"),
    ],
)
def test_money(language, amount, whole, short):
    with translation.override(language):
        assert money(Decimal(amount)) == whole
        assert short_money(Decimal(amount)) == short


def test_no_amount_is_a_dash():
    assert (money(None), short_money(None)) == ("—", "—")


@pytest.mark.parametrize(
    ("stored", "said"),
    [("150.500000", "¥150.50"), ("7160", "¥7,160.00"), ("0.012500", "¥0.0125"), ("0", "¥0.00"), ("1E+3", "¥1,000.00")],
)
def test_a_price_is_said_to_the_cent_and_as_far_beyond_as_it_goes(stored, said):
    with translation.override("zh-hans"):
        assert price(Decimal(stored)) == said


AT = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
"""Half past two on New Year's Day in Shanghai, the afternoon before in New York."""


@pytest.mark.parametrize(
    ("zone", "shown", "told", "listed"),
    [
        ("Asia/Shanghai", "2027-01-01 02:30", "Today 02:30", "1 Jan"),
        ("America/New_York", "2026-12-31 13:30", "Yesterday 13:30", "31 Dec"),
        ("Pacific/Kiritimati", "2027-01-01 08:30", "Yesterday 08:30", "1 Jan"),
    ],
)
def test_moments_read_in_the_readers_zone(zone, shown, told, listed):
    now = AT + timedelta(hours=20)
    with timezone.override(zone), translation.override("en"), time_machine.travel(now, tick=False):
        assert (moment(AT), ago(AT, now)) == (shown, told)
        assert day(AT).startswith(listed)
