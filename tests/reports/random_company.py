"""Random small companies, drawn to stand on borders: of days, months, years, bands; the rows are kept as plain dicts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from guanxi.accounts.models import User
from guanxi.customers.actions import rebuild_goods
from guanxi.customers.models import Customer, Order, OrderLine, Payment
from guanxi.dictionary.actions import create_entry
from guanxi.dictionary.models import DictionaryEntry
from guanxi.kernel.records import writing
from guanxi.retention.models import LossCase
from guanxi.service.models import ServiceRound, ServiceTicket
from tests import cast
from tests.reports.ten_customers import VIEWS

GOODS = ["轴承", "网关", 'Valve 3/4"', "阀门 & 管"]
CENTS = [0, 1, 99_999, 100_000, 100_001, 300_000, 300_001, 500_000, 500_001, 123_456_789]
DAYS = [
    *(date(2026, 11, day) for day in (1, 2, 14, 22, 23, 24, 30)),
    *(date(2026, 10, 1), date(2026, 10, 23), date(2026, 10, 31), date(2026, 1, 1), date(2025, 12, 31)),
    *(date(2025, 12, 1), date(2025, 11, 1), date(2025, 11, 23), date(2025, 11, 24), date(2024, 2, 29)),
]
BORDER = timedelta(hours=16)
"""A company's day begins at this hour of UTC, the day before."""


@dataclass
class World:
    """Who and what all random companies share."""

    chief: User
    sellers: list[User]
    levels: list[DictionaryEntry]
    areas: list[DictionaryEntry]
    kinds: list[DictionaryEntry]
    reasons: list[DictionaryEntry]


@dataclass
class RandomCompany:
    """The rows of one company, as they were written."""

    customers: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)


def make_world() -> World:
    departments = [cast.make_department(name) for name in ("East", "West")]
    chief = cast.make_user("chief", holds_all=True)
    sellers = [cast.make_user(f"seller{place}", *VIEWS, department=departments[place % 2]) for place in range(3)]
    names = [("customer_level", 2), ("area", 2), ("service_type", 3), ("loss_reason", 2)]
    with cast.change() as change:
        entries = [
            [create_entry(type=kind, label_zh=f"{kind}{place}", change=change) for place in range(count)]
            for kind, count in names
        ]
    return World(chief, sellers, *entries)


def moment(dice: Random) -> datetime:
    """A moment, often the first or the last of a day in Shanghai."""
    day = dice.choice(DAYS)
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1) + BORDER
    return begins + dice.choice(
        [timedelta(0), timedelta(seconds=86_399), timedelta(seconds=dice.randrange(86_400)), timedelta(hours=10)]
    )


def draw(world: World, dice: Random) -> RandomCompany:
    """A company, written to the database."""
    made = RandomCompany()
    for number in range(dice.randint(1, 12)):
        _customer(made, world, dice, number)
    with writing():
        _write(made, world)
    return made


def _pick(dice: Random, values: Any) -> Any:
    return dice.choice([None, *values])


def _customer(made: RandomCompany, world: World, dice: Random, number: int) -> None:
    manager, key = _pick(dice, world.sellers), len(made.customers)
    customer = {
        "key": key,
        "number": f"KH{number}",
        "name": dice.choice(["华星", "启明", "湘江"]),
        "name_key": f"{number}",
        "manager": manager.pk if manager else None,
        "level": getattr(_pick(dice, world.levels), "pk", None),
        "area": getattr(_pick(dice, world.areas), "pk", None),
        "credit": _pick(dice, [1, 3, 5]),
        "state": dice.choice(["normal", "at_risk", "lost"]),
        "created_at": moment(dice),
        "binned": dice.random() < 0.1,
    }
    made.customers.append(customer)
    for _order in range(0 if customer["binned"] else dice.choice([0, 0, 1, 2, 5])):
        _order_of(made, customer, dice)
    for _ticket in range(dice.choice([0, 1, 3])):
        _ticket_of(made, customer, world, dice)
    if dice.random() < 0.7:
        _case_of(made, customer, world, dice)
    mine = [order for order in made.orders if order["customer"] == key]
    customer["order_count"] = sum(order["state"] != "cancelled" and not order["binned"] for order in mine)


