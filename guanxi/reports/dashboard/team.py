"""What compares people: who sold what this month, and whose large customers are at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Sum

from guanxi.customers.models import Customer, Order
from guanxi.reports.periods import Period, period_to

SELLERS = 8
RISKS = 6


@dataclass(frozen=True)
class Seller:
    """What a salesperson's orders of a period brought, as far as they are fully paid by now."""

    user: Any
    count: int
    total: Decimal


def sellers(user: Any, *, today: date, amounts: bool = True) -> tuple[Period, Sequence[Seller]]:
    """The salespeople with the most, of the orders of this month within reach; orders without one do not count.

    Without `amounts` they stand by their number of orders: an order by amounts would tell what is masked.
    """
    period = period_to(today, "month")
    rows = Order.objects.visible_to(user).filter(
        state=Order.State.PAID, ordered_at__range=(period.begins, period.ends), salesperson__isnull=False
    )
    sums = rows.order_by().values_list("salesperson").annotate(count=Count("pk"), sum=Sum("total"))
    place = 2 if amounts else 1
    best = sorted(sums, key=lambda row: (-row[place], row[0]))[:SELLERS]
    names = get_user_model()._default_manager.in_bulk([pk for pk, _count, _sum in best])
    return period, [Seller(names[pk], count, total) for pk, count, total in best]


def at_risk(user: Any, *, amounts: bool = True) -> Any:
    """The customers within reach that are at risk, those who bought most first; without `amounts` most often."""
    rows = Customer.objects.visible_to(user).filter(state=Customer.State.AT_RISK)
    return rows.select_related("manager", "level", "area").order_by("-paid_total" if amounts else "-paid_count", "-pk")
