"""A customer's money over time: what was bought by month, and what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from guanxi.customers.models import Customer, Order, Payment


@dataclass(frozen=True)
class Entry:
    """One payment with the balance after it: all that the customer has paid so far."""

    payment: Payment
    balance: Decimal


@dataclass(frozen=True)
class Month:
    """The payments of one month, the latest first."""

    first_day: date
    received: Decimal
    refunded: Decimal
    entries: Sequence[Entry]

    @property
    def net(self) -> Decimal:
        """What stayed with us."""
        return self.received - self.refunded


def ledger(customer: Customer) -> list[Month]:
    """The customer's payments with running balance, by month, the latest first."""
    payments = list(customer.payments.in_use().select_related("order", "way", "created_by").order_by("paid_at", "pk"))
    balances = accumulate(payment.amount for payment in payments)
    entries = [Entry(*pair) for pair in zip(payments, balances, strict=True)]
    by_month = groupby(reversed(entries), key=lambda entry: entry.payment.paid_at.replace(day=1))
    return [_month(first_day, list(group)) for first_day, group in by_month]


def _month(first_day: date, entries: list[Entry]) -> Month:
    amounts = [entry.payment.amount for entry in entries]
    received = sum((amount for amount in amounts if amount > 0), start=Decimal("0.00"))
    return Month(first_day, received, received - sum(amounts, start=Decimal("0.00")), entries)


def purchase_months(customer: Customer, *, until: date, months: int = 24) -> list[tuple[date, Decimal]]:
    """What the customer ordered in each of the last months, the month of `until` last; cancelled orders left out."""
    firsts = [_months_back(until, back) for back in reversed(range(months))]
    orders: Any = customer.orders.in_use().exclude(state=Order.State.CANCELLED)
    found = dict(
        orders.filter(ordered_at__gte=firsts[0])
        .order_by()
        .annotate(month=TruncMonth("ordered_at"))
        .values_list("month")
        .annotate(total=Sum("total"))
    )
    return [(first, found.get(first, Decimal("0.00"))) for first in firsts]


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
