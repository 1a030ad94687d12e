"""Keep the translations: `messages.py update | compile | check | fill FILE …`. Babel does it all; gettext is not needed.

`update` collects the English sentences of the sources into the Chinese catalogue, `compile` makes the .mo file that
Django reads, `check` fails on a sentence without Chinese or with half-width marks in it, `fill` takes lines of English, tab, Chinese. English has no
catalogue: it is the source.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "guanxi"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {
    "**/templates/**.*": {
        "trimmed": "true",
        "newstyle_gettext": "true",
        "silent": "false",
        "encoding": "utf-8",
        "extensions": "guanxi.web.kept.Kept",
    }
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
FILLED = re.compile(r"%\(\w+\)[-+ #0]*[\d.]*[a-zA-Z]|\{\w*\}")
HAN = r"[\u3400-\u9fff\u3001-\u301f“”‘’（），：；！？]"
HALF_WIDTH = re.compile(rf"{HAN} ?[,;:!?()]|[,;:!?()] ?{HAN}")
"""A mark of English next to Chinese; one inside a command or an address stands between other letters."""


def extract(folder: Path = PACKAGE) -> Catalog:
    """Collect every translatable sentence of the sources, in the order of their files."""
    catalogue = Catalog(fuzzy=False)
    options = {f"**/templates/**.{ending}": OPTIONS["**/templates/**.*"] for ending in ("html", "txt")}
    found = extract_from_dir(folder, METHODS, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, None, [(f"guanxi/{file}", None)], auto_comments=comments, context=context)
    return catalogue


def load(path: Path = CATALOGUE) -> Catalog:
    """Read the catalogue; an absent one is empty."""
    if not path.exists():
        return Catalog(locale="zh_Hans", domain="django", project="Guanxi", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def render(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file without dates, so that only sentences make differences."""
    plurals = catalogue.plural_forms
    catalogue.header_comment = "# The Chinese of Guanxi. `make messages` collects new sentences."
    buffer = io.BytesIO()
    write_po(
        buffer, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True, omit_header=True
    )
    headers = {
        "Project-Id-Version": "Guanxi",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"{plurals};".replace(";;", ";"),
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in headers.items())
    return f'{catalogue.header_comment}\nmsgid ""\nmsgstr ""\n{lines}\n'.encode() + buffer.getvalue()


def update() -> Catalog:
    """Return the catalogue with exactly the sentences of the sources and the Chinese that is known."""
    catalogue = load()
    catalogue.update(extract(), no_fuzzy_matching=True)
    return catalogue


def faults(catalogue: Catalog) -> Iterator[str]:
    """Name each sentence whose Chinese is missing, uncertain or has other placeholders."""
    for message in catalogue:
        if not message.id:
            continue
        if not is_translated(message):
            yield f"no Chinese: {message.id!r}"
        elif message.fuzzy:
            yield f"uncertain: {message.id!r}"
        elif placeholders(message.id) != placeholders(message.string):
            yield f"other placeholders: {message.id!r} {message.string!r}"
        elif any(is_half_width(text) for text in texts_of(message)):
            yield f"half-width punctuation: {message.string!r}"


def spoken_faults(folder: Path = PACKAGE) -> Iterator[str]:
    """Name each Chinese sentence in the sources themselves (said before a language is chosen) with half-width marks."""
    for path in sorted(folder.rglob("*.py")):
        for text in literals(ast.parse(path.read_text("utf-8"))):
            if text.endswith("。") and is_half_width(text):
                yield f"half-width punctuation: {path.name}: {text!r}"


def literals(tree: ast.AST) -> Iterator[str]:
    """Return the text of each literal; what an f-string fills in stands as a Chinese character."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "字" for one in node.values)
        elif isinstance(node, ast.Constant):
            yield str(node.value)
        else:
            yield from literals(node)


def is_translated(message: Message) -> bool:
    """Say whether every form of a message has a text."""
    texts = texts_of(message)
    return bool(texts) and all(texts)


def texts_of(message: Message) -> list[str]:
    """Return the Chinese of a message: one text, or one for each plural form."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def is_half_width(text: str) -> bool:
    """Say whether a Chinese sentence has a half-width mark beside its characters; a placeholder counts as one."""
    return bool(re.search(r"[\u3400-\u9fff]", text) and HALF_WIDTH.search(FILLED.sub("字", text)))


def placeholders(text: object) -> set[str]:
    """Return the names between the braces or after the percent signs, of all plural forms together."""
    texts = text if isinstance(text, tuple | list) else [text]
    return {"".join(names) for one in texts for names in PLACEHOLDER.findall(str(one))}


def fill(catalogue: Catalog, lines: Iterator[str]) -> list[str]:
    """Take translations from lines of English, tab, Chinese; return the lines that fit no sentence."""
    strangers = []
    for line in lines:
        english, tab, chinese = line.rstrip("\n").partition("\t")
        if not tab or not chinese.strip():
            continue
        messages = [one for one in catalogue if one.id and english in (one.id if one.pluralizable else [one.id])]
        for message in messages:
            message.string = (chinese.strip(),) if message.pluralizable else chinese.strip()
        if not messages:
            strangers.append(line.rstrip("\n"))
    return strangers


def save(catalogue: Catalog) -> None:
    """Write the .po file."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(render(catalogue))


def compile_catalogue() -> None:
    """Write the .mo file beside the .po file."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, load())


def check() -> int:
    """Print what is wrong with the Chinese; return 1 when something is."""
    catalogue = update()
    found = [*faults(catalogue), *spoken_faults()]
    if not CATALOGUE.exists() or render(catalogue) != CATALOGUE.read_bytes():
        found.append("the catalogue is not up to date: run `make messages`")
    print("\n".join(found) or f"{len(catalogue)} sentences, all in Chinese")
    return 1 if found else 0


def main(command: str, files: list[str]) -> int:
    """Do one command."""
    if command == "check":
        return check()
    if command == "fill":
        catalogue = update()
        for file in files:
            for line in fill(catalogue, iter(Path(file).read_text("utf-8").splitlines())):
                print(f"{file}: no such sentence: {line}")
        save(catalogue)
    elif command == "update":
        save(update())
    elif command != "compile":
        print(__doc__)
        return 2
    compile_catalogue()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
