"""The sources keep the house's rules."""

import ast
import functools
import re
import statistics
import tokenize
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.promises import exemptions, source_rules, template_rules

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "guanxi"
LONGEST_FILE = 400
ICON_NAMES = PACKAGE / "web" / "icons.txt"
SILENCED = re.compile(r"#\s*(?:type: ignore|noqa|nosec)\b")
SILENCED_WITH_REASON = re.compile(
    r"# (?:type: ignore\[[\w,-]+\]  # |noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*(?: -|,) |nosec (?:B\d+,? )+- )\w"
)


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def sources(*folders: str) -> list[Path]:
    return [
        path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*.html"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def exempt(path: str, reasons: Mapping[str, str]) -> str | None:
    return next((place for place in reasons if path == place or (place.endswith("/") and path.startswith(place))), None)


def report(found: Iterator[tuple[str, int, str]], reasons: Mapping[str, str]) -> list[str]:
    """Return the faults that no reason covers, and the reasons that cover nothing."""
    faults, used = [], set()
    for path, line, fault in found:
        place = exempt(path, reasons)
        used.add(place)
        if place is None:
            faults.append(f"{path}:{line}: {fault}")
    return faults + [f"{place}: nothing is exempt here any more" for place in reasons if place not in used]


def over(paths: list[Path], rule: source_rules.Rule) -> Iterator[tuple[str, int, str]]:
    for path in paths:
        for line, fault in rule(named(path), parsed(path)):
            yield named(path), line, fault


def over_templates(rule: Callable[[str], Iterator[tuple[int, str]]]) -> Iterator[tuple[str, int, str]]:
    for path in templates():
        for line, fault in rule(path.read_text("utf-8")):
            yield named(path), line, fault


def assert_kept(found: Iterator[tuple[str, int, str]], reasons: Mapping[str, str]) -> None:
    faults = report(found, reasons)
    assert not faults, "\n" + "\n".join(faults)


EVERYWHERE = [
    (source_rules.no_junk_drawers, {}),
    (source_rules.no_signals, exemptions.SIGNALS),
    (source_rules.no_imports_inside_functions, exemptions.LATE_IMPORTS),
    (source_rules.no_raw_sql, exemptions.RAW_SQL),
    (source_rules.no_unescaped_text, exemptions.UNESCAPED),
    (source_rules.no_way_out, {}),
    (source_rules.no_code_from_text, {}),
    (source_rules.no_request_data_in_queries, {}),
    (source_rules.short_functions, exemptions.LONG_FUNCTIONS),
]


@pytest.mark.parametrize(("rule", "reasons"), EVERYWHERE, ids=lambda value: getattr(value, "__name__", ""))
def test_the_package_keeps_a_rule(rule: source_rules.Rule, reasons: dict[str, str]) -> None:
    assert_kept(over(sources("guanxi"), rule), reasons)


def test_only_history_writes() -> None:
    links = frozenset().union(*(source_rules.many_to_many_names(parsed(path)) for path in sources("guanxi")))
    rule = functools.partial(source_rules.no_writes_outside_change_sets, links=links)
    assert_kept(over(sources("guanxi"), rule), exemptions.WRITES)


def test_pages_take_records_from_the_visible_rows() -> None:
    pages = [path for path in sources("guanxi") if path.stem in {"resources", "views"} or "pages" in path.parts]
    assert_kept(over(pages, source_rules.no_unscoped_reads), exemptions.UNSCOPED_READS)


def test_actions_are_plain() -> None:
    actions = [
        path
        for path in sources("guanxi")
        if path.stem == "actions" or path.parent.name == "actions"
        if "web" not in path.parts
    ]
    assert actions
    assert_kept(over(actions, source_rules.plain_actions), exemptions.ACTIONS)


def test_no_file_is_long() -> None:
    files = [*sources("guanxi", "scripts", "bench", "tests"), *templates()]
    lengths = ((named(path), len(path.read_text("utf-8").splitlines())) for path in files)
    long = ((path, 1, f"{length} lines") for path, length in lengths if length > LONGEST_FILE)
    assert_kept(long, exemptions.LONG_FILES)


def test_a_silenced_check_says_which_and_why() -> None:
    found = []
    for path in sources("guanxi", "scripts", "bench", "tests"):
        with tokenize.open(path) as file:
            said = [token for token in tokenize.generate_tokens(file.readline) if token.type == tokenize.COMMENT]
        silent = [one for one in said if SILENCED.search(one.string) and not SILENCED_WITH_REASON.search(one.string)]
        found += [f"{named(path)}:{one.start[0]}: {one.string}" for one in silent]
    assert found == []


def test_most_functions_are_short() -> None:
    lengths = [
        (function.end_lineno or 0) - function.lineno + 1
        for path in sources("guanxi")
        for function in source_rules.functions(parsed(path))
    ]
    assert statistics.median(lengths) < 10


def test_templates_obey_the_policy() -> None:
    assert_kept(over_templates(template_rules.obeys_the_policy), {})


def test_templates_escape_everything() -> None:
    assert_kept(over_templates(template_rules.escapes_everything), exemptions.UNESCAPED_TEMPLATES)


def test_html_in_python_obeys_the_policy() -> None:
    for path in sources("guanxi"):
        texts = [node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)]
        html = "\n".join(text for text in texts if isinstance(text, str) and "<" in text and ">" in text)
        assert list(template_rules.obeys_the_policy(html)) == [], named(path)


def test_every_icon_is_in_the_sprite() -> None:
    used = set().union(
        *(template_rules.icons_of(path.read_text("utf-8")) for path in [*templates(), *sources("guanxi")])
    )
    assert used <= set(ICON_NAMES.read_text("utf-8").split())


def test_the_layers_name_every_app() -> None:
    apps = {f"guanxi.{path.parent.name}" for path in PACKAGE.glob("*/models.py")}
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    assert [app for app in sorted(apps) if f'"{app}"' not in declared] == []


def test_the_locks_hold_no_address() -> None:
    for lock in sorted(ROOT.glob("requirements*.txt")):
        assert "://" not in lock.read_text("utf-8"), lock.name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")
