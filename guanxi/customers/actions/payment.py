"""Money that comes in for an order, and money that goes back."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.order import hold_order, standing_of
from guanxi.customers.actions.sums import settle_customers
from guanxi.customers.models import Order, Payment
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.money import cents, write_money
from guanxi.kernel.rules import RuleBroken


def pay_order(order: Order, *, amount: Decimal, paid_at: date, change: ChangeWriter, **fields: Any) -> Payment:
    """Book money that came in, at most what is outstanding; the order's state follows."""
    stands = hold_order(order)
    _check(amount, paid_at, change)
    due = stands.total - stands.paid
    if amount > due and Order.flow.allows("pay", stands):
        raise RuleBroken(_("Only %(amount)s is outstanding.") % {"amount": write_money(due)}, field="amount")
    return _book("pay", order, stands, change, {"amount": amount, "paid_at": paid_at, **fields})


def refund_order(order: Order, *, amount: Decimal, paid_at: date, change: ChangeWriter, **fields: Any) -> Payment:
    """Book money that went back, at most what is kept; `amount` is above 0, the payment below."""
    stands = hold_order(order)
    _check(amount, paid_at, change)
    if amount > stands.paid and Order.flow.allows("refund", stands):
        raise RuleBroken(_("Only %(amount)s is kept.") % {"amount": write_money(stands.paid)}, field="amount")
    return _book("refund", order, stands, change, {"amount": -amount, "paid_at": paid_at, **fields})


def _check(amount: Decimal, paid_at: date, change: ChangeWriter) -> None:
    if amount <= 0 or amount != cents(amount):
        raise RuleBroken(_("Enter an amount above 0, with at most 2 decimals."), field="amount")
    if paid_at > company_day(change.at):
        raise RuleBroken(_("This day lies in the future."), field="paid_at")


def _book(verb: str, order: Order, stands: Order, change: ChangeWriter, payment: dict[str, Any]) -> Payment:
    """Take the step to the state that the payments lead to, then write the payment."""
    earlier = list(stands.payments.in_use().order_by("paid_at", "pk").values_list("paid_at", "amount"))
    payments = sorted([*earlier, (payment["paid_at"], payment["amount"])], key=lambda one: one[0])
    Order.flow.take(verb, order, change, **standing_of(stands.total, stands.ordered_at, payments))
    booked = change.create(Payment, order=order, customer_id=stands.customer_id, **payment)
    settle_customers([stands.customer_id], change=change)
    return booked
