"""Text that a spreadsheet would take for a formula, and how it stays text."""

import re
import unicodedata
from typing import Any

from guanxi.kernel.text import half_width

_SIGNS = "=+-@"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?")


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula: blanks, marks and controls before its sign do not count."""
    for sign in text:
        if not sign.isspace() and unicodedata.category(sign)[0] != "C":
            return unicodedata.normalize("NFKC", sign)[0] in _SIGNS
    return False


def harmless(text: Any) -> str:
    """Text that no spreadsheet takes for a formula; who reads such files takes the apostrophe off again."""
    plain = str(text)
    return f"'{plain}" if begins_formula(plain) and not _NUMBER.fullmatch(half_width(plain)) else plain
