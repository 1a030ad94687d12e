"""Housekeeping of sign-ins."""

from datetime import time

from guanxi.accounts.limits import forget_old_counts
from guanxi.accounts.sessions import SessionStore
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run


@task("accounts.tidy", unique=True)
def tidy(run: Run) -> dict[str, int]:
    """Forget sessions that are over and counts of failed sign-ins that no longer matter."""
    SessionStore.clear_expired()
    return {"counts": forget_old_counts(run.at)}


plan("accounts.tidy", tidy, daily_at=time(3, 40))
