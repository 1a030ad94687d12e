"""The file of refused rows: nothing in it is a formula, and it reads back as it was."""

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.formulas import harmless
from guanxi.kernel.sheets import MARK
from guanxi.transfer.kinds.cells import text_of
from guanxi.transfer.models import Import, RefusedRow
from guanxi.transfer.refused import refused_lines
from tests import cast

SIGNS = "=+-@＝＋－＠﹢﹣"
BEFORE = ["", " ", "\u3000", "\xa0", "\ufeff", "\u200b", "\t", "\r", "\n", "\x00", "\x1f", " \ufeff\t"]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("sign", SIGNS)
def test_no_formula_hides_behind_blanks_marks_and_controls(before, sign):
    formula = f"{before}{sign}1+2"
    assert harmless(formula) == f"'{formula}"
    assert text_of(harmless(formula)) == formula


@pytest.mark.parametrize("number", ["-12", "+8613805712233", " -1,200.50", "－５", "-3%", "0571-86000000", "", "云栖"])
def test_numbers_and_plain_texts_stay_as_they_are(number):
    assert harmless(number) == number


@pytest.mark.parametrize("text", ["-", "+", "-1-2", "-1+cmd|' /C calc'!A0", "+1(2)", "--1", "-1,2", "@SUM(A1)"])
def test_what_is_nearly_a_number_is_none(text):
    assert harmless(text) == f"'{text}"


@given(st.text(st.sampled_from("=+-@＝－ \t\ufeff\u200b12.,%'a云"), max_size=8))
def test_whatever_a_cell_holds_it_begins_no_formula(text):
    bare = "".join(sign for sign in harmless(text) if not sign.isspace() and unicodedata.category(sign)[0] != "C")
    if bare and unicodedata.normalize("NFKC", bare[0]) in "=+-@":
        float(unicodedata.normalize("NFKC", bare).replace(",", "").removesuffix("%"))


@pytest.mark.django_db
def test_headings_cells_and_reasons_are_all_harmless():
    with cast.change() as change:
        found = change.create(Import, kind="customers", filename="a.csv", headings=[" =1+1", "电话"])
    RefusedRow.objects.create(of=found, number=2, cells=["\ufeff=1+3", "-5"], reason="=HYPERLINK(1)")
    head, row = csv.reader("".join(refused_lines(found)).removeprefix(MARK).splitlines())
    assert head[0] == "' =1+1"
    assert row == ["'\ufeff=1+3", "-5", "2", "'=HYPERLINK(1)"]
