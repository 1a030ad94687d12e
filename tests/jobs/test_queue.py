"""Every move of a job happens once, whoever else tries it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from guanxi.jobs import bell, queue
from guanxi.jobs.models import Job, State
from guanxi.kernel.rules import RuleBroken

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def add(**fields: Any) -> Job:
    order = queue.Order(**{"task": "tests.echo", "payload": {}, **fields})
    return queue.add(order, run_at=NOON)


def claimed(**fields: Any) -> Job:
    add(**fields)
    job = queue.claim("first", at=NOON)
    assert job is not None
    return job


@pytest.mark.django_db
class TestClaiming:
    def test_takes_the_most_urgent_due_job_once(self) -> None:
        late, urgent = add(), add(priority=5)
        assert [queue.claim("w", at=NOON).pk, queue.claim("w", at=NOON).pk] == [urgent.pk, late.pk]
        assert queue.claim("w", at=NOON) is None

    def test_leaves_jobs_of_the_future_and_of_other_queues(self) -> None:
        add(queue="imports")
        assert queue.claim("w", at=NOON - SECOND) is None
        assert queue.claim("w", at=NOON, queues=["mail"]) is None
        assert queue.claim("w", at=NOON, queues=["mail", "imports"]) is not None

    def test_counts_the_attempt_and_gives_a_lease(self) -> None:
        job = Job.objects.get(pk=claimed().pk)
        assert (job.state, job.attempts, job.worker) == (State.RUNNING, 1, "first")
        assert job.lease_until == NOON + queue.LEASE
        assert job.started_at == NOON


@pytest.mark.django_db
class TestLease:
    def test_of_a_dead_worker_runs_out_and_another_takes_the_job(self) -> None:
        job = claimed()
        assert queue.take_back(at=NOON + queue.LEASE) == 0
        after = NOON + queue.LEASE + SECOND
        assert queue.take_back(at=after) == 1
        again = queue.claim("second", at=after)
        assert again is not None
        assert (again.pk, again.attempts) == (job.pk, 2)

    def test_lost_means_that_finishing_does_nothing(self) -> None:
        job = claimed()
        after = NOON + queue.LEASE + SECOND
        queue.take_back(at=after)
        queue.claim("second", at=after)
        assert queue.finish(job, "late", at=after) is False
        assert queue.fail(job, "late", at=after) is False
        assert Job.objects.get().state == State.RUNNING

    def test_is_renewed_by_a_sign_of_life(self) -> None:
        claimed()
        assert queue.renew("first", at=NOON + 30 * SECOND) == 1
        assert queue.renew("stranger", at=NOON + 30 * SECOND) == 0
        assert queue.take_back(at=NOON + 80 * SECOND) == 0

    def test_given_back_costs_no_attempt(self) -> None:
        claimed()
        assert queue.give_back("first", at=NOON) == 1
        again = queue.claim("second", at=NOON)
        assert again is not None
        assert again.attempts == 1

    def test_of_the_last_attempt_runs_out_into_the_dead_letters(self) -> None:
        claimed(max_attempts=1)
        assert queue.take_back(at=NOON + 2 * queue.LEASE) == 1
        job = Job.objects.get()
        assert job.state == State.FAILED
        assert job.error


@pytest.mark.django_db
class TestFailing:
    @pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (10, 3600), (1000, 3600)])
    def test_pauses_twice_as_long_each_time_up_to_an_hour(self, attempts: int, seconds: int) -> None:
        assert queue.pause_after(attempts) == timedelta(seconds=seconds)

    def test_tries_again_after_the_pause(self) -> None:
        job = claimed(max_attempts=2)
        assert queue.fail(job, "Traceback: no luck", at=NOON)
        assert queue.claim("w", at=NOON + 9 * SECOND) is None
        assert queue.claim("w", at=NOON + 10 * SECOND) is not None

    def test_ends_among_the_failed_after_the_last_attempt(self) -> None:
        job = claimed(max_attempts=1)
        queue.fail(job, "Traceback: no luck", at=NOON)
        job.refresh_from_db()
        assert (job.state, job.error, job.finished_at) == (State.FAILED, "Traceback: no luck", NOON)

    def test_for_good_needs_no_last_attempt(self) -> None:
        queue.fail(claimed(), "Refused.", at=NOON, for_good=True)
        assert Job.objects.get().state == State.FAILED

    def test_can_be_tried_again_by_hand(self) -> None:
        job = claimed(max_attempts=1)
        queue.fail(job, "no luck", at=NOON)
        queue.retry(job, at=NOON)
        assert queue.claim("w", at=NOON) is not None
        with pytest.raises(RuleBroken):
            queue.retry(job, at=NOON)


@pytest.mark.django_db
class TestKey:
    def test_is_carried_by_one_unfinished_job_at_most(self) -> None:
        first = add(key="import-3")
        assert add(key="import-3") == first
        assert add(key="import-4") != first
        assert add(task="tests.other", key="import-3") != first

    def test_is_free_again_when_the_job_ended(self) -> None:
        job = claimed(key="import-3")
        queue.finish(job, None, at=NOON)
        assert add(key="import-3").pk != job.pk

    def test_taken_meanwhile_refuses_a_second_try(self) -> None:
        job = claimed(key="import-3", max_attempts=1)
        queue.fail(job, "no luck", at=NOON)
        add(key="import-3")
        with pytest.raises(RuleBroken):
            queue.retry(job, at=NOON)


@pytest.mark.django_db
class TestCancelling:
    def test_a_waiting_job_is_never_claimed(self) -> None:
        queue.cancel(add(), at=NOON)
        assert queue.claim("w", at=NOON) is None

    def test_an_ended_job_is_refused(self) -> None:
        job = claimed()
        queue.finish(job, None, at=NOON)
        with pytest.raises(RuleBroken):
            queue.cancel(job, at=NOON)


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_job_of_a_rolled_back_transaction_is_none(self) -> None:
        rings = bell.heard()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            add()
            raise ZeroDivisionError
        assert not Job.objects.exists()
        assert bell.heard() == rings

    def test_the_bell_rings_when_the_job_is_committed(self) -> None:
        rings = bell.heard()
        with transaction.atomic():
            add()
            assert bell.heard() == rings
        assert bell.heard() == rings + 1


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` answers in so many threads that start together."""
    gate = threading.Barrier(count)
    answers: list[Any] = []

    def one(number: int) -> None:
        try:
            gate.wait()
            answers.append(act(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count
    return answers


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_many_workers_claim_each_job_once(self) -> None:
        wanted = {add().pk for _ in range(40)}

        def drain(number: int) -> list[int]:
            mine = []
            while job := queue.claim(f"w{number}", at=NOON):
                mine.append(job.pk)
            return mine

        taken = [pk for mine in at_once(4, drain) for pk in mine]
        # A worker that finds every due row locked by another may leave before the rest is taken.
        taken += drain(9)
        assert sorted(taken) == sorted(wanted)

    def test_one_key_added_at_once_makes_one_job(self) -> None:
        answers = at_once(4, lambda _number: add(key="same").pk)
        assert len(set(answers)) == 1
        assert Job.objects.count() == 1

    def test_a_job_taken_back_at_once_is_requeued_once(self) -> None:
        claimed()
        later = NOON + 2 * queue.LEASE
        assert sum(at_once(3, lambda _number: queue.take_back(at=later))) == 1
        assert Job.objects.get().state == State.QUEUED
