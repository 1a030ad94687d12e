"""Files as people bring them, made in tests."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

HEAD = ["客户名称", "电话", "地区"]


def csv_file(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: Sequence[Sequence[Any]], *, epoch: Any = None) -> Path:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def changed(source: Path, target: Path, change: Any) -> Path:
    """A copy of a zip archive; `change(name, content)` gives each part's new content, or None to leave it out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def with_part(source: Path, target: Path, name: str, content: bytes) -> Path:
    changed(source, target, lambda _name, old: old)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target


def sheet_of(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)
