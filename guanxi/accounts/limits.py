"""How often a password may be tried, counted in the database for all processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F

from guanxi.accounts.models import TryCount

WINDOW = timedelta(minutes=15)
FREE_TRIES = 5
"""After so many failures each further try has to wait: 2 s, 4 s, 8 s …"""


@dataclass(frozen=True)
class Limit:
    """At most so many tries of one key in a window; a quiet one is not told to whoever tries.

    A paced one makes each further try wait before it stops them: what many people share, as an office does its
    address, only stops.
    """

    key: str
    most: int
    quiet: bool = False
    paced: bool = True


@dataclass(frozen=True)
class Verdict:
    """Whether a password may be looked at; `left` tries remain after this one, or `wait` seconds have to pass."""

    allowed: bool
    left: int = 0
    wait: int = 0
    stopped: bool = False
    in_vain: bool = False
    """A quiet limit is used up: the try must fail, and look like any other failure."""


def take(limits: Sequence[Limit], *, at: datetime) -> Verdict:
    """Use up one try of each limit, or none at all; exact however many try at once."""
    with transaction.atomic():
        counts = _locked([limit.key for limit in limits], at)
        loud = [(limit, counts[limit.key]) for limit in limits if not limit.quiet]
        spent = [count for limit, count in loud if count.used >= limit.most]
        if spent:
            wait = max(_seconds(count.began_at + WINDOW - at) for count in spent)
            return Verdict(allowed=False, wait=wait, stopped=True)
        paced = [count for limit, count in loud if limit.paced]
        pause = max((_seconds(count.last_at + _pause(count.used) - at) for count in paced), default=0)
        if pause > 0:
            return Verdict(allowed=False, wait=pause)
        in_vain = any(limit.quiet and counts[limit.key].used >= limit.most for limit in limits)
        _count_one_more([limit.key for limit in limits], at)
        left = min(limit.most - count.used - 1 for limit, count in loud)
        return Verdict(allowed=True, left=left, in_vain=in_vain)


def give_back(limits: Sequence[Limit]) -> None:
    """A try that succeeded does not count."""
    TryCount.objects.filter(key__in=[limit.key for limit in limits], used__gt=0).update(used=F("used") - 1)


def forget_old_counts(at: datetime) -> int:
    """Erase the counts whose window is over; returns how many."""
    erased, _models = TryCount.objects.filter(began_at__lt=at - WINDOW).delete()
    return erased


def _locked(keys: Sequence[str], at: datetime) -> dict[str, TryCount]:
    """The counts of these keys, held until the transaction ends, always in the same order; old ones begin anew."""
    wanted = sorted(set(keys))
    TryCount.objects.bulk_create([TryCount(key=key, began_at=at, last_at=at) for key in wanted], ignore_conflicts=True)
    held = {row.key: row for row in TryCount.objects.select_for_update().filter(key__in=wanted).order_by("key")}
    for row in held.values():
        if row.began_at + WINDOW <= at:
            row.used, row.began_at, row.last_at = 0, at, at
            row.save()
    return held


def _count_one_more(keys: Sequence[str], at: datetime) -> None:
    TryCount.objects.filter(key__in=keys).update(used=F("used") + 1, last_at=at)


def _pause(used: int) -> timedelta:
    """How long after the last try the next one has to wait."""
    return timedelta(seconds=2 ** (used - FREE_TRIES + 1)) if used >= FREE_TRIES else timedelta(0)


def _seconds(span: timedelta) -> int:
    return ceil(span.total_seconds())
