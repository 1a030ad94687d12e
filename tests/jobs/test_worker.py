"""A worker does jobs to their end, and an effect happens once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from guanxi.jobs import queue, registry, worker
from guanxi.jobs.models import Job, Schedule, State
from guanxi.jobs.registry import Task, task
from guanxi.jobs.run import Cancelled, LeaseLost, Run
from guanxi.kernel.rules import RuleBroken

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def own_tasks() -> Iterator[None]:
    """Forget the tasks that a test declared.

    All apps' tasks are found first: a `tasks.py` is imported once, so what a test was the first to find would be lost.
    """
    registry.discover()
    kept = dict(registry._tasks)
    yield
    registry._tasks.clear()
    registry._tasks.update(kept)


def effect(number: int) -> None:
    """Write a row that can be counted."""
    ContentType.objects.create(app_label="effects", model=f"effect{number}")


def effects() -> int:
    return ContentType.objects.filter(app_label="effects").count()


def enqueue(made: Task, payload: dict[str, Any] | None = None) -> Job:
    return made.enqueue(payload, run_at=NOON)


@pytest.mark.django_db
class TestWork:
    def test_keeps_what_the_task_returns(self, clock: Clock) -> None:
        @task("tests.double")
        def double(run: Run) -> dict[str, Any]:
            return {"twice": run.payload["number"] * 2, "attempt": run.attempt, "at": run.at}

        job = enqueue(double, {"number": 21})
        assert worker.work_off(clock) == 1
        job.refresh_from_db()
        assert job.state == State.DONE
        assert job.result == {"twice": 42, "attempt": 1, "at": "2026-11-23T04:00:00Z"}
        assert job.finished_at == NOON

    def test_shows_progress_and_prolongs_the_lease(self, clock: Clock) -> None:
        seen: list[Job] = []

        @task("tests.slow")
        def slow(run: Run) -> None:
            clock.pass_by(seconds=50)
            run.progress(3, 10, "第 3 批")
            seen.append(Job.objects.get(pk=run.job_id))

        enqueue(slow)
        worker.work_off(clock)
        assert (seen[0].done, seen[0].total, seen[0].note) == (3, 10, "第 3 批")
        assert seen[0].lease_until == clock.at + queue.LEASE

    def test_tries_again_after_an_error_and_gives_up_at_last(self, clock: Clock, caplog: Any) -> None:
        @task("tests.broken", max_attempts=2)
        def broken(run: Run) -> None:
            raise ZeroDivisionError("no luck")

        job = enqueue(broken)
        assert worker.work_off(clock) == 1
        job.refresh_from_db()
        assert (job.state, job.run_at) == (State.QUEUED, NOON + timedelta(seconds=10))
        clock.pass_by(seconds=10)
        assert worker.work_off(clock) == 1
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert "ZeroDivisionError: no luck" in job.error

    def test_does_not_repeat_what_a_rule_refuses(self, clock: Clock) -> None:
        @task("tests.refused")
        def refused(run: Run) -> None:
            raise RuleBroken("This file has no header.")

        job = enqueue(refused)
        worker.work_off(clock)
        job.refresh_from_db()
        assert (job.state, job.error) == (State.FAILED, "This file has no header.")

    def test_of_an_unknown_task_fails(self, clock: Clock, caplog: Any) -> None:
        job = queue.add(queue.Order("gone.task", {}, max_attempts=1), run_at=NOON)
        worker.work_off(clock)
        job.refresh_from_db()
        assert "No app has a task named gone.task." in job.error

    def test_does_what_a_job_adds_too(self, clock: Clock) -> None:
        @task("tests.again")
        def again(run: Run) -> None:
            if left := run.payload["left"]:
                enqueue(again, {"left": left - 1})

        enqueue(again, {"left": 2})
        assert worker.work_off(clock) == 3


@pytest.mark.django_db
class TestStopping:
    def test_a_cancelled_job_is_rolled_back(self, clock: Clock) -> None:
        @task("tests.cancelled")
        def cancelled(run: Run) -> None:
            queue.cancel(Job.objects.get(pk=run.job_id), at=clock())
            with transaction.atomic():
                effect(1)
                with pytest.raises(Cancelled):
                    run.progress(1, 2)
                run.progress(1, 2)

        job = enqueue(cancelled)
        worker.work_off(clock)
        job.refresh_from_db()
        assert (job.state, effects()) == (State.CANCELLED, 0)

    def test_a_run_that_lost_its_lease_has_no_effect(self, clock: Clock) -> None:
        @task("tests.sleepy")
        def sleepy(run: Run) -> None:
            if run.attempt == 1:
                clock.pass_by(hours=1)
                queue.take_back(at=clock())
            with transaction.atomic():
                effect(run.attempt)
                run.finish({"attempt": run.attempt})

        job = enqueue(sleepy)
        assert worker.work_off(clock) == 2
        job.refresh_from_db()
        assert (job.state, job.result, effects()) == (State.DONE, {"attempt": 2}, 1)

    def test_a_finish_rolled_back_with_its_effect_is_tried_again(self, clock: Clock, caplog: Any) -> None:
        @task("tests.crash")
        def crash(run: Run) -> None:
            with transaction.atomic():
                effect(run.attempt)
                run.finish()
                if run.attempt == 1:
                    raise ConnectionError

        job = enqueue(crash)
        worker.work_off(clock)
        clock.pass_by(seconds=10)
        worker.work_off(clock)
        job.refresh_from_db()
        assert (job.state, job.attempts, effects()) == (State.DONE, 2, 1)

    def test_the_first_attempt_of_two_may_be_followed(self) -> None:
        runs = [Run(Job(pk=1, attempts=n, max_attempts=2), at=NOON, clock=lambda: NOON) for n in (1, 2)]
        assert [run.last for run in runs] == [False, True]


@pytest.mark.django_db
class TestRegistry:
    def test_finds_the_tasks_of_installed_apps_by_name(self, clock: Clock) -> None:
        registry._tasks.clear()
        sys.modules.pop("guanxi.jobs.tasks", None)
        assert registry.find("jobs.tidy") is not None
        assert registry.enqueue("jobs.tidy", run_at=NOON).task == "jobs.tidy"
        with pytest.raises(LookupError):
            registry.enqueue("gone.task")

    def test_refuses_two_tasks_of_one_name(self) -> None:
        @task("tests.twin")
        def one(run: Run) -> None: ...

        with pytest.raises(ImproperlyConfigured):

            @task("tests.twin")
            def other(run: Run) -> None: ...

    def test_a_unique_task_waits_once_per_payload(self) -> None:
        @task("tests.once", unique=True)
        def once(run: Run) -> None: ...

        assert once.enqueue({"a": 1, "b": 2}) == once.enqueue({"b": 2, "a": 1})
        assert once.enqueue({"a": 2}) != once.enqueue()


@pytest.mark.django_db(transaction=True)
class TestThreads:
    def test_wake_on_a_committed_job_and_stop_cleanly(self) -> None:
        done = threading.Event()

        @task("tests.signal")
        def tell(run: Run) -> None:
            done.set()

        crew = worker.Worker(threads=2, poll=60)
        crew.start()
        try:
            job = tell.enqueue()
            assert done.wait(10), "the worker slept on"
        finally:
            crew.stop()
        job.refresh_from_db()
        assert job.state == State.DONE
        assert Schedule.objects.filter(name="jobs.tidy").exists()

    def test_a_job_that_outlasts_the_grace_is_given_back(self) -> None:
        begun, go, lost = threading.Event(), threading.Event(), threading.Event()

        @task("tests.stubborn")
        def stubborn(run: Run) -> None:
            begun.set()
            go.wait(10)
            try:
                run.progress(1, 2)
            except LeaseLost:
                lost.set()
                raise

        crew = worker.Worker(threads=1, poll=60)
        crew.start()
        job = stubborn.enqueue()
        assert begun.wait(10)
        crew.stop(grace=0.05)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.worker) == (State.QUEUED, 0, "")
        go.set()
        assert lost.wait(10)
        for thread in crew._threads:
            thread.join(10)


@pytest.mark.django_db(transaction=True)
def test_the_command_stops_on_a_signal() -> None:
    connection.close()
    code = (
        "import django; django.setup();"
        "from django.db import connection;"
        f"connection.settings_dict['NAME'] = {str(connection.settings_dict['NAME'])!r};"
        "from django.core.management import call_command; call_command('worker', '--threads=1')"
    )
    child = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guanxi.config.settings_test"},
    )
    assert child.stdout is not None
    assert "is ready" in child.stdout.readline()
    child.send_signal(signal.SIGTERM)
    assert child.communicate(timeout=30)[0].strip() == "Stopped."
    assert child.returncode == 0
