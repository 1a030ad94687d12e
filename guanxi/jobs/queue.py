"""The queue itself: every move of a job is one compare-and-swap, so that two workers never both make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from guanxi.jobs import bell
from guanxi.jobs.models import UNFINISHED, Job, State
from guanxi.kernel.rules import RuleBroken

LEASE = timedelta(seconds=60)
"""How long a job belongs to a worker that gives no sign of life."""

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
ERROR_LENGTH = 4000
RACES = 5


@dataclass(frozen=True)
class Order:
    """What to put in the queue: the task's name and how it is to be treated."""

    task: str
    payload: Mapping[str, Any]
    key: str = ""
    queue: str = "default"
    priority: int = 0
    max_attempts: int = 5


def add(order: Order, *, run_at: datetime | None = None, owner: Any = None) -> Job:
    """Write a job in the caller's transaction; with a key, the unfinished job of that key is returned instead."""
    when = {"run_at": run_at} if run_at else {}
    fields = {**vars(order), **when, "owner": owner}
    job: Job = _only_one(order, fields) if order.key else Job.objects.create(**fields)
    transaction.on_commit(bell.ring)
    return job


def _only_one(order: Order, fields: Mapping[str, Any]) -> Any:
    unfinished = Job.objects.filter(state__in=UNFINISHED)
    for attempt in range(RACES):
        try:
            return unfinished.get_or_create(task=order.task, key=order.key, defaults=fields)[0]
        except IntegrityError:  # the other one appeared after the look and ended before the next
            if attempt == RACES - 1:
                raise
    return None


def claim(worker: str, *, at: datetime, queues: Iterable[str] = (), lease: timedelta = LEASE) -> Job | None:
    """Take the most urgent due job for `worker`, or None when nothing is due."""
    due = Job.objects.filter(state=State.QUEUED, run_at__lte=at)
    if queues:
        due = due.filter(queue__in=list(queues))
    if not due.exists():  # a read that takes no write lock on SQLite
        return None
    with transaction.atomic():
        job: Job | None = due.select_for_update(skip_locked=True).order_by("-priority", "run_at", "id").first()
        if job is None or not _start(job, worker, at, at + lease):
            return None
    return job


def _start(job: Job, worker: str, at: datetime, lease_until: datetime) -> bool:
    job.state, job.worker, job.lease_until = State.RUNNING, worker, lease_until
    job.attempts += 1
    job.started_at, job.finished_at, job.error = at, None, ""
    moved = Job.objects.filter(pk=job.pk, state=State.QUEUED, attempts=job.attempts - 1).update(
        state=job.state,
        worker=worker,
        lease_until=lease_until,
        attempts=job.attempts,
        started_at=at,
        finished_at=None,
        error="",
    )
    return moved == 1


def held(job: Job) -> QuerySet[Any]:
    """The row of a claimed job while it still belongs to that claim, else nothing."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)


def finish(job: Job, result: Any, *, at: datetime) -> bool:
    """Mark a claimed job done; False when it belongs to the claim no more."""
    return _end(held(job), State.DONE, at, result=result)


def fail(job: Job, error: str, *, at: datetime, for_good: bool = False) -> bool:
    """Put a claimed job back to be tried later, or among the failed after its last attempt."""
    error = error[-ERROR_LENGTH:]
    if for_good or job.attempts >= job.max_attempts:
        return _end(held(job), State.FAILED, at, error=error)
    return bool(_requeue(held(job), at + pause_after(job.attempts), error=error))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, up to an hour."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def renew(worker: str, *, at: datetime, lease: timedelta = LEASE) -> int:
    """Prolong the leases of all jobs of a worker, as its sign of life; returns how many."""
    mine = Job.objects.filter(state=State.RUNNING, worker=worker)
    if not mine.exists():
        return 0
    with transaction.atomic():  # a task may hold its own row in a long transaction: do not wait for it
        pks = list(mine.select_for_update(skip_locked=True).values_list("pk", flat=True))
        return int(mine.filter(pk__in=pks).update(lease_until=at + lease))


def give_back(worker: str, *, at: datetime) -> int:
    """Put all jobs of a worker that stops back into the queue, as if never attempted; returns how many."""
    return _requeue(Job.objects.filter(state=State.RUNNING, worker=worker), at, attempts=F("attempts") - 1)


def take_back(*, at: datetime) -> int:
    """Put jobs of dead workers back into the queue, or among the failed after the last attempt; returns how many."""
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=at)
    moved = 0
    for job in list(expired):
        if job.attempts >= job.max_attempts:
            error = _("The worker died during the last attempt.")
            moved += _end(expired.filter(pk=job.pk), State.FAILED, at, error=error)
        else:
            moved += _requeue(expired.filter(pk=job.pk, attempts=job.attempts), at)
    return moved


def cancel(job: Job, *, at: datetime) -> None:
    """Stop an unfinished job; a running one notices at its next sign of progress and is rolled back."""
    if not _end(Job.objects.filter(pk=job.pk, state__in=UNFINISHED), State.CANCELLED, at):
        raise RuleBroken(_("This job has ended already."))


def retry(job: Job, *, at: datetime) -> None:
    """Try a failed or cancelled job again from its first attempt."""
    ended = Job.objects.filter(pk=job.pk, state__in=(State.FAILED, State.CANCELLED))
    try:
        with transaction.atomic():
            moved = _requeue(ended, at, attempts=0, done=0, finished_at=None)
    except IntegrityError:
        raise RuleBroken(_("The same work is waiting or running already.")) from None
    if not moved:
        raise RuleBroken(_("Only a failed or cancelled job can be tried again."))


def _end(rows: QuerySet[Any], state: State, at: datetime, **fields: Any) -> bool:
    return bool(rows.update(state=state, lease_until=None, finished_at=at, **fields))


def _requeue(rows: QuerySet[Any], run_at: datetime, **fields: Any) -> int:
    moved = rows.update(state=State.QUEUED, lease_until=None, worker="", run_at=run_at, **fields)
    if moved:
        transaction.on_commit(bell.ring)
    return moved
