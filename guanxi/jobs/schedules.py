"""Turning schedules into jobs, each time once, however many workers look."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.jobs import registry
from guanxi.jobs.models import UNFINISHED, Job, Schedule
from guanxi.kernel.rules import RuleBroken


def next_run(schedule: Schedule | registry.Plan, after: datetime) -> datetime:
    """The first moment after `after` at which the schedule is due."""
    if schedule.every_minutes:
        return after + timedelta(minutes=schedule.every_minutes)
    return _next_daily(schedule.daily_at or time.min, after)


def _next_daily(hour: time, after: datetime) -> datetime:
    zone = timezone.get_default_timezone()
    day = after.astimezone(zone).date()
    today = datetime.combine(day, hour, zone)
    return today if today > after else datetime.combine(day + timedelta(days=1), hour, zone)


def make_declared(*, at: datetime) -> None:
    """Make the rows of declared schedules that have none; what administrators chose stays."""
    Schedule.objects.bulk_create(
        [
            Schedule(
                name=plan.name,
                task=plan.task,
                every_minutes=plan.every_minutes,
                daily_at=plan.daily_at,
                next_run=next_run(plan, at),
            )
            for plan in registry.plans()
        ],
        ignore_conflicts=True,
    )


def start_due(*, at: datetime) -> int:
    """Enqueue what is due and set the next time; a run still unfinished is not doubled. Returns how many."""
    due = Schedule.objects.filter(enabled=True, next_run__lte=at)
    return sum(_start(schedule, at) for schedule in list(due))


def _start(schedule: Schedule, at: datetime) -> bool:
    if registry.find(schedule.task) is None:  # of an app that is not installed any more
        return False
    with transaction.atomic():
        mine = Schedule.objects.filter(pk=schedule.pk, enabled=True, next_run=schedule.next_run).update(
            last_run=at, next_run=next_run(schedule, at)
        )
        if mine:
            registry.enqueue(schedule.task, key=f"schedule:{schedule.name}", run_at=at)
    return bool(mine)


def start_now(schedule: Schedule, *, at: datetime, owner: Any) -> None:
    """Enqueue a scheduled task by hand; raises RuleBroken while a run is unfinished or its app is gone."""
    if registry.find(schedule.task) is None:
        raise RuleBroken(_("No installed part of Guanxi has this task any more."))
    key = f"schedule:{schedule.name}"
    if Job.objects.filter(task=schedule.task, key=key, state__in=UNFINISHED).exists():
        raise RuleBroken(_("The same work is waiting or running already."))
    registry.enqueue(schedule.task, key=key, run_at=at, owner=owner)
    Schedule.objects.filter(pk=schedule.pk).update(last_run=at)


def switch(schedule: Schedule, *, on: bool, at: datetime) -> None:
    """Let a task run by itself or not; one that is switched on waits for its next time."""
    fields = {"enabled": on, **({"next_run": next_run(schedule, at)} if on else {})}
    Schedule.objects.filter(pk=schedule.pk).update(**fields)
