"""Files of typed rows: numbers stay numbers, days days, and no cell is a formula."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.formulas import begins_formula, harmless
from guanxi.kernel.sheets import LONGEST_CELL, MARK, Head, csv_lines, write_workbook
from guanxi.kernel.text import half_width

HEADS = [Head("客户名称"), Head("金额", "money"), Head("数量", "number"), Head("日期", "day"), Head("时间", "moment")]
AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def lines_of(rows, heads=HEADS):
    return list(csv.reader("".join(csv_lines(heads, rows)).removeprefix(MARK).splitlines()))


def sheet_of(rows, heads=HEADS, title="客户信息"):
    file = BytesIO()
    write_workbook(file, heads, rows, title=title)
    return openpyxl.load_workbook(BytesIO(file.getvalue())).active


def test_csv_says_numbers_plain_and_moments_in_the_companys_time():
    row = ["华东电子", Decimal("1200.50"), 3, date(2026, 11, 1), AT]
    assert lines_of([row]) == [
        ["客户名称", "金额", "数量", "日期", "时间"],
        ["华东电子", "1200.50", "3", "2026-11-01", "2026-11-23 10:30:00"],
    ]


def test_csv_begins_with_the_mark_that_excel_needs():
    assert next(csv_lines(HEADS, [])).startswith(MARK)


def test_a_workbook_keeps_the_types():
    sheet = sheet_of([["华东电子", Decimal("-1200.50"), 3, date(2026, 11, 1), AT]])
    name, amount, number, day, moment = sheet[2]
    assert (name.value, amount.value, number.value) == ("华东电子", -1200.5, 3)
    assert (day.value.date(), moment.value) == (date(2026, 11, 1), datetime(2026, 11, 23, 10, 30))
    assert amount.number_format == "#,##0.00"
    assert sheet.title == "客户信息"
    assert sheet.freeze_panes == "A2"


def test_what_excel_could_not_hold_stays_text():
    sheet = sheet_of([["甲" * 40_000, Decimal("12345678901234.567"), 10**17, date(1850, 1, 1), None]])
    name, amount, number, day, moment = (cell.value for cell in sheet[2])
    assert len(name) == LONGEST_CELL
    assert (amount, number, day) == ("12345678901234.567", str(10**17), "1850-01-01")
    assert moment is None


def test_a_title_with_signs_that_excel_refuses_still_names_the_sheet():
    assert sheet_of([], title="[a]:*?/\\'" + "客" * 40).title == "a" + "客" * 30


@pytest.mark.parametrize("text", ["=1+2", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\ufeff=1", " \t=1", "＝1"])
def test_no_cell_and_no_heading_is_a_formula(text):
    heads, rows = [Head(text)], [[text]]
    assert lines_of(rows, heads) == [[f"'{text}"], [f"'{text}"]]
    sheet = sheet_of(rows, heads)
    assert [row[0].data_type for row in sheet.iter_rows()] == ["s", "s"]
    assert all(row[0].value.startswith("'") for row in sheet.iter_rows())


@pytest.mark.parametrize("number", ["-5", "+8613805712233", "-1,200.50", "-3%"])
def test_numbers_are_left_alone(number):
    assert lines_of([[number]], [Head("a")])[1] == [number]


@given(st.text(max_size=20))
def test_nothing_begins_a_formula_but_numbers(text):
    safe = harmless(text)
    assert not begins_formula(safe) or half_width(safe)[1:2].isdigit()


def test_rows_are_taken_as_they_come():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield [number]

    lines = csv_lines([Head("a")], rows())
    next(lines)
    next(lines)
    assert taken == [0]
