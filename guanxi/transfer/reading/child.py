"""The process that reads a file: `python -m guanxi.transfer.reading.child FILE`.

It takes limits on memory and processor time before it opens the file, never touches the database, and writes
JSON, one line each: a head, `[row number, [cells]]` for each row that holds anything, and `{"end": true}`;
or, at any point, `{"fault": code, …}`. It stops quietly when nobody reads any more.
"""

import codecs
import json
import os
import resource
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from guanxi.transfer.reading.limits import CPU_SECONDS, MEMORY, FileFault

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"SQLite f")
"""Documents, pictures and archives that people take for tables: some of them would read as text."""

WEB = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")
GLANCE = 1024


def main(path: str) -> None:
    """Write what the file holds, or its fault."""
    _limit()
    try:
        for line in read(path):
            _say(line)
        _say({"end": True})
    except FileFault as fault:
        _say({"fault": fault.code, **fault.details})
    except FileNotFoundError:
        _say({"fault": "gone"})
    except MemoryError:
        _say({"fault": "memory"})
    except BrokenPipeError:
        os._exit(0)


def read(path: str) -> Iterator[Any]:
    """The head and the rows of a file, by what its first bytes say, whatever its name."""
    with open(path, "rb") as file:
        start = file.read(GLANCE)
    if not start:
        raise FileFault("empty")
    if start.startswith(OLD_EXCEL[:4]):
        raise FileFault("encrypted" if _is_encrypted(path) else "xls")
    if start.startswith(NO_TABLES):
        raise FileFault("binary")
    if start.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(WEB):
        raise FileFault("web")
    # Only the library that this file needs: a process starts for each look at a file.
    reader = import_module(f"guanxi.transfer.reading.{'workbook' if start.startswith(ZIP) else 'csv_rows'}")
    rows: Iterator[Any] = reader.read(path)
    return rows


def _is_encrypted(path: str) -> bool:
    with open(path, "rb") as file:
        return ENCRYPTED in file.read(1 << 20)


def _limit() -> None:
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (limit, limit))


def _say(line: Any) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)
