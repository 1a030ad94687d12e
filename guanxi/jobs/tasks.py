"""Housekeeping of the queue."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.jobs.models import UNFINISHED, Job, State
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run

KEPT = timedelta(days=30)
"""How long done and cancelled jobs stay to be looked at; failed ones stay three times as long."""


@task("jobs.tidy", label=_("Forget old jobs"), unique=True)
def tidy(run: Run) -> dict[str, int]:
    """Forget jobs that ended long ago."""
    ended = Job.objects.exclude(state__in=UNFINISHED)
    old, _per_model = ended.exclude(state=State.FAILED).filter(finished_at__lt=run.at - KEPT).delete()
    failed, _per_model = ended.filter(finished_at__lt=run.at - 3 * KEPT).delete()
    return {"forgotten": old + failed}


plan("jobs.tidy", tidy, daily_at=time(3, 30))
