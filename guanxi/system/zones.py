"""Time zones that people may choose, in the words of their language."""

from collections import Counter
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOWHERE = "UTC"


def zone_of(name: str) -> tzinfo:
    """The zone in which somebody sees times: the company's, unless they chose one that exists."""
    return ZoneInfo(name) if name in zone_names() else timezone.get_default_timezone()


def zone_choices() -> list[tuple[str, str]]:
    """Every zone on offer for a form, from west to east; first the company's."""
    company = timezone.get_default_timezone_name()
    first = ("", _("Like the company (%(zone)s)") % {"zone": company})
    now = timezone.now()
    labels = _labels("en" if (get_language() or "").startswith("en") else "zh_Hans")
    zones = sorted((_offset(now.astimezone(ZoneInfo(name))), label, name) for name, label in labels.items())
    return [first, *((name, f"UTC{_written(offset)} {label}") for offset, label, name in zones)]


@cache
def zone_names() -> frozenset[str]:
    """The names of the zones that differ since 1970, such as `Asia/Shanghai`."""
    table = files("tzdata").joinpath("zoneinfo", "zone1970.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return frozenset({row[2] for row in rows} | {NOWHERE})


@cache
def _labels(language: str) -> dict[str, str]:
    """What each zone is called; those whose names are alike are told apart by their own."""
    named = {name: get_timezone_location(name, locale=language) for name in zone_names() - {NOWHERE}} | {
        NOWHERE: NOWHERE
    }
    often = Counter(named.values())
    return {name: label if often[label] == 1 else f"{label} · {name}" for name, label in named.items()}


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _written(offset: timedelta) -> str:
    """`+08:00`, `-03:30`."""
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
