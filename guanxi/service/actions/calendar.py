"""Targets of service and the working calendar, as administrators keep them."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.uniqueness import told_apart
from guanxi.service.models import CalendarDay, ServiceTarget

MOST_HOURS = 1_000
"""Half a year of working time."""


def create_target(*, kind: Any, change: ChangeWriter, **hours: Any) -> ServiceTarget:
    """Say how long tickets of a type may take; one target a type."""
    with told_apart(lambda: _refuse_second_target(kind)):
        return change.create(ServiceTarget, kind=kind, **_positive(hours))


def edit_target(
    target: ServiceTarget, *, change: ChangeWriter, seen: int | None = None, kind: Any = None, **hours: Any
) -> ServiceTarget:
    """Change a target, for tickets created or assigned from now on."""
    if kind is not None and kind != target.kind:
        raise RuleBroken(_("A target stays with its type."), field="kind")
    return change.update(target, seen=seen, **_positive(hours))


def bin_target(target: ServiceTarget, *, change: ChangeWriter) -> None:
    """Measure tickets of this type no more."""
    change.bin(target)


def create_day(*, day: Any, change: ChangeWriter, **fields: Any) -> CalendarDay:
    """Mark a day that is not as its weekday."""
    with told_apart(lambda: _refuse_second_day(day)):
        return change.create(CalendarDay, day=day, **fields)


def edit_day(record: CalendarDay, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> CalendarDay:
    """Change what is said of a day."""
    with told_apart(lambda: _refuse_second_day(fields.get("day", record.day), apart_from=record)):
        return change.update(record, seen=seen, **fields)


def bin_day(record: CalendarDay, *, change: ChangeWriter) -> None:
    """Let a day be as its weekday again."""
    change.bin(record)


def _positive(hours: dict[str, Any]) -> dict[str, Any]:
    for name, value in hours.items():
        if not 0 < value <= MOST_HOURS:
            raise RuleBroken(_("Enter more than 0 and at most %(most)d hours.") % {"most": MOST_HOURS}, field=name)
    return hours


def _refuse_second_target(kind: Any) -> None:
    if ServiceTarget.objects.in_use().filter(kind=kind).exists():
        raise RuleBroken(_("There is a target for “%(kind)s” already.") % {"kind": kind}, field="kind")


def _refuse_second_day(day: Any, apart_from: CalendarDay | None = None) -> None:
    taken = CalendarDay.objects.in_use().filter(day=day)
    if taken.exclude(pk=apart_from.pk if apart_from else None).exists():
        raise RuleBroken(_("This day is in the calendar already."), field="day")
