"""The table of defences is true: `make defects` finds what it takes out, and the tests that must miss it.

The run itself is long: here stands what can be said at once.
"""

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.promises.defences import ALL, Defence

ROOT = Path(__file__).resolve().parent.parent.parent
SECURITY = ROOT / "docs" / "security.md"
FEWEST = 40
ROW = re.compile(
    r"^\| (?P<name>[^|`]+) \| `(?P<path>guanxi/[^`]+)` \| (?P<tests>(?:`tests/[^`]+`(?:, )?)+) \|$", re.MULTILINE
)


@functools.cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file, those of its classes as `Class::test`, and the file itself."""
    found = {path}
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(f"{path}::{node.name}")
        elif isinstance(node, ast.ClassDef):
            inner = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
            found |= {f"{path}::{node.name}", *(f"{path}::{node.name}::{name}" for name in inner)}
    return frozenset(found)


def test_there_is_one_for_each_kind_of_attack():
    assert len(ALL) >= FEWEST
    assert len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_what_is_taken_out_stands_in_the_source_once(one: Defence):
    for cut in one.cuts:
        assert (ROOT / cut.path).read_text("utf-8").count(cut.old) == 1, cut
        assert cut.old != cut.new
        if cut.path.endswith(".py"):
            ast.parse((ROOT / cut.path).read_text("utf-8").replace(cut.old, cut.new))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_tests_that_must_miss_it_exist(one: Defence):
    assert one.tests
    for test in one.tests:
        assert test in names_in(test.partition("::")[0]), test


def test_the_list_for_people_is_this_one():
    rows = [(found["name"], found["path"], found["tests"]) for found in ROW.finditer(SECURITY.read_text("utf-8"))]
    assert rows == [(one.name, one.cuts[0].path, ", ".join(f"`{test}`" for test in one.tests)) for one in ALL]


def test_a_text_that_is_gone_is_said_and_counts_as_missed(tmp_path):
    script = (
        "import sys; sys.argv = ['defects.py']; sys.path[:0] = ['scripts', '.']\n"
        "import defects, queue, pathlib\n"
        "from tests.promises.defences import Cut, Defence\n"
        "places = queue.SimpleQueue(); places.put(pathlib.Path('.').resolve())\n"
        "gone = Defence('gone', (Cut('guanxi/__main__.py', 'no such text', ''),), ('tests/test_suite.py',))\n"
        "sys.exit(defects.plant(gone, places))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("MISSED")
    assert "guanxi/__main__.py holds this 0 times, not once" in done.stdout
