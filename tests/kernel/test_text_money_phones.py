"""Folding, amounts and phone numbers as people type them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.money import cents, line_amount, read_decimal, write_money
from guanxi.kernel.phones import normalise_phone, show_phone
from guanxi.kernel.text import fold, half_width, listed, read_id, tidy


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1200", "1200"),
        ("1,200.50", "1200.50"),
        ("¥ 1,200", "1200"),
        ("12万", "120000"),
        ("3.2亿", "320000000"),
        ("1.5 万元", "15000"),
        ("１２００", "1200"),
        ("-50", "-50"),
        (".5", "0.5"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, amount):
    assert read_decimal(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "abc", "12千万元x", "1e5", "--5", "1.2.3", "NaN", "∞", "12 34"])
def test_what_is_no_amount_is_none(typed):
    assert read_decimal(typed) is None


def test_a_line_is_rounded_half_up_to_the_cent():
    assert line_amount(Decimal("1"), Decimal("0.005"), Decimal(0)) == Decimal("0.01")
    assert line_amount(Decimal("3"), Decimal("0.335"), Decimal("0.005")) == Decimal("1.00")
    assert cents(Decimal("2.675")) == Decimal("2.68")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13805712233", "13805712233"),
        ("138 0571 2233", "13805712233"),
        ("138-0571-2233", "13805712233"),
        ("+86 13805712233", "13805712233"),
        ("１３８０５７１２２３３", "13805712233"),
        ("19905712233", "19905712233"),
        ("0571-86000000", "0571-86000000"),
        ("(0571) 8600 0000", "0571-86000000"),
        ("0571-86000000-123", "0571-86000000-123"),
        ("0571-86000000转123", "0571-86000000-123"),
        ("010-62345678", "010-62345678"),
        ("+1 415 555 2671", "+14155552671"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_phones_have_one_stored_form(typed, stored):
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize("typed", ["", "123", "abc", "1380571223", "138057122334", "+86", "000000000000"])
def test_what_is_no_phone_is_none(typed):
    assert normalise_phone(typed) is None


def test_a_mobile_reads_in_groups():
    assert show_phone("13805712233") == "138 0571 2233"
    assert show_phone("0571-86000000") == "0571-86000000"


def test_names_fold_width_case_and_blanks():
    assert fold(" ＡＢＣ 公司　") == fold("abc公司")
    assert tidy(" a  b　c ") == "a b c"
    assert half_width(" １２ａ ") == "12a"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)
    assert read_decimal(text) is None or isinstance(read_decimal(text), Decimal)
    number = normalise_phone(text)
    assert number is None or len(number) <= 40


@pytest.mark.parametrize("text", ["1" * 41, "1" * 1_000_000 + "x", "," * 200_000, "１" * 100_000])
def test_what_nobody_types_is_no_amount_and_costs_no_time(text):
    assert read_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1,", "1"), ("1.", "1"), (".5", "0.5"), ("1,234.50", "1234.5"), ("-2万", "-20000"), ("¥ 3亿元", "300000000")],
)
def test_amounts_with_and_without_parts_are_read(text, amount):
    assert read_decimal(text) == Decimal(amount)


@pytest.mark.parametrize("text", [",", ".", "", "+", "1.2.3", "万", "1e5"])
def test_what_is_no_number_is_none(text):
    assert read_decimal(text) is None


@pytest.mark.parametrize("typed", ["", "x", "-1", "²", "１", "1.0", "9" * 19, None, True, float("inf")])
def test_what_no_database_could_hold_is_no_id(typed):
    assert read_id(typed) is None


def test_an_id_is_read_from_text_or_a_number():
    assert (read_id("12"), read_id(12), read_id("0")) == (12, 12, 0)


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "甲、2"), ("en", "甲, 2")])
def test_a_list_is_marked_as_the_reader_is_used_to(language, text):
    with translation.override(language):
        assert listed(["甲", 2]) == text
        assert listed([]) == ""


def test_an_amount_is_written_with_its_minus_first():
    assert write_money(Decimal("1200.5")) == "¥1,200.50"
    assert write_money(Decimal("-3"), sign="CN¥") == "-CN¥3.00"
