"""Threads that do the jobs: some that work, and one that keeps leases, dead workers' jobs and schedules."""

import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from guanxi.jobs import bell, queue, registry, schedules
from guanxi.jobs.models import Job
from guanxi.jobs.run import Run, Stopped
from guanxi.kernel.rules import RuleBroken

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def work(job: Job, clock: Clock = timezone.now) -> None:
    """Do one claimed job to its end: done, to be tried again, or failed."""
    run = Run(job, at=clock(), clock=clock)
    try:
        _call(run, job)
    except Stopped:
        logger.info("Job %s was stopped.", job)
    except RuleBroken as refusal:  # trying again would be refused again
        queue.fail(job, str(refusal), at=clock(), for_good=True)
    except Exception:
        logger.exception("Job %s failed.", job)
        queue.fail(job, traceback.format_exc(), at=clock())


def _call(run: Run, job: Job) -> None:
    task = registry.find(job.task)
    if task is None:
        raise LookupError(f"No app has a task named {job.task}.")
    run.end(task(run))


def work_off(clock: Clock = timezone.now, worker: str = "here") -> int:
    """Do all due jobs in this thread, those that they add too; returns how many. For commands and tests."""
    count = 0
    while job := queue.claim(worker, at=clock()):
        work(job, clock)
        count += 1
    return count


class Worker:
    """A named group of threads on one queue; `start` it in a command, never while Django loads."""

    def __init__(
        self,
        threads: int = 2,
        *,
        queues: Iterable[str] = (),
        poll: float = 2.0,
        lease: timedelta = queue.LEASE,
        clock: Clock = timezone.now,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._queues = tuple(queues)
        self._poll, self._lease, self._clock = poll, lease, clock
        self._stopping = threading.Event()
        loops = [self._work_loop] * threads + [self._keep_loop]
        self._threads = [
            threading.Thread(target=self._in_thread, args=(loop,), daemon=True, name=f"jobs-{number}")
            for number, loop in enumerate(loops)
        ]

    def start(self) -> None:
        """Find the tasks, make the declared schedules, and begin."""
        registry.discover()
        schedules.make_declared(at=self._clock())
        for thread in self._threads:
            thread.start()

    def stop(self, grace: float = 20.0) -> None:
        """Let running jobs end within `grace` seconds, then give back what is not done."""
        self._stopping.set()
        bell.ring()
        deadline = time.monotonic() + grace
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))
        queue.give_back(self.name, at=self._clock())

    def _in_thread(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        finally:
            connections.close_all()

    def _work_loop(self) -> None:
        while not self._stopping.is_set():
            rings = bell.heard()
            if not self._guarded(self._work_once):
                bell.listen(rings, self._poll)

    def _work_once(self) -> bool:
        job = queue.claim(self.name, at=self._clock(), queues=self._queues, lease=self._lease)
        if job is None:
            return False
        work(job, self._clock)
        return True

    def _keep_loop(self) -> None:
        pause = min(self._lease.total_seconds() / 4, 5.0)
        while not self._stopping.is_set():
            self._guarded(self.keep)
            self._stopping.wait(pause)

    def keep(self) -> bool:
        """Renew the leases, take back what dead workers left, start what is scheduled."""
        queue.renew(self.name, at=self._clock(), lease=self._lease)
        queue.take_back(at=self._clock())
        schedules.start_due(at=self._clock())
        return True

    def _guarded(self, step: Callable[[], bool]) -> bool:
        """Outlive a database that is away or busy: the next round tries again."""
        try:
            return step()
        except DatabaseError:
            logger.exception("The job worker %s could not reach the database.", self.name)
            return False
        finally:
            close_old_connections()
