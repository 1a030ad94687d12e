"""Rows of an Excel workbook, whose parts are looked at before any of them is opened."""

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError  # nosec B405 - only the name of its exception

import openpyxl
from defusedxml.common import DefusedXmlException

from guanxi.transfer.reading import limits
from guanxi.transfer.reading.limits import HEAD_ROWS, LONGEST_CELL, MOST_COLUMNS, FileFault

SURE_DIGITS = 15
"""Excel keeps this many digits of a number; the others are zeros."""

WIDEST = 16_384
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
DAMAGE = (
    *(KeyError, ValueError, IndexError, TypeError, AttributeError, OverflowError, EOFError, OSError),
    *(ParseError, zipfile.BadZipFile, RuntimeError, NotImplementedError),
)
"""What openpyxl raises on a workbook that is none."""


def read(path: str) -> Iterator[Any]:
    """The head `{sheet, width}`, then `[row, cells]` for each row of the first sheet shown that holds anything."""
    try:
        check_parts(path)
        yield from _read(path)
    except DefusedXmlException:
        raise FileFault("dtd") from None
    except DAMAGE as error:
        raise FileFault("workbook", why=type(error).__name__) from None


def check_parts(path: str) -> None:
    """Refuse what unpacks to too much, holds macros or entities, or is no workbook, by its list of parts."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise FileFault("workbook", why="parts")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FileFault("macros")
        if len(parts) > limits.MOST_PARTS or sum(part.file_size for part in parts) > limits.LARGEST_UNPACKED:
            raise FileFault("bomb")
        for part in parts:
            _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    texts = part.filename.lower().endswith("sharedstrings.xml")
    if part.file_size > (limits.LARGEST_TEXTS if texts else limits.LARGEST_PART):
        raise FileFault("bomb")
    if part.file_size > limits.LARGE and part.file_size > limits.STEEPEST * max(part.compress_size, 1):
        raise FileFault("bomb")
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as file:
            start = file.read(2048).replace(b"\0", b"")
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise FileFault("dtd")


def _read(path: str) -> Iterator[Any]:
    with open(path, "rb") as file, warnings.catch_warnings():  # by name, openpyxl would refuse other endings
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise FileFault("empty")
        sheet.reset_dimensions()  # what a file says of its own size may be wrong or missing
        width = _width(sheet)
        yield {"sheet": sheet.title, "width": width}
        # One more column than the headings have shows rows that are longer than they.
        for number, values in _filled_rows(sheet.iter_rows(values_only=True, max_col=width + 1)):
            cells = [_cell(value, number) for value in values]
            if any(cell != "" for cell in cells):
                yield [number, cells]


def _filled_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows that hold anything, with their numbers; openpyxl makes up each empty row that the file skips."""
    last = 0
    for number, values in enumerate(rows, start=1):
        if number > limits.LAST_ROW:
            raise FileFault("rows", most=limits.LAST_ROW)
        if values.count(None) == len(values) or not _filled(values):
            continue  # to the end: programs write a last row that is empty
        if last and number - last > limits.MOST_EMPTY_ROWS + 1:
            raise FileFault("gap", line=number, most=limits.MOST_EMPTY_ROWS)
        last = number
        yield number, values


def _width(sheet: Any) -> int:
    head = [_filled(row) for row in islice(sheet.iter_rows(values_only=True, max_col=WIDEST), 0, HEAD_ROWS * 5)]
    rows = [width for width in head if width][:HEAD_ROWS]
    if not rows:
        raise FileFault("empty")
    if max(rows) > MOST_COLUMNS:
        raise FileFault("columns", columns=max(rows), most=MOST_COLUMNS)
    return max(rows)


def _filled(row: tuple[Any, ...]) -> int:
    return max((place for place, value in enumerate(row, start=1) if value not in (None, "")), default=0)


def _cell(value: Any, row: int) -> Any:
    """A cell as text; `{"long": …}` for a number of more digits than Excel keeps, `{"error": …}` for its errors."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value, row)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else _text(str(value), row)


def _text(value: str, row: int) -> Any:
    if len(value) > LONGEST_CELL:
        raise FileFault("cell", line=row)
    if value in ERRORS:
        return {"error": value}
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def _number(value: float) -> Any:
    text = f"{Decimal(repr(value)):f}" if abs(value) < 1e30 else repr(value)
    text = text.removesuffix(".0")
    digits = text.lstrip("-").partition(".")[0]
    return {"long": text} if len(digits) > SURE_DIGITS else text
