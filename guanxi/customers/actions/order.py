"""What people do with orders."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.holding import hold_customer, without_customer
from guanxi.customers.actions.lines import Line, checked_lines, replace_lines, same_lines, total_of
from guanxi.customers.actions.sums import settle_customers
from guanxi.customers.models import Customer, Order, OrderLine
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.kernel.uniqueness import told_apart
from guanxi.parameters.numbers import take_numbers


def create_order(
    *,
    customer: Customer,
    ordered_at: date,
    lines: Sequence[Line],
    change: ChangeWriter,
    number: str = "",
    **fields: Any,
) -> Order:
    """Enter an order with its lines; the salesperson is the customer's manager unless named.

    A total of 0 counts as paid. Raises RuleBroken for a line at fault, a taken number or a future day.
    """
    held = hold_customer(customer.pk)
    _refuse_future(ordered_at, change)
    rows = checked_lines(lines)
    standing = standing_of(total_of(rows), ordered_at, [])
    fields["salesperson"] = fields.get("salesperson") or held.manager
    number = number or take_numbers("DD", company_day(change.at))[0]
    with told_apart(lambda: _refuse_number(number)):
        order = change.create(
            Order, customer=customer, number=number, ordered_at=ordered_at, total=total_of(rows), **standing, **fields
        )
    change.create_many(OrderLine, [{**row, "order": order} for row in rows])
    settle_customers([customer.pk], change=change)
    return order


def edit_order(
    order: Order,
    *,
    change: ChangeWriter,
    seen: int | None = None,
    lines: Sequence[Line] | None = None,
    **fields: Any,
) -> Order:
    """Change an order; its lines stand as soon as anything is paid, and while it is cancelled."""
    stands = hold_order(order)
    fields = without_customer(order, fields)
    ordered_at = fields.get("ordered_at", stands.ordered_at)
    _refuse_future(ordered_at, change)
    total = stands.total
    if lines is not None:
        total = _edit_lines(stands, lines, change)
    if stands.state != Order.State.CANCELLED:
        fields |= standing_of(total, ordered_at, _payments_of(stands))
    change.update(order, seen=seen, total=total, **fields)
    settle_customers([stands.customer_id], change=change)
    return order


def cancel_order(order: Order, *, reason: str, change: ChangeWriter) -> None:
    """Call an order off, with a reason; refused while money is kept for it."""
    stands = hold_order(order)
    if not tidy(reason):
        raise RuleBroken(_("Say why the order is cancelled."), field="reason")
    if stands.paid:
        raise RuleBroken(_("%(amount)s is kept for this order: refund it first.") % {"amount": f"¥{stands.paid:,.2f}"})
    Order.flow.take("cancel", order, change, paid_at=None, cancel_reason=tidy(reason))
    settle_customers([stands.customer_id], change=change)


def reopen_order(order: Order, *, change: ChangeWriter) -> None:
    """Let a cancelled order stand again."""
    stands = hold_order(order)
    standing = standing_of(stands.total, stands.ordered_at, [])
    Order.flow.take("reopen", order, change, cancel_reason="", **standing)
    settle_customers([stands.customer_id], change=change)


def hold_order(order: Order) -> Order:
    """The order as it stands, locked with its customer to the end of the transaction."""
    hold_customer(order.customer_id)
    held: Order = Order.objects.select_for_update().get(pk=order.pk)
    if held.binned_in is not None:
        raise RuleBroken(_("“%(order)s” is in the bin.") % {"order": held})
    return held


def standing_of(total: Decimal, ordered_at: date, payments: Iterable[tuple[date, Decimal]]) -> dict[str, Any]:
    """State, sum and day of full payment that follow from payments in the order of their days."""
    paid = Decimal("0.00")
    paid_at = ordered_at if total == 0 else None
    for day, amount in payments:
        before, paid = paid, paid + amount
        if before < total <= paid:
            paid_at = day
    if paid == total:
        return {"state": Order.State.PAID.value, "paid": paid, "paid_at": paid_at}
    state = Order.State.PARTLY_PAID if paid else Order.State.UNPAID
    return {"state": state.value, "paid": paid, "paid_at": None}


def _payments_of(order: Order) -> list[tuple[date, Decimal]]:
    return list(order.payments.in_use().order_by("paid_at", "pk").values_list("paid_at", "amount"))


def _edit_lines(order: Order, lines: Sequence[Line], change: ChangeWriter) -> Decimal:
    rows = checked_lines(lines)
    if same_lines(order, rows):
        return order.total
    if order.paid:
        raise RuleBroken(_("Lines are fixed once anything is paid: refund it first."), field="lines")
    if order.state == Order.State.CANCELLED:
        raise RuleBroken(_("The order is cancelled: reopen it first."), field="lines")
    replace_lines(order, ids=[line.get("id") for line in lines], rows=rows, change=change)
    return total_of(rows)


def _refuse_future(day: date, change: ChangeWriter) -> None:
    if day > company_day(change.at):
        raise RuleBroken(_("This day lies in the future."), field="ordered_at")


def _refuse_number(number: str) -> None:
    if Order.objects.filter(number=number).exists():
        raise RuleBroken(_("The number %(number)s was given out already.") % {"number": number}, field="number")
