"""Plant one defect after the other in a copy of the sources, and say whether a test misses the defence.

`defects.py` runs all; `defects.py WORD …` those whose name or file holds a word. Ends with 1 unless all are caught.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.promises.defences import ALL, Defence  # noqa: E402 - found from the root

COPIES = 2
"""How many defects are planted at once."""
PATIENCE = 240
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".cache", "node_modules", "build", "data", ".*_cache", ".hypothesis")
FAILED = 1
"""What pytest ends with when tests ran and some failed; other ends mean that nothing was tried."""


def main(words: list[str]) -> int:
    """Plant what was asked for."""
    asked = [one for one in ALL if not words or any(word in one.name + one.cuts[0].path for word in words)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guanxi-defects-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(COPIES):
            copies.put(copy(Path(folder) / str(number)))
        if not stands(copies, asked):
            return 2
        with ThreadPoolExecutor(COPIES) as pool:
            caught = sum(pool.map(lambda one: plant(one, copies), asked))
    print(f"{len(asked)} defects planted, {caught} caught ({time.monotonic() - began:.0f} s)")
    return 0 if caught == len(asked) else 1


def copy(target: Path) -> Path:
    """A copy of the sources, their compiled files and their times."""
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    return target


def stands(copies: "SimpleQueue[Path]", asked: list[Defence]) -> bool:
    """Whether all the tests pass while every defence stands; says why not otherwise."""
    tests = sorted({test for one in asked for test in one.tests})
    halves = [tests[number::COPIES] for number in range(COPIES)]
    with ThreadPoolExecutor(COPIES) as pool:
        runs = list(pool.map(lambda half: run(copies, half, compiling=True) if half else None, halves))
    broken = [one for one in runs if one is not None and one.returncode]
    for one in broken:
        print(f"Tests fail although nothing is taken out:\n{one.stdout[-4000:]}{one.stderr[-2000:]}")
    return not broken


def run(
    copies: "SimpleQueue[Path]", tests: list[str], *, compiling: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run tests in a copy that nobody uses now."""
    place = copies.get()
    try:
        return _pytest(place, tests, compiling=compiling)
    finally:
        copies.put(place)


def _pytest(place: Path, tests: list[str], *, compiling: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run tests in a copy; what is compiled while a defect stands is not kept."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
    environment |= {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "" if compiling else "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "--no-header", *tests]
    return subprocess.run(
        command,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * (4 if compiling else 1),
    )


def plant(one: Defence, copies: "SimpleQueue[Path]") -> bool:
    """Take a defence out, run its tests, put it back; says in one line whether it was missed."""
    place, began = copies.get(), time.monotonic()
    kept = {place / cut.path: (place / cut.path).read_bytes() for cut in one.cuts}
    try:
        for path, text in taken_out(one, place):
            path.write_text(text, "utf-8")
        done = _pytest(place, list(one.tests))
        caught, said = done.returncode == FAILED, done.stdout
    except (ValueError, subprocess.TimeoutExpired) as fault:
        caught, said = False, str(fault)
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
        copies.put(place)
    print(f"{'caught' if caught else 'MISSED'}  {time.monotonic() - began:4.0f} s  {one.name}", flush=True)
    if not caught:
        print("\n".join(said.splitlines()[-12:]), flush=True)
    return caught


def taken_out(one: Defence, place: Path) -> Iterator[tuple[Path, str]]:
    """The files without the defence, one after the other; raises ValueError if its text is not there once."""
    for cut in one.cuts:
        path = place / cut.path
        text = path.read_text("utf-8")
        if text.count(cut.old) != 1:
            raise ValueError(f"{cut.path} holds this {text.count(cut.old)} times, not once:\n{cut.old}")
        yield path, text.replace(cut.old, cut.new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
