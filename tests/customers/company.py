"""Short ways to make customers and orders in tests, through the actions that people use."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guanxi.accounts.models import User
from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from tests.cast import NOW, change

TODAY = date(2026, 11, 23)
LINE = {"goods": "轴承", "quantity": Decimal(2), "unit": "个", "unit_price": Decimal("50")}


def make_customer(name: str = "云栖智造", *, by: User | None = None, at: datetime = NOW, **fields: Any) -> Customer:
    with change("create", by=by, at=at) as writer:
        return actions.create_customer(name=name, change=writer, **fields)


def make_contact(customer: Customer, name: str = "赵敏", **fields: Any) -> Contact:
    with change("create") as writer:
        return actions.create_contact(customer=customer, name=name, change=writer, **fields)


def make_interaction(customer: Customer, happened_at: datetime = NOW, **fields: Any) -> Interaction:
    with change("create") as writer:
        return actions.create_interaction(
            customer=customer, happened_at=happened_at, **{"overview": "谈了报价", **fields}, change=writer
        )


def make_order(
    customer: Customer, *, ordered_at: date = TODAY, total: Any = None, at: datetime = NOW, **fields: Any
) -> Order:
    """An order of one line: 100.00 unless a total is given."""
    line = LINE if total is None else {**LINE, "quantity": Decimal(1), "unit_price": Decimal(total)}
    with change("create", at=at) as writer:
        return actions.create_order(
            customer=customer, ordered_at=ordered_at, **{"lines": [line], **fields}, change=writer
        )


def pay(order: Order, amount: Any, paid_at: date = TODAY) -> Payment:
    with change("pay") as writer:
        return actions.pay_order(order, amount=Decimal(amount), paid_at=paid_at, change=writer)


def refund(order: Order, amount: Any, paid_at: date = TODAY) -> Payment:
    with change("refund") as writer:
        return actions.refund_order(order, amount=Decimal(amount), paid_at=paid_at, change=writer)


def cancel(order: Order, reason: str = "客户改了主意") -> None:
    with change("cancel") as writer:
        actions.cancel_order(order, reason=reason, change=writer)
