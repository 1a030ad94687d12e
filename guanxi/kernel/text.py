"""Folding of what people type, so that look-alikes compare as equal."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

_BLANKS = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Trim, and make every run of blanks (full-width ones too) one space."""
    return _BLANKS.sub(" ", text.replace("\u3000", " ")).strip()


def fold(text: str) -> str:
    """The form in which two names are the same: width, case and blanks folded."""
    folded = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    # Folding one accent can bring a blank or a letter that folds again.
    return folded if folded == text else fold(folded)


def listed(items: Iterable[object]) -> str:
    """Several things in one line, between the marks of the reader's language: `a, b` or `甲、乙`."""
    return _(", ").join(map(str, items))


def half_width(text: str) -> str:
    """Full-width digits and letters as half-width ones, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def read_id(text: object) -> int | None:
    """The id that a query string or a form names, or None if it is none that a database could hold."""
    typed = str(text)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None


def in_groups(text: str, size: int = 4) -> str:
    """A long key in groups that the eye can follow: `ABCD EFGH`."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
