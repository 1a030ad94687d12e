"""Tables as files: typed rows written to CSV, line by line, or to an Excel workbook, with cells that are no formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guanxi.kernel.formulas import harmless
from guanxi.kernel.rules import RuleBroken

MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the country's old encoding."""
LONGEST_CELL = 32_767
"""Excel holds no longer text in one cell."""
EXACT_DIGITS = 15
"""Excel rounds numbers with more."""
MOST = {"xlsx": 100_000, "csv": 1_000_000}
"""How many rows a file of each format takes."""
FIRST_YEAR = 1900
"""Excel's calendar begins here."""
WIDTHS = {"text": 20, "money": 16, "number": 12, "percent": 10, "day": 12, "moment": 18}


@dataclass(frozen=True)
class Head:
    """A column of a file: its heading, and how its values read: text, money, number, percent, day or moment."""

    label: Any
    kind: str = "text"


def refuse_too_many(count: int, kind: str) -> None:
    """Raise RuleBroken if a file of this format does not take so many rows."""
    if count > MOST[kind]:
        said = {"most": f"{MOST[kind]:,}"}
        raise RuleBroken(
            _("A CSV file takes at most %(most)s rows: narrow the list first.") % said
            if kind == "csv"
            else _("An Excel file takes at most %(most)s rows: narrow the list first, or choose CSV.") % said
        )


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def csv_lines(heads: Sequence[Head], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table as CSV that Excel opens: the heading first, then a line for each row as it comes.

    In the language and the time zone of whoever asks now: a page has ended when its lines are read.
    """
    return _lines(heads, rows, translation.get_language() or "", timezone.get_current_timezone())


def _lines(heads: Sequence[Head], rows: Iterable[Sequence[Any]], language: str, zone: tzinfo) -> Iterator[str]:
    writer = csv.writer(Echo())
    with translation.override(language), timezone.override(zone):
        yield MARK + writer.writerow([harmless(head.label) for head in heads])
        for row in rows:
            yield writer.writerow([_as_text(value) for value in row])


def write_workbook(target: BinaryIO, heads: Sequence[Head], rows: Iterable[Sequence[Any]], *, title: Any) -> None:
    """The table as the one sheet of an Excel workbook, written row by row so that memory stays small."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "remove_timezone": True})
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True})
    formats = [book.add_format({"num_format": _PATTERNS.get(head.kind, "General")}) for head in heads]
    for place, head in enumerate(heads):
        sheet.set_column(place, place, WIDTHS.get(head.kind, WIDTHS["text"]))
        sheet.write_string(0, place, harmless(head.label), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, formats[place])
    book.close()


_PATTERNS = {"money": "#,##0.00", "percent": '0"%"', "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss"}


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """One cell as what it is; what Excel could not hold as such stays text."""
    if value is None or value == "":
        return
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date):
        sheet.write_string(row, column, harmless(value)[:LONGEST_CELL])
    elif isinstance(value, date) and value.year >= FIRST_YEAR:
        sheet.write_datetime(row, column, _local(value), style)
    elif isinstance(value, date) or _digits(value) > EXACT_DIGITS:
        sheet.write_string(row, column, _as_text(value))
    else:
        sheet.write_number(row, column, value, style)


def _as_text(value: Any) -> str:
    """A value as CSV says it: numbers plain, days and moments as ISO, in the reader's time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int | float) else harmless(value)


def _local(value: date) -> date:
    """A moment in the reader's time zone; a day as it is."""
    return timezone.make_naive(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _digits(value: int | float | Decimal) -> int:
    return len(str(abs(value)).replace(".", "").lstrip("0"))


def _sheet_name(title: Any) -> str:
    """A name that Excel takes: at most 31 characters, none of its signs."""
    return "".join(sign for sign in str(title) if sign not in "[]:*?/\\'")[:31] or "1"
