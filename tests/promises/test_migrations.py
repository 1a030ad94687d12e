"""The migrations make exactly what the models say, on the database under test."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_migrations_match_the_models() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "guanxi", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings_test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.once
def test_departments_that_shared_a_name_at_the_top_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "guanxi.sqlite3"
    migrate(file, "access", "0003")
    with closing(sqlite3.connect(file)) as base, base:
        rows = [(name, 1, "2026-01-01", "2026-01-01", 0) for name in ("East", "east", "East (2)", "West")]
        into = "INSERT INTO access_department (name, version, created_at, updated_at, position) VALUES (?, ?, ?, ?, ?)"
        base.executemany(into, rows)
    migrate(file)
    with closing(sqlite3.connect(file)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM access_department ORDER BY id")]
    assert names == ["East", "east (3)", "East (2)", "West"]


def migrate(file: Path, *words: str) -> None:
    """Bring a database of its own to a migration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
    own = {"GUANXI_DATA": str(file.parent), "DATABASE_URL": f"sqlite:///{file}", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "guanxi", "migrate", *words], cwd=ROOT, env=kept | own, check=True)
