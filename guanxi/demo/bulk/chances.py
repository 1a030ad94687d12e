"""The rows of made-up sale chances, with the plans of those that are developed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from guanxi.customers.models import Customer
from guanxi.demo.bulk import words
from guanxi.demo.bulk.rows import Entries, Row, between
from guanxi.kernel.days import company_day
from guanxi.marketing.models import SaleChance

PER_CUSTOMER = 0.5
PLANS = 2
STAGES = [("new", 20), ("developing", 30), ("won", 35), ("lost", 15)]


def chance_rows(customer: Customer, number: int, until: datetime, entries: Entries, dice: Random) -> Iterator[Row]:
    """Half of the customers stand beside a chance: the one that won them, or another company's."""
    if dice.random() >= PER_CUSTOMER:
        return
    stage = words.pick(dice, STAGES)
    if customer.manager_id is None and stage != "new":
        return
    created_at = customer.created_at
    won = stage == "won"
    yield {
        "customer_name": customer.name if won else words.company_name(number),
        "customer_id": customer.pk if won else None,
        "source_id": dice.choice(entries.source),
        "success_rate": dice.randrange(0, 101, 5),
        "expected_amount": Decimal(dice.randrange(5, 500) * 1000),
        "expected_on": company_day(created_at) + timedelta(days=dice.randrange(10, 200)),
        "summary": dice.choice(words.TALKS),
        "contact_name": words.person_name(dice),
        "contact_phone": words.mobile(dice),
        "created_at": created_at,
        "created_by_id": customer.created_by_id,
        **_development(stage, customer, until, entries, dice),
    }


def plan_rows(chance: SaleChance, until: datetime, dice: Random) -> Iterator[Row]:
    """Steps of a chance that somebody develops; all are done once it is closed."""
    if chance.assigned_to_id is None:
        return
    for number in range(PLANS):
        planned_on = company_day(chance.created_at) + timedelta(days=7 * (number + 1))
        done_at = chance.closed_at or (between(chance.created_at, until, dice) if number == 0 else None)
        yield {
            "chance": chance,
            "item": dice.choice(words.STEPS),
            "planned_on": planned_on,
            "done_at": done_at,
            "effect": "已完成" if done_at else "",
            "created_at": chance.created_at,
            "created_by_id": chance.assigned_to_id,
        }


def _development(stage: str, customer: Customer, until: datetime, entries: Entries, dice: Random) -> Row:
    if stage == "new":
        return {"stage": stage}
    developed = {"stage": stage, "assigned_to_id": customer.manager_id, "assigned_at": customer.created_at}
    if stage == "developing":
        return developed
    closed_at = min(customer.created_at + timedelta(days=dice.randrange(5, 90)), until)
    reason = dice.choice(entries.lose_reason) if stage == "lost" else None
    return {**developed, "closed_at": closed_at, "lose_reason_id": reason}
