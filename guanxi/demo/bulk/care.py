"""The rows of made-up service tickets with their feedback, and of the cases of customers that stopped buying."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from guanxi.customers.models import Customer
from guanxi.demo.bulk import words
from guanxi.demo.bulk.rows import Entries, Row, between
from guanxi.kernel.days import company_day, months_before, start_of
from guanxi.retention.models import LossCase
from guanxi.service.models import ServiceTicket

PER_CUSTOMER = 0.6
STEPS = [("created", 4), ("assigned", 8), ("processed", 4), ("fed_back", 8), ("archived", 76)]
STARS = [("3", 20), ("4", 35), ("5", 45)]
FEEDBACK = {"fed_back", "archived"}
HANDLED = {"processed", *FEEDBACK}
MONTHS = 6
"""Whoever paid for nothing in so many months is at risk, or lost."""
LONGER_THAN_THE_RULE = 186
"""Days: no six months are longer."""
CASES = [("open", 50), ("confirmed", 40), ("won_back", 10)]
CUSTOMER_STATES = {
    "open": Customer.State.AT_RISK,
    "confirmed": Customer.State.LOST,
    "won_back": Customer.State.NORMAL,
}


def ticket_rows(
    customer: Customer, until: datetime, entries: Entries, clerks: Sequence[int], dice: Random
) -> Iterator[Row]:
    """Six in ten customers asked once; most tickets are in the archive, older ones all."""
    if dice.random() >= PER_CUSTOMER:
        return
    created_at = between(customer.created_at, until, dice)
    step = words.pick(dice, STEPS) if until - created_at < timedelta(days=20) else "archived"
    yield {
        "customer": customer,
        "kind_id": dice.choice(entries.service),
        "overview": dice.choice(words.TALKS),
        "request_text": dice.choice(words.TALKS),
        "step": step,
        "created_at": created_at,
        "created_by_id": dice.choice(clerks),
        **_handled(step, created_at, until, clerks, dice),
    }


def _handled(step: str, created_at: datetime, until: datetime, clerks: Sequence[int], dice: Random) -> Row:
    """What a ticket at this step holds, each moment after the one before it."""
    if step == "created":
        return {}
    clerk = dice.choice(clerks)
    moments = sorted(between(created_at, min(created_at + timedelta(days=5), until), dice) for _ in range(4))
    assigned_at, handled_at, fed_back_at, archived_at = moments
    found: Row = {"assigned_to_id": clerk, "assigned_at": assigned_at}
    if step in HANDLED:
        found |= {"handling": "已处理", "handled_by_id": clerk, "handled_at": handled_at}
    if step in FEEDBACK:
        found |= {"result": "客户认可", "satisfaction": int(words.pick(dice, STARS)), "fed_back_at": fed_back_at}
    return found | ({"archived_at": archived_at} if step == "archived" else {})


def round_rows(ticket: ServiceTicket) -> Iterator[Row]:
    """The one round of a ticket with feedback."""
    if ticket.satisfaction is None:
        return
    yield {
        "ticket": ticket,
        "customer_id": ticket.customer_id,
        "handling": ticket.handling,
        "handled_by_id": ticket.handled_by_id,
        "handled_at": ticket.handled_at,
        "result": ticket.result,
        "satisfaction": ticket.satisfaction,
        "created_at": ticket.fed_back_at,
        "created_by_id": ticket.created_by_id,
    }


def case_rows(customer: Customer, until: datetime, entries: Entries, dice: Random) -> Iterator[Row]:
    """The case of a customer that paid for nothing in the last months; its sums are counted already."""
    last = customer.last_paid_at
    quiet_since = max(company_day(customer.created_at), last or date.min)
    if quiet_since >= months_before(company_day(until), MONTHS):
        return
    opened_at = between(start_of(quiet_since) + timedelta(days=LONGER_THAN_THE_RULE), until, dice)
    state = words.pick(dice, CASES)
    decided_at = between(opened_at, until, dice)
    yield {
        "customer": customer,
        "owner_id": customer.manager_id,
        "state": state,
        "opened_on": company_day(opened_at),
        "last_paid_at": last,
        "never_ordered": False,
        "months": MONTHS,
        "created_at": opened_at,
        "created_by_id": customer.created_by_id,
        **_decided(state, decided_at, entries, dice),
    }


def _decided(state: str, at: datetime, entries: Entries, dice: Random) -> Row:
    if state == LossCase.State.CONFIRMED:
        return {"reason_id": dice.choice(entries.loss_reason), "confirmed_at": at}
    if state == LossCase.State.WON_BACK:
        return {"won_back_at": at, "won_back_reason": "回访后继续合作"}
    return {}
