"""PostgreSQL's own programs for dumping and loading, called with the settings of a database."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken

DEBIAN_FOLDERS = "/usr/lib/postgresql"
LOCK_TIMEOUT = "-c lock_timeout=15s"
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def dump(database: Mapping[str, Any], target: Path) -> None:
    """Write a dump in PostgreSQL's custom format (pg_dump -Fc) to `target`."""
    _run(database, "pg_dump", "-Fc", "--no-owner", "--no-privileges", "--file", str(target))


def check_dump(source: Path) -> None:
    """Raise RuleBroken unless `source` is a dump that pg_restore can read."""
    _call({**os.environ}, "pg_restore", "--list", str(source))


def load(database: Mapping[str, Any], source: Path) -> None:
    """Replace what the database holds by the dump `source`, in one transaction."""
    with tempfile.TemporaryDirectory(prefix="guanxi-restore-") as folder:
        script = Path(folder) / "restore.sql"
        options = ["--no-owner", "--no-privileges", "--schema=public", "--file", str(script)]
        _call(_environment(database), "pg_restore", *options, str(source))
        options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}"]
        _run(database, "psql", *options, "--command", EMPTY, "--file", str(script))


def _run(database: Mapping[str, Any], program: str, *options: str) -> None:
    _call(_environment(database), program, *options, "--dbname", database["NAME"])


def _call(environment: dict[str, str], program: str, *options: str) -> None:
    """Run a program; RuleBroken with the first line of what it complained about when it fails."""
    done = subprocess.run([find(program), *options], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [str(done.returncode)])[0]
        raise RuleBroken(_("%(program)s failed: %(reason)s") % {"program": program, "reason": reason})


def find(program: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest that is installed."""
    newest_first = sorted(
        Path(DEBIAN_FOLDERS).glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    path = str(newest_first[0]) if newest_first else shutil.which(program)
    if path is None:
        text = _("%(program)s is not installed; install PostgreSQL's client programs.")
        raise RuleBroken(text % {"program": program})
    return path


def _environment(database: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that tell PostgreSQL's programs where to go; a password never stands in the arguments."""
    named = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or ""),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGSSLMODE": database["OPTIONS"].get("sslmode", ""),
        "PGOPTIONS": LOCK_TIMEOUT,
    }
    return {**os.environ, **{name: value for name, value in named.items() if value}}
