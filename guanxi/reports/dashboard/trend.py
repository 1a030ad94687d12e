"""The contribution of the last months: what the fully paid orders of each brought, by order date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from guanxi.customers.models import Order
from guanxi.kernel.days import months_before
from guanxi.reports.periods import Period

MONTHS = 12


@dataclass(frozen=True)
class MonthOfOrders:
    """The orders of one month that are fully paid by now, counted or added up; of the running month, those so far."""

    period: Period
    value: Any


def trend(user: Any, *, today: date, amounts: bool) -> tuple[Sequence[MonthOfOrders], Sequence[MonthOfOrders]]:
    """The last twelve months, this one last, and the twelve before them, each month beside the same of the year before."""
    firsts = [months_before(today.replace(day=1), back) for back in reversed(range(2 * MONTHS))]
    rows = Order.objects.by_customers(user).filter(state=Order.State.PAID, ordered_at__range=(firsts[0], today))
    # By day, as the index of contribution has them in order: a month would be computed for, and sorted with, every row.
    days = (
        rows.values_list("ordered_at").order_by("ordered_at").annotate(value=Sum("total") if amounts else Count("pk"))
    )
    values: dict[date, Any] = dict.fromkeys(firsts, Decimal("0.00") if amounts else 0)
    for day, value in days:
        values[day.replace(day=1)] += value
    months = [MonthOfOrders(_month(first, today), value) for first, value in values.items()]
    return months[MONTHS:], months[:MONTHS]


def _month(first: date, today: date) -> Period:
    """The days of a month, up to today in the running one."""
    return Period(first, min(months_before(first, -1) - timedelta(days=1), today))
