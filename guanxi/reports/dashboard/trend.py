"""The contribution of the last months: what the fully paid orders of each brought, by order date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from guanxi.customers.models import Order
from guanxi.kernel.days import months_before
from guanxi.reports.dashboard.spans import Span

MONTHS = 12


@dataclass(frozen=True)
class MonthOfOrders:
    """The orders of one month that are fully paid by now; of the running month, those so far."""

    span: Span
    count: int
    total: Decimal


def trend(user: Any, *, today: date) -> tuple[Sequence[MonthOfOrders], Sequence[MonthOfOrders]]:
    """The last twelve months, this one last, and the twelve before them, each month beside the same of the year before."""
    firsts = [months_before(today.replace(day=1), back) for back in reversed(range(2 * MONTHS))]
    rows = Order.objects.visible_to(user).filter(state=Order.State.PAID, ordered_at__range=(firsts[0], today))
    sums = rows.order_by().annotate(month=TruncMonth("ordered_at")).values_list("month")
    found = {month: (count, total) for month, count, total in sums.annotate(count=Count("pk"), sum=Sum("total"))}
    months = [MonthOfOrders(_month(first, today), *found.get(first, (0, Decimal("0.00")))) for first in firsts]
    return months[MONTHS:], months[:MONTHS]


def _month(first: date, today: date) -> Span:
    """The days of a month, up to today in the running one."""
    return Span(first, min(months_before(first, -1) - timedelta(days=1), today))
