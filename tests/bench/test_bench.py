"""The machinery of the benchmarks, on a tiny company: what it measures is not judged here."""

import sqlite3
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import databases
from bench.databases import Company
from bench.measures import Figures, Timing, floor_template
from bench.report import as_markdown, as_text, lines_of, write_section

SIZE = 40


def figures(floor: float, mine: float, grown: float = 10.0) -> Figures:
    times = {
        ("floor", "", 10): Timing([floor], [floor]),
        ("list", "all", 10): Timing([10.0], [mine]),
        ("list", "all", 100): Timing([grown], [mine]),
        ("list", "reports", 10): Timing([10.0], [mine]),
        ("list", "reports", 100): Timing([10.0], [mine]),
    }
    return Figures("postgresql", [10, 100], times, seconds_to_start=1.0, memory=100.0)


@pytest.mark.sqlite
def test_a_run_measures_every_page_and_the_floor(tmp_path: Path, monkeypatch):
    company = Company(SIZE, "sqlite", tmp_path)
    found = bench.measure_kind([company], rounds=1, requests=2)
    assert {page for page, _person, _size in found.timings} >= {"floor", "list", "record", "create", "home"}
    asked = {key: len(timing.answers) for key, timing in found.timings.items()}
    assert asked.pop(("floor", "", SIZE)) == 4, "beside the list of each person"
    assert {*asked.values()} == {2}
    assert all(timing.processor >= 0 for timing in found.timings.values())
    assert found.memory > 0 < found.seconds_to_start
    assert abs(found.bytes_of["floor"] / found.bytes_of["list"] - 1) < 0.05, "the floor shows another page"
    made = (company.folder / "made").stat().st_mtime_ns
    company.make()
    assert (company.folder / "made").stat().st_mtime_ns == made, "a company is used again"
    monkeypatch.setattr(databases, "LOADED", SIZE)
    assert_three_times(company, Company(3 * SIZE, "sqlite", tmp_path))


def assert_three_times(small: Company, large: Company) -> None:
    """A larger company is made by whole copies of a smaller one."""
    large.make()
    before, after = (sqlite3.connect(one.folder / "guanxi.sqlite3") for one in (small, large))
    for table in ("customers_customer", "customers_orderline", "customers_goodsmonth", "service_serviceround"):
        count = f"SELECT count(*) FROM {table}"
        assert after.execute(count).fetchone()[0] == 3 * before.execute(count).fetchone()[0] > 0
    assert after.execute("PRAGMA foreign_key_check").fetchall() == []
    newest = "SELECT o.number, c.number FROM customers_order o JOIN customers_customer c ON c.id = o.customer_id ORDER BY o.id DESC"
    order, customer = after.execute(newest).fetchone()
    assert "~" in order and "~" in customer, "the copies hang on copies"


def test_a_promise_is_kept_or_short():
    kept = {line.promise: line.kept for line in lines_of(figures(floor=2.0, mine=8.0))}
    short = {line.promise: line.kept for line in lines_of(figures(floor=2.0, mine=8.1, grown=13.1))}
    assert all(kept.values())
    assert [promise for promise in short if not short[promise]] == [
        "list, server CPU, sees everything: ≤ 4 × floor",
        "list, server CPU, sees own and reports: ≤ 4 × floor",
        "list, sees everything: ≤ 1.3 × from 10 to 100",
    ]


def test_the_table_takes_the_place_of_its_last_results_only(tmp_path: Path):
    document = tmp_path / "performance.md"
    document.write_text("# Performance\n\n## Import\n\nfast\n\n## Pages\n\nold\n\n## Export\n\nlight\n")
    text = as_markdown(list(lines_of(figures(2.0, 8.0))), "Measured here.")
    write_section(text, document)
    write_section(text, document)
    written = document.read_text()
    assert written.count("## Pages") == written.count("## Import") == written.count("## Export") == 1
    assert "old" not in written
    assert "fast" in written
    assert "light" in written


def test_the_printed_table_stands_in_columns():
    lines = as_text(list(lines_of(figures(2.0, 8.0)))).splitlines()
    assert len({line.index("PostgreSQL") for line in lines[1:]}) == 1


def test_the_floor_keeps_the_frame_and_loops_over_its_own_rows():
    page = '<p>{{ 1 }}</p><tbody>\n<tr id="row-1"><use href="/static/sprite.1.svg#edit"/></tr></tbody><p>end</p>'
    template = floor_template(page)
    assert template.startswith("{% raw %}<p>{{ 1 }}</p>{% endraw %}")
    assert "{% for row in rows %}" in template
    assert "/static/sprite.1.svg#edit" in template
