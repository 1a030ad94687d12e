"""Two people at once: one of them wins, the other one is told, nothing is counted twice."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Order
from guanxi.kernel.rules import RuleBroken
from tests.cast import change, make_user
from tests.customers.company import TODAY, make_contact, make_customer, make_order, pay

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The results of acts begun at the same moment; a refusal is a result, too."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait(10)
        try:
            results[place] = acts[place]()
        except RuleBroken as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def refusals(results: list[Any]) -> int:
    return sum(isinstance(result, RuleBroken) for result in results)


def test_one_name_is_taken_once() -> None:
    results = at_once(*[lambda: make_customer("云栖智造")] * 4)
    assert refusals(results) == 3
    assert Customer.objects.count() == 1


def test_numbers_differ() -> None:
    made = at_once(*[lambda name=name: make_customer(name) for name in "甲乙丙丁"])
    assert len({customer.number for customer in made}) == 4


def test_an_order_is_paid_once() -> None:
    order = make_order(make_customer())
    results = at_once(*[lambda: pay(Order.objects.get(pk=order.pk), "100")] * 3)
    assert refusals(results) == 2
    order.refresh_from_db()
    assert (order.paid, order.payments.count()) == (100, 1)


def test_payments_of_two_orders_all_count() -> None:
    customer = make_customer()
    orders = [make_order(customer) for _ in range(3)]
    at_once(*[lambda order=order: pay(order, "100") for order in orders])
    customer.refresh_from_db()
    assert (customer.paid_total, customer.paid_count, customer.received_total) == (300, 3, 300)


def test_a_customer_of_the_pool_is_claimed_once() -> None:
    rights = ("customers.view_customer", "customers.claim_customer")
    people = [make_user(name, *rights) for name in ("李思远", "王若溪", "周晓")]
    customer = make_customer()

    def claim(person: Any) -> None:
        with change("claim", by=person) as writer:
            actions.claim_customer(Customer.objects.get(pk=customer.pk), change=writer)

    results = at_once(*[lambda person=person: claim(person) for person in people])
    assert refusals(results) == 2
    assert Customer.objects.get(pk=customer.pk).manager in people


def test_one_contact_becomes_the_primary_one() -> None:
    customer = make_customer()
    at_once(*[lambda name=name: make_contact(customer, name) for name in "甲乙丙"])
    assert Contact.objects.filter(is_primary=True).count() == 1


def test_lines_do_not_change_under_a_payment() -> None:
    order = make_order(make_customer())
    line = {"goods": "齿轮", "quantity": Decimal(1), "unit_price": Decimal(10)}

    def edit() -> None:
        with change("edit") as writer:
            actions.edit_order(Order.objects.get(pk=order.pk), lines=[line], change=writer)

    at_once(edit, lambda: pay(Order.objects.get(pk=order.pk), "50", TODAY))
    order.refresh_from_db()
    assert (order.total, order.paid) in [(100, 50), (10, 0)]
