"""Numbers such as KH202611230001, unique for ever, by rules that administrators choose."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.parameters.models import Counter
from guanxi.parameters.registry import Setting, group_settings

PREFIX = re.compile(r"[A-Za-z0-9_/-]{1,10}")
DAYS = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y", "none": ""}
DIGITS = 4


@dataclass(frozen=True)
class Numbering:
    """How the numbers of one kind are made: what they begin with, the date after it, and the counter's digits."""

    kind: str
    label: Any
    prefix: Setting[str]
    day: Setting[str]
    digits: Setting[int]

    def stem(self, day: date) -> str:
        """What all numbers of a day begin with: one counter belongs to each."""
        return f"{self.prefix.read()}{day.strftime(DAYS[self.day.read()])}"


_rules: dict[str, Numbering] = {}


def numbering(kind: str, name: str, label: Any) -> Numbering:
    """Declare the rule of a kind of numbers (`KH`, `DD` …); `label` says what is numbered."""
    rule = Numbering(
        kind,
        label,
        Setting(
            f"numbers.{name}_prefix",
            kind,
            label=format_lazy(_("{numbers}: prefix"), numbers=label),
            hint=_("Up to ten letters, digits, - _ /. Numbers that were given out stay as they are."),
            pattern=PREFIX,
        ),
        Setting(
            f"numbers.{name}_day",
            "day",
            label=format_lazy(_("{numbers}: date in them"), numbers=label),
            hint=_("The counter begins anew with each of these."),
            choices=(("day", _("Day")), ("month", _("Month")), ("year", _("Year")), ("none", _("None"))),
        ),
        Setting(
            f"numbers.{name}_digits",
            DIGITS,
            label=format_lazy(_("{numbers}: digits of the counter"), numbers=label),
            lowest=3,
            highest=8,
        ),
    )
    _rules[kind] = rule
    return rule


def rules() -> list[Numbering]:
    """Every declared rule, in the order of declaration."""
    return list(_rules.values())


def write_number(prefix: str, day: str, digits: int, *, at: date, number: int = 1) -> str:
    """A number as a rule of these three would write it."""
    return f"{prefix}{at.strftime(DAYS[day])}{number:0{digits}d}"


def take_numbers(kind: str, day: date, count: int = 1) -> list[str]:
    """The next `count` numbers of a kind (`KH`, `DD` …) for a day, in the current transaction.

    A number that is not used after all is lost, never given out again.
    """
    rule = _rules.get(kind)
    stem, digits = (rule.stem(day), rule.digits.read()) if rule else (f"{kind}{day:%Y%m%d}", DIGITS)
    Counter.objects.bulk_create([Counter(prefix=stem)], ignore_conflicts=True)
    Counter.objects.filter(prefix=stem).update(last=F("last") + count)
    last = Counter.objects.values_list("last", flat=True).get(prefix=stem)
    return [f"{stem}{number:0{digits}d}" for number in range(last - count + 1, last + 1)]


def free_numbers(kind: str, day: date, *, model: Any, count: int = 1, taken: Collection[str] = ()) -> list[str]:
    """So many new numbers, past those that people, files or an earlier rule brought along."""
    found: list[str] = []
    while len(found) < count:
        offered = take_numbers(kind, day, count - len(found))
        given = set(model._default_manager.filter(number__in=offered).values_list("number", flat=True))
        found += [number for number in offered if number not in given and number not in taken]
    return found


group_settings("numbers", _("Numbers"))
