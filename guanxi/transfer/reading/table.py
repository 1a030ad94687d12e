"""One reader for all kinds of files: rows come from a child process with limits, one after the other."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from guanxi.transfer.reading import limits
from guanxi.transfer.reading.faults import fault_of

ROOT = Path(__file__).resolve().parents[3]
GLANCES = threading.BoundedSemaphore(limits.GLANCES)


@dataclass(frozen=True)
class Row:
    """One row that holds anything: its number in the file, and its cells as the child gave them."""

    number: int
    cells: list[Any]


@dataclass
class Table:
    """An open file: what its head says, and its rows, once."""

    sheet: str
    encoding: str
    delimiter: str
    width: int
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path | str, *, seconds: float | None = None) -> Iterator[Table]:
    """Read a file; raises RuleBroken with one sentence if it cannot be read, also while the rows are taken.

    `seconds` limits the whole of it by the clock on the wall.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "guanxi.transfer.reading.child", os.fspath(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    late = threading.Event()
    timer = threading.Timer(seconds or 0, _end, (child, late))
    try:
        if seconds is not None:
            timer.start()
        lines = _lines(child, late, seconds)
        head = next(lines, None)
        if not isinstance(head, dict):
            raise fault_of({"fault": "broken"})
        yield Table(
            head.get("sheet", ""),
            head.get("encoding", ""),
            head.get("delimiter", ""),
            head["width"],
            (Row(number, cells) for number, cells in lines),
        )
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def read_first(path: Path | str, count: int) -> tuple[Table, list[Row]]:
    """The head of a file and its first rows."""
    with open_table(path) as table:
        return table, list(islice(table.rows, count))


def glance(path: Path | str, count: int, *, seconds: float = limits.GLANCE_SECONDS) -> list[Row]:
    """The first rows, for a page: raises RuleBroken if they take too long, or too many files are being read."""
    if not GLANCES.acquire(timeout=limits.PATIENCE):
        raise fault_of({"fault": "busy"})
    try:
        with open_table(path, seconds=seconds) as table:
            return list(islice(table.rows, count))
    finally:
        GLANCES.release()


def _end(child: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    child.kill()


def _lines(child: "subprocess.Popen[bytes]", late: threading.Event, seconds: float | None) -> Iterator[Any]:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:  # the child was stopped in the middle of a line
            break
        if isinstance(said, dict) and "fault" in said:
            raise fault_of(said)
        if isinstance(said, dict) and "end" in said:
            return
        yield said
    raise fault_of({"fault": "slow", "seconds": f"{seconds:g}"} if late.is_set() else {"fault": "broken"})
