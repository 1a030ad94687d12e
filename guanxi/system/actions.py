"""What administrators do with jobs and schedules: the queue is no business data, that somebody reached in is logged."""

from guanxi.history.writer import ChangeWriter
from guanxi.jobs import queue, schedules
from guanxi.jobs.models import Job, Schedule


def retry_job(job: Job, *, change: ChangeWriter) -> None:
    """Try a failed or cancelled job again; raises RuleBroken if it stands elsewhere."""
    queue.retry(job, at=change.at)
    change.note(job)


def cancel_job(job: Job, *, change: ChangeWriter) -> None:
    """Stop an unfinished job; raises RuleBroken if it has ended."""
    queue.cancel(job, at=change.at)
    change.note(job)


def run_schedule(schedule: Schedule, *, change: ChangeWriter) -> None:
    """Start a scheduled task now; raises RuleBroken while its last run is unfinished."""
    schedules.start_now(schedule, at=change.at, owner=change.by)
    change.note(schedule)


def pause_schedule(schedule: Schedule, *, change: ChangeWriter) -> None:
    """Keep a task from running by itself."""
    schedules.switch(schedule, on=False, at=change.at)
    change.note(schedule)


def resume_schedule(schedule: Schedule, *, change: ChangeWriter) -> None:
    """Let a task run by itself again, next when it is due from now on."""
    schedules.switch(schedule, on=True, at=change.at)
    change.note(schedule)
