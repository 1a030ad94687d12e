"""`python -m bench`: measure the promises of speed and print one table."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.databases import CACHE, POSTGRES, ROOT, Company
from bench.measures import Figures, measure
from bench.report import as_markdown, as_text, lines_of, note_on, write_section

KINDS = ["sqlite", "postgresql"]


def options(words: Sequence[str] | None) -> argparse.Namespace:
    """What to measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="customers, from few to many (%(default)s)")
    parser.add_argument("--database", choices=KINDS, help="one kind of database alone")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each page (%(default)s)")
    parser.add_argument("--requests", type=int, default=30, help="requests of a round (%(default)s)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the companies are kept (%(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> None:
    """Make the companies, measure, print."""
    chosen = options(words)
    sizes = sorted(int(size) for size in chosen.sizes.split(","))
    figures = [
        measure_kind([Company(size, kind, chosen.cache) for size in sizes], chosen.rounds, chosen.requests)
        for kind in kinds(chosen.database)
    ]
    lines = [line for one in figures for line in lines_of(one)]
    note = note_on(figures, at=datetime.now(UTC), rounds=chosen.rounds, requests=chosen.requests)
    print(f"\n{note}\n\n{as_text(lines)}")
    if chosen.write:
        write_section(as_markdown(lines, note))


def kinds(named: str | None) -> list[str]:
    """The kinds of databases to measure: PostgreSQL only where one is at hand."""
    if named:
        return [named]
    return [kind for kind in KINDS if kind == "sqlite" or os.environ.get(POSTGRES)]


def measure_kind(companies: Sequence[Company], rounds: int, requests: int) -> Figures:
    """Make the companies of one kind of database and measure them."""
    for company in companies:
        company.make()
    print(f"→ Measuring on {companies[0].kind}", flush=True)
    return measure(companies, [look_inside(company) for company in companies], rounds=rounds, requests=requests)


def look_inside(company: Company) -> dict[str, Any]:
    """Sessions and addresses of a company."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside"],
        env=company.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
