"""What a cell says, as the value of a field; raises RuleBroken where it says none."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guanxi.kernel.formulas import begins_formula
from guanxi.kernel.money import read_decimal
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, half_width, listed, tidy

_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d{2,}", re.IGNORECASE)
MOST_NAMED = 10
"""Values that a refusal names."""

YES = {
    "是",
    "yes",
    "y",
    "true",
    "1",
    "√",
    "✓",
    "对",
    "主",
    "主要",
    "已支付",
    "已付",
    "已付款",
    "已收款",
    "已回款",
    "paid",
}
NO = {"否", "no", "n", "false", "0", "×", "x", "✗", "不", "未支付", "未付", "未付款", "未收款", "未回款", "unpaid"}


def text_of(cell: Any) -> str:
    """The text of a cell; raises RuleBroken for an Excel error, which has no value."""
    if isinstance(cell, dict):
        if "error" in cell:
            raise RuleBroken(_("Excel shows %(error)s here instead of a value.") % cell)
        return str(cell["long"])
    # An apostrophe keeps Excel from taking the rest for a formula; our own lists of refused rows set it, too.
    return cell[1:] if cell[:1] == "'" and begins_formula(cell[1:]) else str(cell)


def read_text(cell: Any) -> str:
    """Text as it stands; refuses numbers whose last digits Excel has lost."""
    if isinstance(cell, dict) and "long" in cell:
        raise _lost_digits(cell["long"])
    text = text_of(cell).strip()
    if _ROUNDED.fullmatch(half_width(text)):
        raise _lost_digits(text)
    return text


def read_code(cell: Any) -> str:
    """A number of a customer or an order, in half width so that it is found again."""
    return half_width(read_text(cell))


def _lost_digits(shown: str) -> RuleBroken:
    return RuleBroken(
        _("Excel has lost the last digits of %(number)s: format the column as text and enter it again.")
        % {"number": shown}
    )


def read_day(cell: Any) -> date:
    """A day as people and programs write it: 2026-11-23, 2026/11/23, 2026年11月23日, 20261123."""
    text = half_width(text_of(cell))
    match = _DAY.fullmatch(text) or _PACKED.fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise RuleBroken(_("“%(text)s” is no date: write it as 2026-11-23.") % {"text": text[:40]})
    return found


def read_number(cell: Any) -> Decimal:
    """A number such as 1,200.5 or 12万."""
    text = text_of(cell)
    found = read_decimal(text)
    if found is None or abs(found) >= Decimal(10) ** 18:
        raise RuleBroken(_("“%(text)s” is no number.") % {"text": tidy(text)[:40]})
    return found


def read_flag(cell: Any) -> bool:
    """Yes or no, in the words that lists use for it."""
    text = fold(text_of(cell))
    if text in YES:
        return True
    if text in NO:
        return False
    raise RuleBroken(_("“%(text)s” is neither yes nor no.") % {"text": tidy(text)[:40]})


def read_choice(cell: Any, words: Mapping[str, Any], names: Iterable[Any] = ()) -> Any:
    """The value that a folded word stands for; the refusal says which there are, by `names` or their own."""
    text = text_of(cell)
    if (key := fold(text)) in words:
        return words[key]
    said = {"text": tidy(text)[:40], "values": _listed(names or words.values())}
    raise RuleBroken(_("“%(text)s” is not one of the values on offer: %(values)s.") % said)


def _listed(values: Iterable[Any]) -> str:
    """The first values, each once."""
    names = list(dict.fromkeys(map(str, values)))
    return listed(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")


def cleaned(field: Any, value: Any) -> Any:
    """The value as a form would clean it; its sentences are the form's own."""
    try:
        return field.clean(value)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages)) from None
