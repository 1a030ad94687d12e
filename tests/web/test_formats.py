"""Values read as a Chinese or an English reader expects them."""

from decimal import Decimal

import pytest
from django.utils import translation

from guanxi.web.formats import money, short_money


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
