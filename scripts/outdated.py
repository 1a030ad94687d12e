"""Say which packages are behind or known to be unsafe, and plainly what could not be looked up. Never fails.

Asks whatever indexes pip and npm are configured for; their addresses are not printed.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30
"""Seconds for each question."""
NAMED = 12
"""Packages that a line names; the count says how many there are."""
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def main() -> int:
    """One line for each question."""
    for asked, answer in (
        ("Python packages that are behind", python_behind),
        ("npm packages that are behind", npm_behind),
        ("Python packages known to be unsafe", python_unsafe),
        ("npm packages known to be unsafe", npm_unsafe),
    ):
        print(f"  {asked}: {answer()}")
    return 0


def python_behind() -> str:
    """Those of the environment, by the configured index."""
    rows = told(sys.executable, "-m", "uv", "pip", "list", "--outdated", "--format=json", f"--python={sys.executable}")
    if not isinstance(rows, list):
        return not_asked("the package index did not answer")
    return listed(f"{row['name']} {row['version']} → {row['latest_version']}" for row in rows)


def npm_behind() -> str:
    """Those of the lock, by the configured registry."""
    rows = told("npm", "outdated", "--json", fails=1)
    if not isinstance(rows, dict) or "error" in rows:
        return not_asked("the npm registry did not answer")
    return listed(f"{name} {row.get('current', '–')} → {row['latest']}" for name, row in rows.items())


def python_unsafe() -> str:
    """Those of the locks that a database of vulnerabilities names; what it was not asked for counts as not looked up."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--disable-pip"]
    found = [told(*command, "--require-hashes", "--timeout=5", "--requirement", lock, fails=1) for lock in LOCKS]
    if not all(isinstance(one, dict) for one in found):
        return not_asked("the database of vulnerabilities did not answer")
    rows = {row["name"]: row for one in found for row in one["dependencies"]}
    skipped = sum(1 for row in rows.values() if "skip_reason" in row)
    if skipped == len(rows):
        return not_asked(f"the database of vulnerabilities knows none of the {len(rows)} packages from here")
    unsafe = [
        f"{name} ({', '.join(one['id'] for one in row['vulns'])})" for name, row in rows.items() if row.get("vulns")
    ]
    return listed(unsafe) + (f"; {not_asked(f'{skipped} of {len(rows)}')}" if skipped else "")


def npm_unsafe() -> str:
    """Those of the lock that npm's own database names."""
    found = told("npm", "audit", "--json", "--package-lock-only", fails=1)
    if not isinstance(found, dict) or "vulnerabilities" not in found:
        return not_asked("the npm registry has no database of vulnerabilities or did not answer")
    return listed(f"{name} ({row['severity']})" for name, row in found["vulnerabilities"].items())


def told(*command: str, fails: int = 0) -> Any:
    """What a program says as JSON; None if it cannot be asked. `fails` is how it ends when it found something."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return json.loads(done.stdout or "{}") if done.returncode in {0, fails} else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def not_asked(why: str) -> str:
    """That this question is open."""
    return f"COULD NOT LOOK UP ({why})"


def listed(names: Iterable[str]) -> str:
    """The first ones by name, and how many there are."""
    found = sorted(names)
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{len(found)}: {', '.join(found[:NAMED])}{more}" if found else "none"


if __name__ == "__main__":
    sys.exit(main())
