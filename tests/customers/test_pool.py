"""The public pool: assigned to those who look after customers, claimed within limit and cooling time."""

from datetime import timedelta

import pytest

from guanxi.accounts.models import User
from guanxi.customers import actions
from guanxi.customers.models import Customer
from guanxi.customers.parameters import CLAIM_LIMIT, COOLING_DAYS
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.actions import set_parameter
from tests.cast import NOW, change, make_user
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db

RIGHTS = ("customers.view_customer", "customers.claim_customer")


@pytest.fixture
def owner() -> User:
    return make_user("李思远", *RIGHTS)


@pytest.fixture
def colleague() -> User:
    return make_user("王若溪", *RIGHTS)


def give(customer: Customer, to: User) -> None:
    with change("assign") as writer:
        actions.assign_customer(customer, to=to, change=writer)


def give_back(customer: Customer, by: User, reason: str = "三次联系未果") -> None:
    with change("return", by=by) as writer:
        actions.return_customer(customer, reason=reason, change=writer)


def claim(customer: Customer, by: User, days: int = 0) -> None:
    with change("claim", by=by, at=NOW + timedelta(days=days)) as writer:
        actions.claim_customer(customer, change=writer)


def manager_of(customer: Customer) -> User | None:
    return Customer.objects.get(pk=customer.pk).manager


def test_assigning_gives_a_customer_a_manager(owner: User, colleague: User) -> None:
    customer = make_customer(manager=owner)
    give(customer, colleague)
    customer.refresh_from_db()
    assert (customer.manager, customer.managed_since) == (colleague, NOW)
    give(customer, colleague)
    assert Customer.objects.get(pk=customer.pk).version == 2


def test_a_manager_must_look_after_customers(owner: User) -> None:
    customer = make_customer(manager=owner)
    clerk = make_user("赵敏")
    with pytest.raises(RuleBroken) as refusal:
        give(customer, clerk)
    assert refusal.value.field == "to"
    with pytest.raises(RuleBroken) as refusal:
        make_customer("乙", manager=clerk)
    assert refusal.value.field == "manager"
    with change() as writer:
        writer.update(clerk, is_active=False)
    with pytest.raises(RuleBroken):
        give(customer, clerk)
    assert manager_of(customer) == owner


def test_returning_keeps_who_had_it_and_why(owner: User) -> None:
    customer = make_customer(manager=owner)
    with pytest.raises(RuleBroken) as refusal:
        give_back(customer, owner, " ")
    assert refusal.value.field == "reason"
    give_back(customer, owner)
    customer.refresh_from_db()
    assert (customer.manager, customer.previous_manager) == (None, owner)
    assert (customer.returned_at, customer.return_reason) == (NOW, "三次联系未果")
    assert list(Customer.objects.pooled()) == [customer]
    with pytest.raises(RuleBroken):
        give_back(customer, owner)


def test_claiming_takes_a_customer_out_of_the_pool_once(owner: User, colleague: User) -> None:
    customer = make_customer()
    seen_by_colleague = Customer.objects.get(pk=customer.pk)
    claim(customer, owner)
    assert manager_of(customer) == owner
    with pytest.raises(RuleBroken, match="李思远"):
        claim(seen_by_colleague, colleague)
    assert manager_of(customer) == owner


def test_the_previous_manager_waits_for_the_cooling_time(owner: User, colleague: User) -> None:
    customer = make_customer(manager=owner)
    give_back(customer, owner)
    with pytest.raises(RuleBroken, match="2026-12-23"):
        claim(customer, owner, days=COOLING_DAYS.default - 1)
    claim(customer, owner, days=COOLING_DAYS.default)
    assert manager_of(customer) == owner
    give_back(customer, owner)
    claim(customer, colleague)
    customer.refresh_from_db()
    assert (customer.returned_at, customer.return_reason) == (None, "")


def test_the_cooling_time_holds_for_whoever_looked_before_it_began(owner: User) -> None:
    pooled = make_customer("乙")
    seen = Customer.objects.get(pk=pooled.pk)
    with change("assign") as writer:
        actions.assign_customer(pooled, to=owner, change=writer)
    with change("return", by=owner) as writer:
        actions.return_customer(pooled, reason="不合适", change=writer)
    with pytest.raises(RuleBroken, match="2026-12-23"), change("claim", by=owner) as writer:
        actions.claim_customer(seen, change=writer)
    pooled.refresh_from_db()
    assert pooled.manager is None


def test_the_cooling_time_is_a_setting(owner: User) -> None:
    customer = make_customer(manager=owner)
    give_back(customer, owner)
    with change() as writer:
        set_parameter(COOLING_DAYS, value=0, change=writer)
    claim(customer, owner)


def test_claiming_stops_at_the_limit(owner: User) -> None:
    with change() as writer:
        set_parameter(CLAIM_LIMIT, value=1, change=writer)
    make_customer("甲", manager=owner)
    customer = make_customer("乙")
    with pytest.raises(RuleBroken, match="1"):
        claim(customer, owner)
    assert manager_of(customer) is None


def test_whoever_cannot_open_customers_cannot_claim() -> None:
    with pytest.raises(RuleBroken):
        claim(make_customer(), make_user("赵敏", "customers.claim_customer"))
