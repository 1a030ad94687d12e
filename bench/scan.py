"""`python -m bench.scan PURCHASES`: import a file of purchases, scan it for lost customers, and say what that took.

The purchases (see `scripts/cdnow.py`) are moved in time, so that the last one is yesterday. Then come a dry run, a scan,
a second scan, and, on a copy of the company before the first, two scans at once.
"""

import argparse
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = "SELECT count(*), count(DISTINCT customer_id) FROM retention_losscase WHERE state = 'open'"


@dataclass(frozen=True)
class Place:
    """A company on SQLite in a folder of its own."""

    folder: Path

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command of Guanxi on it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
        own = {"GUANXI_DATA": str(self.folder), "GUANXI_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "guanxi", *words]
        return subprocess.Popen(command, env={**kept, **own}, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> str:
        """Run a command of Guanxi on it to its end, and give back its last line."""
        return _end(self.begin(*words))

    def cases(self) -> tuple[int, int]:
        """How many cases are open, and of how many customers."""
        with sqlite3.connect(self.folder / "guanxi.sqlite3") as found:
            rows: tuple[int, int] = found.execute(CASES).fetchone()
            return rows


def main(purchases: Path, folder: Path) -> None:
    """Import, scan, print."""
    company, twin = Place(folder / "one"), Place(folder / "two")
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "cdnow.py", purchases, folder, "--last-purchase", "yesterday"], check=True
    )
    company.folder.mkdir()
    company.run("upgrade")
    for kind in ("customers", "orders"):
        began = time.monotonic()
        said = company.run("import", kind, str(folder / f"{kind}.csv"))
        print(f"import of {kind}: {said} ({time.monotonic() - began:.1f} s)")
    shutil.copytree(company.folder, twin.folder)
    for words in (["--dry-run"], [], []):
        print(" ".join(["scan", *words]), company.run("scan", *words), "· open cases, customers:", *company.cases())
    for said in [_end(one) for one in [twin.begin("scan"), twin.begin("scan")]]:
        print("two at once:", said)
    print("after two at once: open cases, customers:", *twin.cases())
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB")


def _end(process: "subprocess.Popen[str]") -> str:
    said, _none = process.communicate()
    if process.returncode:
        sys.exit(f"{process.args} ended with {process.returncode}")
    return (said.strip().splitlines() or [""])[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.scan", description=__doc__)
    parser.add_argument("purchases", type=Path)
    with tempfile.TemporaryDirectory() as folder:
        main(parser.parse_args().purchases, Path(folder))
