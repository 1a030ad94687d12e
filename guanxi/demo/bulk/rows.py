"""The rows of one made-up customer and of what hangs on it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from guanxi.customers.actions.order import standing_of
from guanxi.customers.models import Customer, Interaction, Order
from guanxi.demo.bulk import words
from guanxi.kernel.days import company_day
from guanxi.kernel.money import line_amount
from guanxi.kernel.text import fold

Row = dict[str, Any]

ORDERS, LINES, CONTACTS, INTERACTIONS = 5, 3, 2, 3
STATES = [("paid", 70), ("partly_paid", 10), ("unpaid", 14), ("cancelled", 6)]
POOLED = 0.05
FOLLOWED = 0.3
KINDS = Interaction.Kind.values


class Entries(NamedTuple):
    """The ids of the dictionary entries to choose from."""

    level: list[int]
    area: list[int]
    industry: list[int]
    source: list[int]
    way: list[int]
    lose_reason: list[int]
    service: list[int]
    loss_reason: list[int]


class Purchase(NamedTuple):
    """An order's row with those of its lines and payments, which get the order's id later."""

    order: Row
    lines: list[Row]
    payments: list[Row]


def customer_row(number: int, created_at: datetime, managers: Sequence[int], entries: Entries, dice: Random) -> Row:
    """A customer in use, of one of the managers or in the public pool."""
    name = words.company_name(number)
    manager = None if dice.random() < POOLED else dice.choice(managers)
    return {
        "name": name,
        "name_key": fold(name),
        "created_at": created_at,
        "created_by_id": manager or managers[0],
        "since": company_day(created_at),
        "level_id": dice.choice(entries.level),
        "area_id": dice.choice(entries.area),
        "industry_id": dice.choice(entries.industry),
        "source_id": dice.choice(entries.source),
        "credit": dice.randint(1, 5),
        "manager_id": manager,
        "managed_since": created_at if manager else None,
        "phone": words.mobile(dice),
        "address": f"{dice.choice(words.STEMS)}{dice.choice(words.STEMS)}路{dice.randrange(1, 999)}号",
    }


def contact_rows(customer: Customer, dice: Random) -> Iterator[Row]:
    """People there; the first is the primary one."""
    for number in range(CONTACTS):
        yield {
            "customer": customer,
            "name": words.person_name(dice),
            "position": dice.choice(words.POSITIONS),
            "mobile": words.mobile(dice),
            "is_primary": number == 0,
            "created_at": customer.created_at,
            "created_by_id": customer.created_by_id,
        }


def interaction_rows(customer: Customer, until: datetime, dice: Random) -> Iterator[Row]:
    """Calls and visits between the customer's beginning and `until`, some to be followed up."""
    for _ in range(INTERACTIONS):
        happened_at = between(customer.created_at, until, dice)
        follow_up = company_day(happened_at) + timedelta(days=dice.randrange(3, 60))
        yield {
            "customer": customer,
            "happened_at": happened_at,
            "kind": dice.choice(KINDS),
            "overview": dice.choice(words.TALKS),
            "next_follow_up": follow_up if dice.random() < FOLLOWED else None,
            "created_at": happened_at,
            "created_by_id": customer.created_by_id,
        }


def purchases(customer: Customer, until: datetime, ways: Sequence[int], dice: Random) -> Iterator[Purchase]:
    """Orders with their lines and payments, in the order in which they were entered."""
    for created_at in sorted(between(customer.created_at, until, dice) for _ in range(ORDERS)):
        lines = [{**_line(place, dice), "created_at": created_at} for place in range(1, LINES + 1)]
        total = sum((line["amount"] for line in lines), start=Decimal("0.00"))
        state = words.pick(dice, STATES)
        payments = _payments(state, total, created_at, until, dice)
        order = {
            "customer": customer,
            "ordered_at": company_day(created_at),
            "salesperson_id": customer.manager_id,
            "total": total,
            "created_at": created_at,
            "created_by_id": customer.created_by_id,
            **_standing(state, total, company_day(created_at), payments),
        }
        own = [{**payment, "customer": customer, "way_id": dice.choice(ways)} for payment in payments]
        yield Purchase(order, lines, own)


def between(first: datetime, last: datetime, dice: Random) -> datetime:
    """A moment of this span, to the second."""
    return first + timedelta(seconds=int((last - first).total_seconds() * dice.random()))


def _line(place: int, dice: Random) -> Row:
    goods, unit, price = dice.choice(words.GOODS)
    quantity, unit_price = Decimal(dice.randint(1, 40)), Decimal(price)
    amount = line_amount(quantity, unit_price, Decimal(0))
    return {
        "goods": goods,
        "unit": unit,
        "quantity": quantity,
        "unit_price": unit_price,
        "amount": amount,
        "position": place,
    }


def _payments(state: str, total: Decimal, created_at: datetime, until: datetime, dice: Random) -> list[Row]:
    """What came in: all of it, half of it, or nothing."""
    amount = {"paid": total, "partly_paid": total // 2}.get(state)
    if not amount:
        return []
    booked_at = min(created_at + timedelta(days=dice.randrange(45)), until)
    return [{"paid_at": company_day(booked_at), "amount": amount, "created_at": booked_at}]


def _standing(state: str, total: Decimal, ordered_at: date, payments: list[Row]) -> Row:
    """State, sum and day of payment by the same rule as of any order."""
    if state == Order.State.CANCELLED:
        return {"state": state, "cancel_reason": "客户取消"}
    return standing_of(total, ordered_at, [(payment["paid_at"], payment["amount"]) for payment in payments])
