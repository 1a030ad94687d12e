"""What people do with orders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.access.reach import reach_of
from guanxi.customers.actions.holding import hold_customer, hold_customers, refuse_binned, without_customer
from guanxi.customers.actions.lines import Line, checked_lines, replace_lines, same_lines, total_of
from guanxi.customers.actions.sums import settle_customers
from guanxi.customers.actions.verdicts import Taken, Verdict, judged, written
from guanxi.customers.models import Customer, Order, OrderLine, Payment
from guanxi.customers.parameters import ORDER_NUMBERS
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import FieldClass
from guanxi.kernel.money import write_money
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.kernel.uniqueness import told_apart
from guanxi.parameters.numbers import free_numbers


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
    begun = _begun(customer=held, ordered_at=ordered_at, lines=lines, change=change, **fields)
    rows = begun.pop("lines")
    begun.pop("payment")
    number = number or free_numbers(ORDER_NUMBERS.kind, company_day(change.at), model=Order)[0]
    with told_apart(lambda: _refuse_number(number)):
        order = change.create(Order, **begun, number=number)
    change.create_many(OrderLine, [{**row, "order": order} for row in rows])
    settle_customers([customer.pk], change=change)
    return order


def judge_orders(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Verdict]:
    """For each row what create_orders would write, or its refusal: Taken where the number was given out.

    Writes nothing. Of two rows of one number, the second one is refused.
    """
    verdicts = [judged(_begun, change=change, **row) for row in rows]
    brought = [row["number"] for row in rows if row.get("number")]
    taken = {order.number: order for order in Order.objects.filter(number__in=brought)}
    for place, fields in enumerate(verdicts):
        number = "" if isinstance(fields, RuleBroken) else fields.get("number")
        if number in taken:
            verdicts[place] = _taken_number(taken[number])
        elif number:
            taken[number] = Order(number=number)
    return verdicts


def create_orders(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Order | RuleBroken]:
    """Enter many orders by the rules of create_order: each one, or its refusal.

    A row marked `paid` brings one payment of its total, on `paid_at` or else the day of the order.
    """
    held = hold_customers([row["customer"].pk for row in rows])
    verdicts = judge_orders(rows=[{**row, "customer": held[row["customer"].pk]} for row in rows], change=change)
    good = [verdict for verdict in verdicts if not isinstance(verdict, RuleBroken)]
    missing = [fields for fields in good if not fields.get("number")]
    taken = {fields["number"] for fields in good if fields.get("number")}
    numbers = free_numbers(ORDER_NUMBERS.kind, company_day(change.at), model=Order, count=len(missing), taken=taken)
    for fields, number in zip(missing, numbers, strict=True):
        fields["number"] = number
    lines, payments = [fields.pop("lines") for fields in good], [fields.pop("payment") for fields in good]
    made = change.create_many(Order, good)
    _hang_on(made, lines, payments, change)
    settle_customers(sorted({order.customer_id for order in made}), change=change)
    return written(verdicts, made)


def _hang_on(made: list[Order], lines: Sequence[Any], payments: Sequence[Any], change: ChangeWriter) -> None:
    """The lines of new orders, and their payments where they brought one."""
    change.create_many(
        OrderLine, ({**row, "order": order} for order, rows in zip(made, lines, strict=True) for row in rows)
    )
    change.create_many(
        Payment,
        (
            {**payment, "order": order, "customer_id": order.customer_id}
            for order, payment in zip(made, payments, strict=True)
            if payment
        ),
    )


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
        text = _("%(amount)s is kept for this order: refund it first.")
        raise RuleBroken(text % {"amount": told(stands.paid, change=change)})
    Order.flow.take("cancel", order, change, paid_at=None, cancel_reason=tidy(reason))
    settle_customers([stands.customer_id], change=change)


def reopen_order(order: Order, *, change: ChangeWriter) -> None:
    """Let a cancelled order stand again."""
    stands = hold_order(order)
    standing = standing_of(stands.total, stands.ordered_at, [])
    Order.flow.take("reopen", order, change, cancel_reason="", **standing)
    settle_customers([stands.customer_id], change=change)


def _begun(
    *,
    customer: Customer,
    ordered_at: date,
    lines: Sequence[Line],
    change: ChangeWriter,
    paid: bool = False,
    paid_at: date | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The fields of a new order, its `lines` as rows, and the `payment` that it brings, or None."""
    refuse_binned(customer)
    _refuse_future(ordered_at, change)
    rows = checked_lines(lines)
    total = total_of(rows)
    paid_at = paid_at or ordered_at
    _refuse_future(paid_at, change, "paid_at")
    paid = paid and total > 0
    return {
        **fields,
        **standing_of(total, ordered_at, [(paid_at, total)] if paid else []),
        "customer": customer,
        "ordered_at": ordered_at,
        "salesperson": fields.get("salesperson") or customer.manager,
        "total": total,
        "lines": rows,
        "payment": {"paid_at": paid_at, "amount": total} if paid else None,
    }


def told(amount: Decimal, *, change: ChangeWriter) -> str:
    """An amount as a refusal names it, which whoever may not see amounts is not told."""
    hidden = change.by is not None and FieldClass.AMOUNT in reach_of(change.by).masked
    return "****" if hidden else write_money(amount)


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


def _refuse_future(day: date, change: ChangeWriter, field: str = "ordered_at") -> None:
    if day > company_day(change.at):
        raise RuleBroken(_("This day lies in the future."), field=field)


def _refuse_number(number: str) -> None:
    other = Order.objects.filter(number=number).first()
    if other is not None:
        raise _taken_number(other)


def _taken_number(other: Order) -> Taken:
    text = _("The number %(number)s was given out already.") % {"number": other.number}
    return Taken(text, field="number", record=other)
