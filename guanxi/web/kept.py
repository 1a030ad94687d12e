"""Text that many pages share, rendered once: whole parts of a template, sentences, small macros."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from jinja2 import nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

PARTS = 1_000
"""For each place in a template: the longest parts, rows of a list, have about 2 KB."""
PIECES = 8_192
"""About 3 MB of the texts of tags, people, dates and amounts."""
PLAIN = frozenset({str, int, bool, Markup, type(None)})

Macro = Callable[..., str]


class Kept(Extension):
    """`{% kept lang, x %}…{% endkept %}`: a part that depends on nothing but the named values, rendered once for each.

    A value that is None, or can change, says that the part is this page's own.
    """

    tags = {"kept"}

    def parse(self, parser: Parser) -> nodes.Node:
        """The part as the body of a call."""
        line = next(parser.stream).lineno
        place = nodes.Const(f"{parser.name}:{line}")
        key = parser.parse_tuple()
        values = key if isinstance(key, nodes.Tuple) else nodes.Tuple([key], "load")
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_keep", [place, values]), [], [], body).set_lineno(line)

    def _keep(self, place: str, values: tuple[Any, ...], caller: Callable[[], str]) -> str:
        if self.environment.auto_reload or None in values:
            return caller()
        known = _parts[place]
        try:
            text = known.get(values)
        except TypeError:  # a value that can change, such as a list
            return caller()
        if text is None:
            if len(known) >= PARTS:
                known.clear()
            text = known[values] = caller()
        return text


_parts: defaultdict[str, dict[tuple[Any, ...], str]] = defaultdict(dict)


def kept_sentences(said: Macro) -> Macro:
    """Jinja2's `_`: a page says some hundred sentences without a value in them, the same ones each time."""
    known: dict[tuple[str | None, str], str] = {}

    @pass_context
    def sentence(context: Context, text: str, /, **values: Any) -> str:
        if values:
            return said(context, text, **values)
        key = (get_language(), text)
        found = known.get(key)
        if found is None:
            if len(known) >= PIECES:
                known.clear()
            found = known[key] = said(context, text)
        return found

    return sentence


def kept_macro(macro: Macro) -> Macro:
    """A macro whose text depends on its arguments alone; text and markup that look alike are told apart.

    Only plain values are remembered: a record stays equal to itself while its name changes.
    """
    remembered = lru_cache(maxsize=PIECES, typed=True)(macro)

    def show(*args: Any, **options: Any) -> str:
        plain = PLAIN.issuperset(map(type, args)) and PLAIN.issuperset(map(type, options.values()))
        return remembered(*args, **options) if plain else macro(*args, **options)

    return show