def _order_of(made: RandomCompany, customer: dict[str, Any], dice: Random) -> None:
    total = dice.choice(CENTS) if dice.random() < 0.6 else dice.randrange(2_000_000)
    state = dice.choice(["paid", "paid", "paid", "unpaid", "partly_paid", "cancelled"])
    state = "paid" if state == "partly_paid" and total < 2 else state
    order = {
        "key": len(made.orders),
        "customer": customer["key"],
        "total": total,
        "state": state,
        "ordered_at": dice.choice(DAYS),
        "binned": dice.random() < 0.05,
        "lines": _lines_of(total, dice),
    }
    made.orders.append(order)
    for _payment in range(dice.choice([0, 1, 2])):
        amount = dice.choice([cents for cents in CENTS if cents] + [-100, -300_000])
        made.payments.append(
            {
                "order": order["key"],
                "customer": customer["key"],
                "amount": amount,
                "paid_at": dice.choice(DAYS),
                "binned": order["binned"],
            }
        )


def _ticket_of(made: RandomCompany, customer: dict[str, Any], world: World, dice: Random) -> None:
    created = moment(dice)
    step = dice.choice(["created", "assigned", "processed", "fed_back", "archived"])
    assigned = None if step == "created" else created + timedelta(seconds=dice.randrange(400_000))
    done = assigned + timedelta(seconds=dice.randrange(900_000)) if assigned and step != "assigned" else None
    made.tickets.append(
        {
            "customer": customer["key"],
            "kind": dice.choice(world.kinds).pk,
            "step": step,
            "satisfaction": dice.choice([3, 4, 5]) if step in {"fed_back", "archived"} else _pick(dice, [1, 2]),
            "created_by": dice.choice(world.sellers).pk,
            "assigned_to": dice.choice(world.sellers).pk if assigned else None,
            "created_at": created,
            "assigned_at": assigned,
            "handled_at": done,
            "handle_by": assigned + timedelta(seconds=400_000) if assigned and dice.random() < 0.7 else None,
            "sent_back": bool(assigned) and dice.random() < 0.3,
            "binned": dice.random() < 0.05,
        }
    )


def _lines_of(total: int, dice: Random) -> list[dict[str, Any]]:
    """One to three lines that make the total, some of one goods, some in the bin beside them."""
    parts = [dice.randrange(total + 1) for _line in range(dice.choice([0, 1, 2]))]
    cuts = [0, *sorted(parts), total]
    lines = [{"goods": dice.choice(GOODS), "amount": high - low, "binned": False} for low, high in pairwise(cuts)]
    gone = {"goods": dice.choice(GOODS), "amount": dice.randrange(9_000), "binned": True}
    return [*lines, gone] if dice.random() < 0.1 else lines


def _case_of(made: RandomCompany, customer: dict[str, Any], world: World, dice: Random) -> None:
    state = dice.choice(["open", "confirmed", "confirmed", "won_back"])
    confirmed = state == "confirmed" or (state == "won_back" and dice.random() < 0.5)
    owner = _pick(dice, world.sellers)
    made.cases.append(
        {
            "customer": customer["key"],
            "owner": owner.pk if owner else None,
            "state": state,
            "never_ordered": dice.random() < 0.3,
            "reason": dice.choice(world.reasons).pk if confirmed else None,
            "confirmed_at": moment(dice) if confirmed else None,
            "won_back_at": moment(dice) if state == "won_back" else None,
            "binned": dice.random() < 0.05,
        }
    )


