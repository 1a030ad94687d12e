"""Schedules start their task on time, once."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db.utils import IntegrityError

from guanxi.jobs import queue, schedules
from guanxi.jobs.models import Job, Schedule, State
from guanxi.jobs.tasks import KEPT
from guanxi.jobs.worker import work_off
from tests.jobs.test_queue import at_once

NOON_IN_SHANGHAI = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def schedule(**fields: Any) -> Schedule:
    defaults = {"name": "nightly", "task": "jobs.tidy", "next_run": NOON_IN_SHANGHAI}
    every = {} if "daily_at" in fields else {"every_minutes": 15}
    made: Schedule = Schedule.objects.create(**{**defaults, **every, **fields})
    return made


@pytest.mark.parametrize(
    ("daily_at", "expected"),
    [
        (time(12, 30), datetime(2026, 11, 23, 4, 30, tzinfo=UTC)),
        (time(12, 0), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)),
        (time(3, 30), datetime(2026, 11, 23, 19, 30, tzinfo=UTC)),
        (time(0, 0), datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
    ],
)
def test_daily_means_the_company_s_day(daily_at: time, expected: datetime) -> None:
    assert schedules.next_run(Schedule(daily_at=daily_at), NOON_IN_SHANGHAI) == expected


def test_every_so_many_minutes_counts_from_the_run() -> None:
    due = schedules.next_run(Schedule(every_minutes=15), NOON_IN_SHANGHAI)
    assert due == NOON_IN_SHANGHAI + 15 * MINUTE


@pytest.mark.django_db
class TestStarting:
    def test_enqueues_what_is_due_and_sets_the_next_time(self) -> None:
        row = schedule()
        assert schedules.start_due(at=NOON_IN_SHANGHAI - MINUTE) == 0
        assert schedules.start_due(at=NOON_IN_SHANGHAI) == 1
        row.refresh_from_db()
        assert (row.last_run, row.next_run) == (NOON_IN_SHANGHAI, NOON_IN_SHANGHAI + 15 * MINUTE)
        assert Job.objects.get().task == "jobs.tidy"

    def test_does_not_double_a_run_that_is_not_finished(self) -> None:
        schedule()
        for minutes in (0, 15, 30):
            schedules.start_due(at=NOON_IN_SHANGHAI + minutes * MINUTE)
        assert Job.objects.count() == 1

    def test_runs_once_after_a_long_sleep_of_the_machine(self) -> None:
        row = schedule()
        after = NOON_IN_SHANGHAI + timedelta(days=3)
        assert schedules.start_due(at=after) == 1
        assert schedules.start_due(at=after) == 0
        row.refresh_from_db()
        assert row.next_run == after + 15 * MINUTE

    def test_leaves_disabled_ones_and_those_of_a_removed_app(self) -> None:
        schedule(enabled=False)
        schedule(name="orphan", task="gone.task")
        assert schedules.start_due(at=NOON_IN_SHANGHAI) == 0

    def test_declared_ones_get_a_row_that_administrators_may_change(self) -> None:
        schedules.make_declared(at=NOON_IN_SHANGHAI)
        tidy = Schedule.objects.get(name="jobs.tidy")
        assert tidy.next_run == datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
        Schedule.objects.filter(pk=tidy.pk).update(enabled=False)
        schedules.make_declared(at=NOON_IN_SHANGHAI)
        assert not Schedule.objects.get(name="jobs.tidy").enabled

    @pytest.mark.parametrize("fields", [{"every_minutes": None}, {"every_minutes": 5, "daily_at": time(1, 0)}])
    def test_needs_either_a_pause_or_an_hour(self, fields: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError):
            schedule(**fields)


@pytest.mark.django_db(transaction=True)
def test_many_workers_start_a_schedule_once() -> None:
    schedule()
    assert sum(at_once(4, lambda _number: schedules.start_due(at=NOON_IN_SHANGHAI))) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_tidying_forgets_jobs_that_ended_long_ago() -> None:
    for state in (State.DONE, State.FAILED, State.QUEUED):
        Job.objects.create(
            task="tests.old", state=state, finished_at=NOON_IN_SHANGHAI - KEPT - MINUTE, run_at=NOON_IN_SHANGHAI + KEPT
        )
    with time_machine.travel(NOON_IN_SHANGHAI, tick=False):
        queue.add(queue.Order("jobs.tidy", {}), run_at=NOON_IN_SHANGHAI)
        work_off()
    left = set(Job.objects.filter(task="tests.old").values_list("state", flat=True))
    assert left == {State.FAILED, State.QUEUED}
