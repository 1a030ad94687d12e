"""Contacts and interactions: one primary contact at most, follow-ups that the latest one sets."""

from datetime import date, timedelta

import pytest

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Interaction
from guanxi.kernel.rules import RuleBroken
from tests.cast import NOW, change
from tests.customers.company import make_contact, make_customer, make_interaction

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def primary_of(customer: Customer) -> list[str]:
    return list(Contact.objects.in_use().filter(customer=customer, is_primary=True).values_list("name", flat=True))


def test_the_first_contact_becomes_the_primary_one() -> None:
    customer = make_customer()
    make_contact(customer, "赵敏")
    make_contact(customer, "钱多")
    assert primary_of(customer) == ["赵敏"]


def test_a_new_primary_contact_takes_the_place_of_the_former() -> None:
    customer = make_customer()
    first = make_contact(customer, "赵敏")
    make_contact(customer, "钱多", is_primary=True)
    assert primary_of(customer) == ["钱多"]
    with change("edit") as writer:
        actions.edit_contact(first, is_primary=True, name="赵 敏", change=writer)
    assert primary_of(customer) == ["赵 敏"]


def test_binning_the_primary_contact_leaves_the_next_one() -> None:
    customer = make_customer()
    first, _second = make_contact(customer, "赵敏"), make_contact(customer, "钱多")
    with change("bin") as writer:
        actions.bin_contact(first, change=writer)
    assert primary_of(customer) == ["钱多"]
    with change("restore") as writer:
        actions.restore_contact(first, change=writer)
    assert primary_of(customer) == ["钱多"]
    assert Contact.objects.in_use().count() == 2


def test_a_contact_needs_a_name_and_stays_with_its_customer() -> None:
    customer = make_customer()
    contact = make_contact(customer)
    with pytest.raises(RuleBroken):
        make_contact(customer, "　")
    with pytest.raises(RuleBroken), change() as writer:
        actions.edit_contact(contact, customer=make_customer("乙"), change=writer)


def test_nothing_is_added_to_a_customer_in_the_bin() -> None:
    customer = make_customer()
    contact = make_contact(customer)
    with change("bin") as writer:
        actions.bin_customer(customer, change=writer)
    with pytest.raises(RuleBroken):
        make_contact(customer)
    with pytest.raises(RuleBroken):
        make_interaction(customer)
    with pytest.raises(RuleBroken), change() as writer:
        actions.restore_contact(contact, change=writer)


def test_an_interaction_moves_the_customers_dates() -> None:
    customer = make_customer(at=NOW - 30 * DAY)
    make_interaction(customer, NOW - DAY, next_follow_up=date(2026, 12, 1))
    older = make_interaction(customer, NOW - 9 * DAY, next_follow_up=date(2026, 11, 20))
    customer.refresh_from_db()
    assert customer.last_interaction_at == customer.last_touched_at == NOW - DAY
    assert customer.next_follow_up == date(2026, 12, 1)
    latest = make_interaction(customer, NOW)
    customer.refresh_from_db()
    assert (customer.last_interaction_at, customer.next_follow_up) == (NOW, None)
    for one in (latest, older):
        with change("bin") as writer:
            actions.bin_interaction(one, change=writer)
    customer.refresh_from_db()
    assert (customer.last_interaction_at, customer.next_follow_up) == (NOW - DAY, date(2026, 12, 1))
    with change("restore") as writer:
        actions.restore_interaction(latest, change=writer)
    customer.refresh_from_db()
    assert customer.last_interaction_at == NOW


def test_a_customer_counts_as_touched_when_it_is_entered() -> None:
    customer = make_customer(at=NOW - DAY)
    customer.refresh_from_db()
    assert (customer.last_touched_at, customer.last_interaction_at) == (NOW - DAY, None)


def test_what_lies_in_the_future_did_not_take_place() -> None:
    customer = make_customer()
    with pytest.raises(RuleBroken) as refusal:
        make_interaction(customer, NOW + timedelta(minutes=1))
    assert refusal.value.field == "happened_at"
    with pytest.raises(RuleBroken):
        make_interaction(customer, overview="  ")
    with pytest.raises(RuleBroken) as refusal:
        make_interaction(customer, next_follow_up=date(2026, 11, 22))
    assert refusal.value.field == "next_follow_up"
    assert not Interaction.objects.exists()


def test_editing_an_interaction_checks_it_again() -> None:
    customer = make_customer()
    interaction = make_interaction(customer)
    with pytest.raises(RuleBroken), change("edit") as writer:
        actions.edit_interaction(interaction, happened_at=NOW + DAY, change=writer)
    with change("edit") as writer:
        actions.edit_interaction(interaction, overview="签了合同", next_follow_up=date(2026, 11, 30), change=writer)
    customer.refresh_from_db()
    assert customer.next_follow_up == date(2026, 11, 30)