def _write(made: RandomCompany, world: World) -> None:
    by_key = {"updated_at": cast.NOW}
    customers = [
        Customer(
            **{name: row[name] for name in ("number", "name", "name_key", "credit", "state", "order_count")},
            **{f"{name}_id": row[name] for name in ("manager", "level", "area")},
            created_at=row["created_at"],
            binned_in=1 if row["binned"] else None,
            **by_key,
        )
        for row in made.customers
    ]
    Customer.objects.bulk_create(customers)
    for row, customer in zip(made.customers, customers, strict=True):
        row["pk"] = customer.pk
    orders = [_order(row, made) for row in made.orders]
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            goods=line["goods"],
            quantity=1,
            unit_price=Decimal(line["amount"]) / 100,
            amount=Decimal(line["amount"]) / 100,
            binned_in=1 if line["binned"] or row["binned"] else None,
            created_at=cast.NOW,
            **by_key,
        )
        for row, order in zip(made.orders, orders, strict=True)
        for line in row["lines"]
    )
    Payment.objects.bulk_create(
        Payment(
            order_id=orders[row["order"]].pk,
            customer_id=made.customers[row["customer"]]["pk"],
            amount=Decimal(row["amount"]) / 100,
            paid_at=row["paid_at"],
            binned_in=1 if row["binned"] else None,
            created_at=cast.NOW,
            **by_key,
        )
        for row in made.payments
    )
    _write_tickets(made, world)
    LossCase.objects.bulk_create(_case(row, made) for row in made.cases)
    rebuild_goods()


def _order(row: dict[str, Any], made: RandomCompany) -> Order:
    total = Decimal(row["total"]) / 100
    paid = {"paid": total, "partly_paid": Decimal("0.01")}.get(row["state"], Decimal(0))
    return Order(
        number=f"DD{row['key']}",
        customer_id=made.customers[row["customer"]]["pk"],
        ordered_at=row["ordered_at"],
        state=row["state"],
        total=total,
        paid=paid,
        paid_at=row["ordered_at"] if row["state"] == "paid" else None,
        binned_in=1 if row["binned"] else None,
        created_at=cast.NOW,
        updated_at=cast.NOW,
    )


def _write_tickets(made: RandomCompany, world: World) -> None:
    tickets = [
        ServiceTicket(
            number=f"FW{place}",
            customer_id=made.customers[row["customer"]]["pk"],
            overview="o",
            request_text="r",
            **{f"{name}_id": row[name] for name in ("kind", "assigned_to", "created_by")},
            **{name: row[name] for name in ("step", "satisfaction", "created_at", "assigned_at")},
            **{name: row[name] for name in ("handled_at", "handle_by")},
            handled_by_id=row["assigned_to"] if row["handled_at"] else None,
            fed_back_at=cast.NOW if row["step"] == "fed_back" else None,
            archived_at=cast.NOW if row["step"] == "archived" else None,
            binned_in=1 if row["binned"] else None,
            updated_at=cast.NOW,
        )
        for place, row in enumerate(made.tickets)
    ]
    ServiceTicket.objects.bulk_create(tickets)
    ServiceRound.objects.bulk_create(
        ServiceRound(
            ticket=ticket,
            customer_id=ticket.customer_id,
            handling="h",
            handled_by=world.sellers[0],
            handled_at=cast.NOW,
            return_reason="again",
            created_at=cast.NOW,
            updated_at=cast.NOW,
        )
        for ticket, row in zip(tickets, made.tickets, strict=True)
        if row["sent_back"]
    )


def _case(row: dict[str, Any], made: RandomCompany) -> LossCase:
    return LossCase(
        customer_id=made.customers[row["customer"]]["pk"],
        **{f"{name}_id": row[name] for name in ("owner", "reason")},
        **{name: row[name] for name in ("state", "never_ordered", "confirmed_at", "won_back_at")},
        won_back_reason="visited" if row["state"] == "won_back" else "",
        opened_on=date(2024, 1, 1),
        months=6,
        binned_in=1 if row["binned"] else None,
        created_at=cast.NOW,
        updated_at=cast.NOW,
    )
