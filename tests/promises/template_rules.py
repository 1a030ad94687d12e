"""Rules over the templates: nothing that the content security policy refuses, nothing unescaped, no unknown icon."""

import re
from collections.abc import Iterator

Fault = tuple[int, str]

FORBIDDEN = {
    r"\bhx-on\b": "hx-on needs eval",
    r"hx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)": "a filter in hx-trigger needs eval",
    r"\b(js|javascript):": "script in an attribute",
    r"\sstyle\s*=": "an inline style",
    r"<style\b": "a style element",
}
HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
UNESCAPED = re.compile(r"[^\s\"']\s*\|\s*safe\b|\{%-?\s*autoescape\s+false")  # a literal is no one's text
ICON = re.compile(r"\bicon\(\s*[\"']([\w-]+)[\"']|\bicon\s*=\s*[\"']([\w-]+)[\"']")


def line_of(text: str, place: int) -> int:
    """Return the line number of a place in a text."""
    return text.count("\n", 0, place) + 1


def without(pattern: re.Pattern[str], text: str) -> str:
    """Blank what matches, with every line where it was."""
    return pattern.sub(lambda found: "\n" * found[0].count("\n"), text)


def obeys_the_policy(text: str) -> Iterator[Fault]:
    """Scripts and styles come from files."""
    text = without(COMMENT, text)
    for pattern, fault in FORBIDDEN.items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield line_of(text, found.start()), fault
    html = without(TAG, text)
    for found in HANDLER.finditer(html):
        yield line_of(html, found.start()), "an inline event handler"
    for found in SCRIPT.finditer(text):
        if not re.search(r"\ssrc\s*=|type\s*=\s*[\"']application/json[\"']", found[1]):
            yield line_of(text, found.start()), "an inline script"


def escapes_everything(text: str) -> Iterator[Fault]:
    """Text stays text."""
    text = without(COMMENT, text)
    for found in UNESCAPED.finditer(text):
        yield line_of(text, found.start()), "unescaped text"


def icons_of(text: str) -> set[str]:
    """Return the icons that a template or a declaration names."""
    return {found[1] or found[2] for found in ICON.finditer(text)}
