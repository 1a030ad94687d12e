"""Rows of a text file: encoding and delimiter found by looking, memory flat whatever its length."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, TextIO

from guanxi.transfer.reading.limits import HEAD_ROWS, LONGEST_CELL, MOST_COLUMNS, FileFault

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSES = ("utf-8", "gb18030")
DELIMITERS = ",;\t|"
CHUNK = 1 << 20
SAMPLE = 1 << 16


def read(path: str) -> Iterator[Any]:
    """The head `{encoding, delimiter, width}`, then `[line, cells]` for each row that holds anything."""
    encoding = find_encoding(path)
    with open(path, encoding=encoding, newline="") as file:
        delimiter = find_delimiter(file)
        file.seek(0)
        rows = _rows(file, delimiter)
        head = list(islice(rows, HEAD_ROWS))
        if not head:
            raise FileFault("empty")
        width = max(len(cells) for _line, cells in head)
        if width > MOST_COLUMNS:
            raise FileFault("columns", columns=width, most=MOST_COLUMNS)
        shown = "utf-8" if encoding == "utf-8-sig" else encoding
        yield {"encoding": shown, "delimiter": delimiter, "width": width}
        for line, cells in chain(head, rows):
            yield [line, cells[: MOST_COLUMNS + 1]]


def find_encoding(path: str) -> str:
    """By its mark, else the first that reads the whole file; raises FileFault if none does."""
    with open(path, "rb") as file:
        start = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return _proved(path, encoding)
    if b"\0" in start:
        return _proved(path, _unmarked_utf16(start))
    for encoding in GUESSES:
        if _reads(path, encoding):
            return encoding
    raise FileFault("encoding")


def _unmarked_utf16(start: bytes) -> str:
    """UTF-16 without a mark has a zero in nearly every second byte of Latin text and separators."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < 8 * min(even, odd) + 2:
        raise FileFault("binary")
    return "utf-16-le" if odd > even else "utf-16-be"


def _proved(path: str, encoding: str) -> str:
    if not _reads(path, encoding):
        raise FileFault("encoding")
    return encoding


def _reads(path: str, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                if "\0" in decoder.decode(chunk):
                    raise FileFault("binary")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(file: TextIO) -> str:
    """The sign that splits the first rows most often, outside quotation marks."""
    counts: Counter[str] = Counter()
    quoted = False
    for sign in file.read(SAMPLE):
        if sign == '"':
            quoted = not quoted
        elif sign in DELIMITERS and not quoted:
            counts[sign] += 1
    return max(DELIMITERS, key=lambda sign: (counts[sign], -DELIMITERS.index(sign)))


def _rows(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            code = "cell" if "field larger" in str(error) else "quotes"
            raise FileFault(code, line=line) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1
