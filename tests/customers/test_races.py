"""Two people at once: one of them wins, the other one is told, nothing is counted twice."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from guanxi.access.models import Role
from guanxi.accounts.actions.user import add_member
from guanxi.accounts.models import User
from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Order, Payment
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.kernel.rules import RuleBroken
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP, SaleChance
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase
from tests.cast import change, make_role, make_user
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


def bin_it(customer: Customer) -> None:
    with change("bin") as writer:
        actions.bin_customer(customer, change=writer)


def test_no_order_is_left_behind_in_the_bin() -> None:
    customer = make_customer()
    results = at_once(
        lambda: bin_it(Customer.objects.get(pk=customer.pk)),
        lambda: make_order(Customer.objects.get(pk=customer.pk)),
    )
    assert refusals(results) == 1
    customer.refresh_from_db()
    assert (customer.binned_in is None) == Order.objects.in_use().exists()


def test_a_chance_is_won_or_binned_not_both() -> None:
    seller = make_user("li", DEVELOP, "customers.view_customer")
    with change() as writer:
        chance = marketing.create_chance(
            change=writer, customer_name="云栖智造", contact_name="王", contact_wechat="w", assigned_to=seller
        )

    def act(verb: Callable[..., Any]) -> None:
        mine = SaleChance.objects.get(pk=chance.pk)
        with change("act") as writer:
            verb(mine, change=writer)

    results = at_once(lambda: act(marketing.win_chance), lambda: act(marketing.bin_chance))
    assert refusals(results) == 1
    chance.refresh_from_db()
    assert (chance.stage == "won") == (chance.binned_in is None)


def test_a_case_is_confirmed_and_an_order_paid_without_a_deadlock() -> None:
    with change() as writer:
        fill_dictionary(change=writer)
    reason = DictionaryEntry.objects.of("loss_reason").first()
    customer = make_customer(since=date(2020, 1, 1))
    order = make_order(customer)
    with change() as writer:
        retention.open_cases([customer.pk], months=6, today=TODAY - timedelta(days=1), change=writer)

    def confirm() -> None:
        case = LossCase.objects.get()
        with change("confirm") as writer:
            retention.confirm_loss(case, reason=reason, change=writer)

    results = at_once(confirm, lambda: pay(Order.objects.get(pk=order.pk), "100"))
    assert all(result is None or isinstance(result, RuleBroken | Payment) for result in results)
    assert LossCase.objects.get().state == "won_back"


def test_two_who_hand_out_roles_both_have_their_effect() -> None:
    boss = make_user("boss", holds_all=True)
    user = make_user("li")
    roles = [make_role("customers.view_customer") for _ in range(2)]

    def hand(role: Role) -> None:
        with change("add", by=boss) as writer:
            add_member(role, user=User.objects.get(pk=user.pk), change=writer)

    at_once(*[lambda role=role: hand(role) for role in roles])
    assert user.roles.count() == 3
