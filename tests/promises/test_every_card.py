"""Every card of the start page asks as little for many rows as for one, and hides amounts from whom they are masked."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanxi.accounts.models import User
from guanxi.customers import actions as customers
from guanxi.customers.models import Customer, Order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.marketing import actions as marketing
from guanxi.service import actions as service
from guanxi.service.models import ServiceTicket
from guanxi.system.home_cards import all_cards
from tests import cast
from tests.promises.records import entry, make_customer, make_loss_case, make_plan, make_ticket
from tests.promises.test_every_resource import client_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
FRAGMENT = {"HX-Request": "true"}
CARDS = sorted(all_cards)


@pytest.fixture(autouse=True)
def clock():
    """What is due, late or of this month depends on it."""
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def owner():
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True)


def fill(owner: User, number: int) -> None:
    """One row more for every card."""
    make_plan(owner, 1000 + number)
    make_loss_case(owner, 2000 + number)
    make_ticket(owner, 3000 + number)
    order = sold(owner, make_customer(owner, 4000 + number))
    idle(owner, number)
    handled = make_ticket(owner, 5000 + number)
    with cast.change(by=owner) as change:
        customers.pay_order(order, amount=Decimal("10.00"), paid_at=date(2026, 11, 2), change=change)
        customers.create_interaction(
            customer=order.customer,
            happened_at=cast.NOW,
            overview="谈",
            next_follow_up=date(2026, 11, 23),
            change=change,
        )
        marketing.create_chance(
            customer_name=f"无人{number}",
            contact_name="王",
            contact_wechat="w",
            source=entry("chance_source"),
            change=change,
        )
        service.create_ticket(
            customer=order.customer, kind=entry("service_type"), overview="等", request_text="等", change=change
        )
        service.process_ticket(handled, handling="重启", change=change)


def sold(owner: User, customer: Customer) -> Order:
    line = {"goods": "网关", "quantity": Decimal(1), "unit": "台", "unit_price": Decimal(10)}
    with cast.change(by=owner) as change:
        return customers.create_order(
            customer=customer, ordered_at=date(2026, 11, 1), lines=[line], salesperson=owner, change=change
        )


def idle(owner: User, number: int) -> None:
    """A customer that returns to the pool in five days."""
    with cast.change(by=owner, at=cast.NOW - timedelta(days=200)) as change:
        customer = customers.create_customer(name=f"闲{number}", manager=owner, change=change)
    Customer.objects.filter(pk=customer.pk).derive(last_touched_at=cast.NOW - timedelta(days=85))


def queries(client: Client, card: str) -> int:
    address = reverse("account:home-card", args=[card])
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address, headers=FRAGMENT).status_code == 200
    return len(found)


@pytest.mark.once
def test_every_card_asks_as_much_for_thirty_rows_as_for_one(owner):
    client = client_of(owner)
    fill(owner, 0)
    one = {card: (queries(client, card), queries(client, card))[1] for card in CARDS}
    for number in range(1, 30):
        fill(owner, number)
    assert {card: queries(client, card) for card in CARDS} == one
    assert max(one.values()) <= MOST_QUERIES, one


def test_the_page_of_frames_asks_as_much_whatever_there_is(owner):
    client = client_of(owner)
    client.get("/")
    with CaptureQueriesContext(connection) as found:
        client.get("/")
    assert len(found) <= MOST_QUERIES


def test_no_card_shows_an_amount_to_whom_it_is_hidden(owner):
    fill(owner, 0)
    with cast.change(by=owner) as change:
        marketing.create_chance(
            customer_name="大单",
            contact_name="王",
            contact_wechat="w",
            expected_amount=Decimal("7654321"),
            change=change,
        )
        for customer in Customer.objects.all():
            Customer.objects.filter(pk=customer.pk).derive(paid_total=Decimal("7654321"))
    every = sorted({permission for card in all_cards.values() for permission in card.permissions})
    for masks, seen in (([], True), (["amount"], False)):
        reader = client_of(cast.make_user(f"reader {seen}", *every, scope="all", masks=masks))
        pages = "".join(reader.get(reverse("account:home-card", args=[card])).content.decode() for card in CARDS)
        assert ("765.4" in pages or "7,654,321" in pages) is seen
        assert ("¥" in pages) is seen


def test_there_is_something_on_every_card(owner):
    """Else the counts above would be those of empty cards."""
    fill(owner, 0)
    assert ServiceTicket.objects.filter(step="processed").exists()
    client, empty = client_of(owner), set()
    for card in CARDS:
        page = client.get(reverse("account:home-card", args=[card]), headers=FRAGMENT).content.decode()
        empty |= {card} if 'class="empty"' in page else set()
    assert empty == set()
