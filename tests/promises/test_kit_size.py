"""The kit stays small enough to read in an afternoon."""

import ast
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "guanxi" / "web"
MOST_LINES = 2_500
APART = {"styleguide.py", "migrations"}
"""Not part of the kit: the page of samples that shows it while debugging, and what is generated."""
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(source: str) -> set[int]:
    """The lines that hold code: neither empty, nor a comment, nor part of a docstring."""
    numbered = enumerate(source.splitlines(), start=1)
    written = {number for number, line in numbered if line.strip() and not line.lstrip().startswith("#")}
    return written - set(docstring_lines(ast.parse(source)))


def docstring_lines(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            yield from range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def test_lines_of_code_are_counted_without_words():
    assert code_lines(
        '"""Doc."""\n\n# why\nx = 1\n\n\ndef f():\n    """Doc.\n\n    More.\n    """\n    return 1\n'
    ) == {
        4,
        7,
        12,
    }


def test_the_kit_is_small():
    count = sum(
        len(code_lines(path.read_text(encoding="utf-8")))
        for path in WEB.rglob("*.py")
        if not APART.intersection(path.parts)
    )
    assert count <= MOST_LINES, f"guanxi/web has {count} lines of code"
