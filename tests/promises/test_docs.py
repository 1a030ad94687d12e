"""What the documents name exists, and what people must know is in the documents."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation import override

from guanxi.config.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "guanxi"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READERS = {"text", "words", "flag", "port", "count"}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"[\w<>*.-]+(/[\w<>*.-]+)*/?")
VARIABLE = re.compile(r"\b(?:GUANXI_[A-Z_]+|DATABASE_URL|PORT|XDG_[A-Z_]+)\b")


def text_of(page: Path) -> str:
    """A page without its comments, which readers do not see."""
    return re.sub(r"<!--.*?-->", "", page.read_text("utf-8"), flags=re.DOTALL)


def operations() -> str:
    return text_of(ROOT / "docs" / "operations.md")


def first_cells(page: str) -> list[str]:
    """The words in code type that begin the rows of a page's tables."""
    return re.findall(r"^\| `([^`]+)`", page, flags=re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text_of(page), flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def paths_named(page: Path) -> Iterator[str]:
    """What stands in code type and looks like a file or folder of the repository; `<app>` stands for any name."""
    folders = {entry.name for place in (ROOT, PACKAGE) for entry in place.iterdir() if entry.is_dir()}
    for word in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text_of(page)):
        if "/" in word and PATH.fullmatch(word) and word.split("/")[0] in folders:
            yield re.sub(r"<\w+>", "*", word)


def is_there(path: str) -> bool:
    places = (ROOT, PACKAGE, *PACKAGE.glob("*/templates"))
    return any(any(place.glob(path.rstrip("/"))) for place in places)


def variables_read() -> set[str]:
    """The environment variables that the settings read."""
    found = set()
    for path in (PACKAGE / "config").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                words = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
                found |= {str(word) for word in words if str(word).isupper()}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
class TestEveryPage:
    def test_every_link_leads_somewhere(self, page):
        targets = [target for target in LINK.findall(text_of(page)) if not re.match(r"[a-z]+:", target)]
        assert [target for target in targets if not (page.parent / target).exists()] == []

    def test_every_path_that_is_named_exists(self, page):
        assert [path for path in paths_named(page) if not is_there(path)] == []

    def test_every_target_of_make_exists(self, page):
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
        named = re.findall(r"`make ([a-z-]+)", text_of(page))
        assert [name for name in named if name not in targets] == []

    def test_python_in_it_is_python_and_what_it_quotes_is_true(self, page):
        for block in blocks(page, "python"):
            first, _newline, rest = block.partition("\n")
            quoted = re.fullmatch(r"# ((?:guanxi|tests)/\S+)", first)
            ast.parse(textwrap.dedent(rest if quoted else block))
            if quoted:
                source = {line.strip() for line in (ROOT / quoted[1]).read_text("utf-8").splitlines()}
                wanted = {line.strip() for line in rest.splitlines()}
                assert wanted - source - {"", "..."} == set(), quoted[1]


def test_every_variable_is_explained_and_nothing_else():
    table = {word for word in first_cells(operations()) if VARIABLE.fullmatch(word)}
    assert table == variables_read()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_variable_that_nothing_reads(page):
    sources = [ROOT / "Makefile", *ROOT.glob("tests/*.py"), *ROOT.glob("scripts/*.py"), *ROOT.glob("bench/*.py")]
    known = variables_read() | set(VARIABLE.findall("".join(path.read_text("utf-8") for path in sources)))
    assert set(VARIABLE.findall(text_of(page))) - known == set()


def test_every_command_is_explained_and_nothing_else():
    table = {word.split()[1] for word in first_cells(operations()) if word.startswith("guanxi ")}
    assert table == set(COMMANDS)


def test_the_glossary_names_every_model_as_the_screen_does():
    rows = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    for model in apps.get_models():
        with override("zh-hans"):
            chinese = str(model._meta.verbose_name)
        with override("en"):
            english = str(model._meta.verbose_name)
        if model.__module__.startswith("guanxi.") and chinese != english:
            start = f"| `{model.__name__}` | {chinese} | {english} |"
            assert any(row.startswith(start) for row in rows), start


def test_each_decision_has_a_number_of_its_own():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("page", ["security.md", "asvs.md"])
def test_every_test_that_is_named_as_a_proof_exists(page):
    named = re.findall(r"`(tests/[\w/]+\.py)((?:::\w+)*)`", (ROOT / "docs" / page).read_text("utf-8"))
    assert named
    for path, names in named:
        source = (ROOT / path).read_text("utf-8")
        outer, *inner = [name for name in names.split("::") if name] or [""]
        begins = re.search(rf"^(?:def|class) {outer}\b|^ +def {outer}\b", source, flags=re.MULTILINE)
        assert begins, (path, names)
        below = source[begins.end() :] if inner else ""
        body = re.split(r"^(?:class|def|@)", below, maxsplit=1, flags=re.MULTILINE)[0]
        assert all(re.search(rf"^    def {name}\b", body, flags=re.MULTILINE) for name in inner), (path, names)
