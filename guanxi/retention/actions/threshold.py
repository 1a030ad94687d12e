"""Thresholds of levels, as administrators keep them."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.uniqueness import told_apart
from guanxi.retention.models import LossThreshold

LONGEST = 120


def create_threshold(*, level: Any, months: int, change: ChangeWriter) -> LossThreshold:
    """Give customers of a level a threshold of their own."""
    with told_apart(lambda: _refuse_second(level)):
        return change.create(LossThreshold, level=level, months=_checked(months))


def edit_threshold(
    threshold: LossThreshold, *, months: int, change: ChangeWriter, seen: int | None = None
) -> LossThreshold:
    """Change a threshold, for the scans to come."""
    return change.update(threshold, seen=seen, months=_checked(months))


def bin_threshold(threshold: LossThreshold, *, change: ChangeWriter) -> None:
    """Let the general threshold hold for this level again."""
    change.bin(threshold)


def _checked(months: int) -> int:
    if not 1 <= months <= LONGEST:
        raise RuleBroken(_("Enter 1 to %(most)d months.") % {"most": LONGEST}, field="months")
    return months


def _refuse_second(level: Any) -> None:
    if LossThreshold.objects.in_use().filter(level=level).exists():
        raise RuleBroken(_("There is a threshold for “%(level)s” already.") % {"level": level}, field="level")
