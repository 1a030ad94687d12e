"""What a task is given: its payload, and the ways to say how far it is and that it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from guanxi.jobs import queue
from guanxi.jobs.models import Job, State


class Stopped(Exception):
    """The job belongs to this run no more; let it pass, so that what was not committed is rolled back."""


class Cancelled(Stopped):
    """Somebody cancelled the job."""


class LeaseLost(Stopped):
    """The worker was silent for too long or is stopping: the job was given to another one."""


class Run:
    """One attempt at a job."""

    def __init__(self, job: Job, *, at: datetime, clock: Callable[[], datetime]) -> None:
        self.payload: dict[str, Any] = job.payload
        self.job_id: int = job.pk
        self.attempt: int = job.attempts
        self.owner_id: Any = job.owner_id
        self.at = at
        self._finished = False
        self._job = job
        self._clock = clock

    @property
    def done(self) -> int:
        """How far an earlier attempt said that it was."""
        return int(self._job.done)

    @property
    def last(self) -> bool:
        """Whether no further attempt follows when this one fails."""
        return bool(self.attempt >= self._job.max_attempts)

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is, which also prolongs the lease; raises Cancelled or LeaseLost."""
        lease_until = self._clock() + queue.LEASE
        self._check(queue.held(self._job).update(done=done, total=total, note=note[:200], lease_until=lease_until))

    def finish(self, result: Any = None) -> None:
        """Mark the job done in the caller's transaction, so that it commits together with the effect.

        Raises Cancelled or LeaseLost, which roll the effect back.
        """
        self._check(queue.finish(self._job, result, at=self._clock()))
        self._finished = True

    def end(self, result: Any) -> None:
        """Finish if the task did not, or if its own finish was rolled back; only the worker calls this."""
        if not queue.finish(self._job, result, at=self._clock()) and not self._finished:
            self._check(0)

    def _check(self, moved: int) -> None:
        if moved:
            return
        state = Job.objects.filter(pk=self.job_id).values_list("state", flat=True).first()
        raise Cancelled if state == State.CANCELLED else LeaseLost
