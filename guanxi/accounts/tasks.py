"""Housekeeping of sign-ins."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from guanxi.accounts.limits import forget_old_counts
from guanxi.accounts.sessions import SessionStore
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run


@task("accounts.tidy", label=_("Forget what is over of sign-ins and sessions"), unique=True)
def tidy(run: Run) -> dict[str, int]:
    """Forget sessions that are over and counts of failed sign-ins that no longer matter."""
    SessionStore.clear_expired()
    return {"counts": forget_old_counts(run.at)}


plan("accounts.tidy", tidy, daily_at=time(3, 40))
