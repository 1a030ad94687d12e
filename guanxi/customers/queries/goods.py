"""What goods brought in, as the lines of paid orders say, and as the rollup has it."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Sum

from guanxi.customers.models import GoodsMonth, Order, OrderLine
from guanxi.kernel.days import months_before
from guanxi.kernel.fields import MoneyField

_AMOUNT = Sum("amount", output_field=MoneyField())


def sold(lines: Any) -> Any:
    """Of these lines, those of orders in use that are fully paid."""
    return lines.filter(binned_in__isnull=True, order__binned_in__isnull=True, order__state=Order.State.PAID)


def goods_of_lines(lines: Any) -> Any:
    """One row for each goods of these lines: `goods`, `count` of orders, `sum` of amounts."""
    return lines.order_by().values("goods").annotate(count=Count("order", distinct=True), sum=_AMOUNT)


def goods_of_rollup(rows: Any) -> Any:
    """The same of these rows of the rollup; those that add up to nothing stay."""
    return rows.order_by().values("goods").annotate(count=Sum("orders"), sum=_AMOUNT)


def true_goods(month: date) -> Any:
    """What the rollup must say of a month, by the lines themselves."""
    days = (month, months_before(month, -1) - timedelta(days=1))
    return goods_of_lines(sold(OrderLine.objects.filter(order__ordered_at__range=days)))


def months_of_orders() -> list[date]:
    """The first day of every month from the first order in use to the last, and of those that the rollup has besides."""
    months = set(GoodsMonth.objects.order_by().values_list("month", flat=True).distinct())
    first, last = first_and_last_order()
    month = first and first.replace(day=1)
    while month and last and month <= last:
        months.add(month)
        month = months_before(month, -1)
    return sorted(months)


def first_and_last_order() -> tuple[date | None, date | None]:
    """The days of the first order in use and of the last, each from one end of the index by day."""
    days = Order.objects.in_use().values_list("ordered_at", flat=True)
    ends = (F("ordered_at").asc(nulls_first=True), "id"), (F("ordered_at").desc(nulls_last=True), "-id")
    return days.order_by(*ends[0]).first(), days.order_by(*ends[1]).first()
