"""The table: promise, figure, floor, ratio, pass or short; printed, and written into docs/performance.md."""

import os
import platform
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from bench.databases import ROOT
from bench.measures import Figures

DOCUMENT = ROOT / "docs" / "performance.md"
SECTION = "Pages"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PEOPLE = {"all": "sees everything", "reports": "sees own and reports", "": ""}
MOST_OVER_FLOOR = 5.0
MOST_TIMES_FLOOR = 4.0
MOST_GROWTH = 1.3
MOST_COUNTING = 300.0
COUNTING = ("report, ", "home, figures")
"""Pages that count rows, as many as there are: they keep within so many milliseconds."""
MOST_SECONDS = 3.0
MOST_MEMORY = 250.0
CLOCK = 1.0
"""Milliseconds within which two answers count as equal: less than what the machine's noise moves them."""


class Line(NamedTuple):
    """One promise with what was measured."""

    promise: str
    database: str
    figure: str
    compared: str
    ratio: str
    kept: bool

    @property
    def cells(self) -> list[str]:
        """As the table shows it."""
        return [*self[:-1], "pass" if self.kept else "short"]


HEAD = ["promise", "database", "figure", "compared with", "ratio", "result"]


def lines_of(figures: Figures) -> Iterator[Line]:
    """Every promise on one kind of database."""
    yield from _floor_lines(figures)
    yield from _counting_lines(figures)
    yield from _growth_lines(figures)
    title = TITLES[figures.kind]
    start, memory = figures.seconds_to_start, figures.memory
    yield Line("start to first answer ≤ 3 s, warm", title, f"{start:.1f} s", "", "", start <= MOST_SECONDS)
    yield Line("memory of all processes ≤ 250 MiB", title, f"{memory:.0f} MiB", "", "", memory <= MOST_MEMORY)


def _floor_lines(figures: Figures) -> Iterator[Line]:
    size = figures.sizes[0]
    floor = figures.timing("floor", "", size).processor
    for person in ("all", "reports"):
        mine = figures.timing("list", person, size).processor
        promise = f"list, server CPU, {PEOPLE[person]}"
        if figures.kind == "sqlite":
            promise, kept = f"{promise}: ≤ floor + 5 ms", mine <= floor + MOST_OVER_FLOOR
        else:
            promise, kept = f"{promise}: ≤ 4 × floor", mine <= MOST_TIMES_FLOOR * floor
        yield Line(
            promise, TITLES[figures.kind], f"{mine:.1f} ms", f"floor {floor:.1f} ms", f"{mine / floor:.1f}", kept
        )


def _counting_lines(figures: Figures) -> Iterator[Line]:
    """At each size: pages that count while one waits, and what a job counts, of which the time is told."""
    title, first = TITLES[figures.kind], figures.sizes[0]
    for (page, person, size), timing in figures.timings.items():
        if page.startswith(COUNTING):
            before = figures.timing(page, person, first).answer
            yield Line(
                f"{page}, {PEOPLE[person]}: ≤ {MOST_COUNTING:g} ms at {size:,}",
                title,
                f"{timing.answer:.1f} ms",
                f"{before:.1f} ms" if size != first else "",
                f"{timing.answer / before:.2f}" if size != first else "",
                timing.answer <= MOST_COUNTING,
            )
    for (name, size), seconds in figures.counted.items():
        yield Line(f"report, {name} by a job: its time at {size:,}", title, f"{seconds:.1f} s", "", "", kept=True)


def _growth_lines(figures: Figures) -> Iterator[Line]:
    """The largest company against the smallest one, by the time to the answer."""
    small, large = figures.sizes[0], figures.sizes[-1]
    if small == large:
        return
    for page, person in dict.fromkeys((page, person) for page, person, _size in figures.timings if person):
        if page.startswith(COUNTING):
            continue
        before, after = (figures.timing(page, person, size).answer for size in (small, large))
        yield Line(
            f"{page}, {PEOPLE[person]}: ≤ {MOST_GROWTH} × from {small:,} to {large:,}",
            TITLES[figures.kind],
            f"{after:.1f} ms",
            f"{before:.1f} ms",
            f"{after / before:.2f}",
            after <= max(before * MOST_GROWTH, before + CLOCK),
        )


def as_text(lines: Sequence[Line]) -> str:
    """Columns for a terminal."""
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def as_markdown(lines: Sequence[Line], note: str) -> str:
    """The section of docs/performance.md."""
    rows = [HEAD, ["---"] * len(HEAD), *(line.cells for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"## {SECTION}\n\n{note}\n\n{table}\n"


def note_on(all_figures: Sequence[Figures], *, at: datetime, rounds: int, requests: int) -> str:
    """Machine, versions and how it was measured, in a few lines."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "jinja2", "granian", "psycopg"))
    pages = all_figures[0].bytes_of
    return (
        f"`make bench`, {at:%Y-%m-%d}, {machine()}; Python {platform.python_version()}, {packages}.\n"
        f"Medians of {rounds} rounds of {requests} requests each, the servers asked in turn within a round; signed in,\n"
        f"row scope applied. The list page has {pages.get('list', 0):,} bytes, the floor's {pages.get('floor', 0):,}: "
        "its frame is sent as it is,\nits rows are read by the driver and rendered by Jinja2. "
        f"Differences under {CLOCK:g} ms count as none."
    )


def machine() -> str:
    """What it was measured on."""
    names = re.findall(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    return f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}"


def _read(path: str) -> str:
    place = Path(path)
    return place.read_text() if place.exists() else ""


def write_section(text: str, document: Path = DOCUMENT) -> None:
    """Put the section in the place of its last results; other sections stay."""
    old = document.read_text("utf-8") if document.exists() else "# Performance\n"
    parts = re.split(r"(?m)^(?=## )", old)
    kept = [part for part in parts if not part.startswith(f"## {SECTION}\n")]
    head, rest = kept[0].rstrip() + "\n\n", kept[1:]
    document.write_text("\n".join([head + text, *rest]).rstrip() + "\n", "utf-8")
