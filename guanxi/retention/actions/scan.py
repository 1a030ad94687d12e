"""The loss scan: over all customers, a batch a transaction, all in one change set."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from guanxi.customers.models import Customer
from guanxi.history.models import ChangeSet, Way
from guanxi.history.writer import close_change_set, continuing, open_change_set
from guanxi.kernel.batches import BATCH
from guanxi.kernel.days import company_day
from guanxi.retention.actions.case import open_cases
from guanxi.retention.models import LossScan
from guanxi.retention.queries import LossRule, fading, left_alone
from guanxi.search.index import indexed_once

Progress = Callable[[int, int], None]
"""`progress(done, total)`: called after each batch."""


def scan_losses(
    rule: LossRule,
    *,
    at: datetime,
    way: Way = Way.JOB,
    by: Any = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> LossScan:
    """Warn of every customer that the rule meets; safe to run twice, and twice at once.

    A dry run counts and writes nothing but its report.
    """
    today = company_day(at)
    normal = Customer.objects.in_use().filter(state=Customer.State.NORMAL)
    standing = _standing()
    met, alone = _met(normal, rule, today)
    begin = partial(open_change_set, "scan", by=by, at=at, way=way)
    found = sum(map(len, met.values()))
    opened = found if dry_run else _open(met, today, begin, progress)
    standing[Customer.State.AT_RISK.value] += found - opened  # another scan was there first
    return LossScan(
        at=at,
        by=by,
        dry_run=dry_run,
        opened=opened,
        skipped={"won_back_lately": alone, **standing},
    )


def _met(normal: Any, rule: LossRule, today: date) -> tuple[dict[int, list[int]], int]:
    """The customers to warn of by the months of their rule, and how many are left alone."""
    met: dict[int, list[int]] = {}
    alone = 0
    for months, group in rule.groups():
        found = fading(normal.filter(group), today=today, months=months)
        free = left_alone(today=today, months=months)
        met.setdefault(months, []).extend(found.exclude(free).order_by("pk").values_list("pk", flat=True))
        alone += found.filter(free).count()
    return met, alone


def _open(met: dict[int, list[int]], today: date, begin: Callable[[], ChangeSet], progress: Progress | None) -> int:
    batches = [(months, ids[n : n + BATCH]) for months, ids in met.items() for n in range(0, len(ids), BATCH)]
    if not batches:
        return 0
    change_set = begin()
    opened = 0
    for done, (months, ids) in enumerate(batches, start=1):
        with continuing(change_set) as change, indexed_once():
            opened += open_cases(ids, months=months, today=today, change=change)
        if progress:
            progress(done, len(batches))
    close_change_set(change_set)
    return opened


def _standing() -> dict[str, int]:
    """How many customers have a case already, by the state of the customer."""
    rows = Customer.objects.in_use()
    return {state.value: rows.filter(state=state).count() for state in (Customer.State.AT_RISK, Customer.State.LOST)}
