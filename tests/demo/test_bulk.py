"""A company made in bulk is as consistent as one that people entered."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Sum

from guanxi.access.models import Role
from guanxi.accounts.models import User
from guanxi.customers.actions.sums import recount_customers
from guanxi.customers.models import Contact, Customer, Interaction, Order, OrderLine, Payment
from guanxi.demo.bulk import fill
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import undo
from guanxi.kernel.rules import RuleBroken
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.parameters.models import Counter
from guanxi.retention.actions import scan_losses
from guanxi.retention.models import LossCase
from guanxi.retention.queries import loss_rule
from guanxi.search.queries import search
from guanxi.service.models import ServiceRound, ServiceTicket
from guanxi.service.queries import true_satisfaction
from tests import cast

pytestmark = pytest.mark.django_db
SIZE = 40
MODELS: list[Any] = [
    *[Customer, Contact, Interaction, Order, OrderLine, Payment, SaleChance, DevelopmentPlan],
    *[ServiceTicket, ServiceRound, LossCase],
]


def make(size: int = SIZE, seed: int = 7) -> None:
    call_command("sync", verbosity=0)
    fill(size, at=cast.NOW, seed=seed, say=lambda text: None)


def contents() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_the_same_seed_makes_the_same_company_and_another_seed_another():
    """Comes before the file's own company is made, beside which there would be no other."""
    assert facts_of(seed=7) == facts_of(seed=7) != facts_of(seed=8)


def facts_of(seed: int) -> list[Any]:
    """What a company of this seed looks like; nothing of it stays."""
    with transaction.atomic():
        make(seed=seed)
        customers = Customer.objects.order_by("pk").values_list(
            "name", "number", "phone", "paid_total", "last_touched_at"
        )
        found = [
            list(customers),
            list(Payment.objects.order_by("pk").values_list("amount", "paid_at", "order__number")),
        ]
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One company for the rest of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        make()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(made: None, db: None) -> None:
    """What a test writes into it is taken back."""


def test_every_customer_has_what_hangs_on_customers(company):
    assert Customer.objects.count() == SIZE
    assert Order.objects.count() == 5 * SIZE
    assert OrderLine.objects.count() == 15 * SIZE
    assert User.objects.exclude(department=None).count() == 200
    for model in MODELS:
        assert model.objects.exists(), model


def test_every_row_meets_the_rules_that_forms_check(company):
    for model in MODELS:
        for record in model.objects.all():
            record.full_clean(exclude=["created_by"])


def test_the_sums_of_customers_are_what_a_recount_finds(company):
    before = list(Customer.objects.order_by("pk").values())
    recount_customers([row["id"] for row in before])
    assert list(Customer.objects.order_by("pk").values()) == before
    assert any(row["paid_total"] for row in before)


def test_satisfaction_is_what_the_feedback_says(company):
    said = {
        pk: found["satisfaction"]
        for pk, found in true_satisfaction(Customer.objects.values_list("pk", flat=True)).items()
    }
    assert dict(Customer.objects.values_list("pk", "satisfaction")) == said
    assert any(said.values())


def test_whoever_stopped_buying_has_a_case_and_no_scan_finds_another(company):
    states = dict(LossCase.objects.values_list("customer", "state"))
    stands = {"open": "at_risk", "confirmed": "lost", "won_back": "normal"}
    for pk, state in Customer.objects.values_list("pk", "state"):
        assert state == (stands[states[pk]] if pk in states else "normal")
    assert scan_losses(loss_rule(), at=cast.NOW, dry_run=True).opened == 0


def test_orders_cost_what_their_lines_cost_and_keep_what_was_paid(company):
    lines = Order.objects.annotate(sum=Sum("lines__amount")).exclude(sum=F("total"))
    assert not lines.exists()
    for order in Order.objects.annotate(sum=Sum("payments__amount")):
        assert order.paid == (order.sum or 0)
    assert {*Order.objects.values_list("state", flat=True)} == {*Order.State.values}


def test_nothing_lies_in_the_future_nor_before_its_customer(company):
    for model in MODELS:
        assert not model.objects.filter(created_at__gt=cast.NOW).exists()
    assert not ServiceTicket.objects.filter(handled_at__lt=F("assigned_at")).exists()
    assert not LossCase.objects.filter(opened_on__lte=F("last_paid_at")).exists()
    assert not Order.objects.filter(created_at__lt=F("customer__created_at")).exists()
    assert not Payment.objects.filter(paid_at__lt=F("order__ordered_at")).exists()


def test_records_begin_at_version_one_and_the_log_says_how_they_came(company):
    assert not Customer.objects.exclude(version=1).exists()
    assert not Change.objects.filter(model="customers.customer").exists()
    load = ChangeSet.objects.get(state=ChangeSet.State.LOADED)
    with cast.change() as change, pytest.raises(RuleBroken):
        undo(load, change=change)


def test_numbers_come_from_the_counters(company):
    for model, kind in ((Customer, "KH"), (Order, "DD"), (SaleChance, "XS")):
        last = dict(Counter.objects.filter(prefix__startswith=kind).values_list("prefix", "last"))
        for number in model.objects.values_list("number", flat=True):
            assert int(number[10:]) <= last[number[:10]]


def test_what_was_made_is_found(company):
    customer = Customer.objects.first()
    assert search(Customer, customer.name[2:6], Customer.objects.all()) == [customer.pk]
    assert search(Customer, customer.phone, Customer.objects.all()) == [customer.pk]


def test_people_see_what_their_role_lets_them(company):
    seen = {role: Customer.objects.visible_to(user).count() for role, user in _one_of_each_role().items()}
    assert seen["高管"] == seen["客服"] == SIZE
    assert 0 < seen["销售"] <= seen["销售主管"] < SIZE


def _one_of_each_role() -> dict[str, User]:
    """Of each role the one with the most customers."""
    owning = dict(Customer.objects.values_list("manager").annotate(count=Count("pk")))
    found = {}
    for role in Role.objects.all():
        members = role.members.all()
        found[role.name] = max(members, key=lambda user: owning.get(user.pk, 0), default=None)
    return {name: user for name, user in found.items() if user}


def test_a_company_that_has_customers_is_left_alone(company):
    before = contents()
    with pytest.raises(RuleBroken):
        make()
    assert contents() == before
