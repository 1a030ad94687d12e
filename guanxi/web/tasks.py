"""Housekeeping of what pages leave behind."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.web.models import SubmitKey

KEPT = timedelta(days=7)
"""How long a form that was carried out is known, so that sending it again changes nothing."""


@task("web.tidy", label=_("Forget old keys of forms"), unique=True)
def tidy(run: Run) -> dict[str, int]:
    """Forget the keys of forms that were carried out long ago."""
    forgotten, _per_model = SubmitKey.objects.filter(at__lt=run.at - KEPT).delete()
    return {"forgotten": forgotten}


plan("web.tidy", tidy, daily_at=time(3, 40))
