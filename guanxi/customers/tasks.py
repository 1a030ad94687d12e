"""The nightly return of customers that nobody looks after."""

from datetime import time

from guanxi.customers.actions import return_idle
from guanxi.customers.models import Customer
from guanxi.customers.queries import idle, pool_rule
from guanxi.history.models import Way
from guanxi.history.writer import BATCH, changing
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.kernel.days import company_day


@task("customers.return_idle", unique=True)
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
