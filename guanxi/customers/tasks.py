"""The nightly return of customers that nobody looks after, the recount of sums and of goods, and the follow-ups of the day."""

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.accounts.notices import DUE, MENDED, notify_each
from guanxi.customers.actions import return_idle
from guanxi.customers.actions.goods import fold_goods, mend_goods
from guanxi.customers.actions.mending import Difference, mend_sums
from guanxi.customers.models import Customer, GoodsMonth
from guanxi.customers.queries import idle, pool_rule
from guanxi.customers.queries.goods import months_of_orders
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.jobs.models import Job
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.kernel.batches import BATCH
from guanxi.kernel.days import company_day

LISTED = 1_000
"""Differences that the report of a recount names; it counts all of them."""


@task("customers.return_idle", label=_("Return idle customers to the pool"), unique=True)
def return_idle_customers(run: Run) -> dict[str, int]:
    """Put customers that the rule meets into the public pool, a batch a change set."""
    rule = pool_rule()
    if rule is None:
        return {"returned": 0}
    found = idle(Customer.objects.all(), day=company_day(run.at), rule=rule)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    returned = 0
    for start in range(0, len(ids), BATCH):
        with changing("return", by=None, at=run.at, way=Way.JOB) as change:
            returned += return_idle(ids[start : start + BATCH], rule=rule, change=change)
        run.progress(start, len(ids))
    return {"returned": returned}


plan("customers.return_idle", return_idle_customers, daily_at=time(2, 0))


@task("customers.recount", label=_("Compare the sums of customers with the truth"), unique=True)
def recount(run: Run) -> dict[str, Any]:
    """Mend every derived column that differs, a batch a transaction, and the rollup of goods, a month at a time.

    Whoever watches the jobs is told of differences.
    """
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    months = months_of_orders()
    total, found = len(ids) + len(months), list[tuple[str, Difference]]()
    for start in range(0, len(ids), BATCH):
        found += [(Customer.label(), one) for one in mend_sums(ids[start : start + BATCH])]
        run.progress(min(start + BATCH, len(ids)), total)
    for done, month in enumerate(months, start=len(ids) + 1):
        found += [(GoodsMonth._meta.label_lower, one) for one in mend_goods(month)]
        fold_goods(month)
        run.progress(done, total)
    if found:
        watching = User.objects.holding("jobs.view_job").values_list("pk", flat=True)
        job = Job.objects.get(pk=run.job_id)
        notify_each(MENDED, ((pk, job, str(len(found))) for pk in watching), at=run.at)
    listed = [{**vars(one), "model": model} for model, one in found[:LISTED]]
    return {"customers": len(ids), "months": len(months), "differences": len(found), "listed": listed}


plan("customers.recount", recount, daily_at=time(4, 15))


@task("customers.tell_due", label=_("Remind of due follow-ups"), unique=True)
def tell_due(run: Run) -> dict[str, int]:
    """Tell managers whose follow-up with a customer is due today."""
    today = company_day(run.at)
    due = Customer.objects.in_use().filter(next_follow_up=today, manager__isnull=False).order_by("pk")
    return {"told": notify_each(DUE, ((one.manager_id, one, f"{today:%m-%d}") for one in due), at=run.at)}


plan("customers.tell_due", tell_due, daily_at=time(7, 30))
