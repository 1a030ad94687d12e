"""Telling salespeople of the steps that they planned for today."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from guanxi.accounts.notices import DUE, notify_each
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.kernel.days import company_day
from guanxi.marketing.models import DevelopmentPlan


@task("marketing.tell_due", label=_("Remind of due plans"), unique=True)
def tell_due(run: Run) -> dict[str, int]:
    """Tell the salesperson of each open plan item of today."""
    today = company_day(run.at)
    due = DevelopmentPlan.objects.open().filter(planned_on=today).select_related("chance").order_by("pk")
    return {"told": notify_each(DUE, ((one.chance.assigned_to_id, one, f"{today:%m-%d}") for one in due), at=run.at)}


plan("marketing.tell_due", tell_due, daily_at=time(7, 30))
