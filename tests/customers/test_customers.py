"""Customers: one name once, nothing lost in the bin, everyone sees their own."""

from datetime import date
from typing import Any

import pytest

from guanxi.accounts.models import User
from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Interaction, Order, OrderLine
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.rules import Conflict, RuleBroken
from tests.cast import change, lead, make_department, make_user
from tests.customers.company import cancel, make_contact, make_customer, make_interaction, make_order

pytestmark = pytest.mark.django_db


def bin_it(customer: Customer) -> None:
    with change("bin") as writer:
        actions.bin_customer(customer, change=writer)


def restore(customer: Customer, name: str = "") -> None:
    with change("restore") as writer:
        actions.restore_customer(customer, name=name, change=writer)


def log_length() -> tuple[int, int]:
    return ChangeSet.objects.count(), Change.objects.count()


def test_a_customer_needs_only_a_name() -> None:
    customer = make_customer("  云栖　智造 ")
    customer.refresh_from_db()
    assert (customer.name, customer.name_key) == ("云栖 智造", "云栖智造")
    assert customer.number == "KH202611230001"
    assert customer.since == date(2026, 11, 23)
    assert customer.state == Customer.State.NORMAL
    assert (customer.paid_total, customer.order_count) == (0, 0)


def test_numbers_count_up_and_a_number_brought_along_is_never_reused() -> None:
    assert make_customer("甲").number == "KH202611230001"
    assert make_customer("乙").number == "KH202611230002"
    old = make_customer("丙", number="KH-7")
    bin_it(old)
    with pytest.raises(RuleBroken) as refusal:
        make_customer("丁", number="KH-7")
    assert refusal.value.field == "number"


@pytest.mark.parametrize("name", ["", "  ", "　"])
def test_a_name_of_blanks_is_refused(name: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        make_customer(name)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["ＡＣＭＥ 公司", "acme公司", " Acme  公司"])
def test_a_name_that_differs_in_width_case_or_blanks_is_taken(name: str) -> None:
    owner = make_user("李思远", "customers.view_customer")
    make_customer("Acme 公司", manager=owner)
    before = log_length()
    with pytest.raises(RuleBroken, match="李思远") as refusal:
        make_customer(name)
    assert refusal.value.field == "name"
    assert Customer.objects.count() == 1
    assert log_length() == before


def test_a_name_in_the_bin_is_free() -> None:
    bin_it(make_customer())
    assert make_customer().pk


def test_the_tax_number_defaults_to_the_credit_code() -> None:
    customer = make_customer(licence_number=" 9111 0000 6000 37341l ")
    assert customer.licence_number == customer.tax_number == "91110000600037341L"
    assert make_customer("乙", licence_number="91110000600037341L", tax_number="T1").tax_number == "T1"
    assert make_customer("丙", licence_number="330106000000").tax_number == ""


def test_editing_keeps_the_name_unique() -> None:
    make_customer("甲")
    other = make_customer("乙")
    with pytest.raises(RuleBroken), change("edit") as writer:
        actions.edit_customer(other, name="甲 ", change=writer)
    with change("edit") as writer:
        actions.edit_customer(other, name="乙公司", change=writer)
    other.refresh_from_db()
    assert (other.name, other.name_key, other.version) == ("乙公司", "乙公司", 2)


def test_editing_what_somebody_else_changed_is_a_conflict() -> None:
    customer = make_customer()
    with change("edit") as writer:
        actions.edit_customer(customer, address="杭州", change=writer)
    with pytest.raises(Conflict), change("edit") as writer:
        actions.edit_customer(customer, address="宁波", seen=1, change=writer)
    with change("edit") as writer:
        actions.edit_customer(customer, post_code="310000", seen=1, change=writer)


def test_editing_does_not_change_the_manager() -> None:
    owner = make_user("李思远", "customers.view_customer")
    with pytest.raises(TypeError), change("edit") as writer:
        actions.edit_customer(make_customer(), manager=owner, change=writer)


def test_binning_takes_along_what_hangs_on_it_and_restoring_brings_exactly_that_back() -> None:
    customer = make_customer()
    kept, binned = make_contact(customer), make_contact(customer, "钱多")
    with change() as writer:
        actions.bin_contact(binned, change=writer)
    make_interaction(customer)
    cancel(make_order(customer))
    bin_it(customer)
    for model in (Customer, Contact, Interaction, Order, OrderLine):
        assert not model.objects.in_use().exists(), model
    restore(customer)
    assert list(Contact.objects.in_use()) == [kept]
    for model in (Customer, Interaction, Order, OrderLine):
        assert model.objects.in_use().count() == 1, model


def test_binning_is_one_logged_act() -> None:
    customer = make_customer()
    make_contact(customer)
    bin_it(customer)
    act = ChangeSet.objects.get(verb="bin")
    assert act.subject == customer.name
    assert sorted(act.changes.values_list("model", flat=True)) == ["customers.contact", "customers.customer"]


def test_binning_refuses_while_an_order_stands() -> None:
    customer = make_customer()
    order = make_order(customer)
    with pytest.raises(RuleBroken):
        bin_it(customer)
    assert Customer.objects.in_use().count() == 1
    cancel(order)
    bin_it(customer)


def test_restoring_asks_for_another_name_when_it_is_taken() -> None:
    customer = make_customer("甲")
    bin_it(customer)
    make_customer("甲")
    with pytest.raises(RuleBroken) as refusal:
        restore(customer)
    assert refusal.value.field == "name"
    restore(customer, "甲公司")
    assert sorted(Customer.objects.in_use().values_list("name_key", flat=True)) == ["甲", "甲公司"]


@pytest.fixture
def staff() -> dict[str, User]:
    """Owner, a colleague of the same department, their manager, a stranger, and people with wider roles."""
    sales, service = make_department("销售部"), make_department("客服部")
    manager = make_user("陈嘉木", "customers.view_customer", scope="reports", department=sales)
    lead(manager, sales)
    return {
        "owner": make_user("李思远", "customers.view_customer", department=sales),
        "colleague": make_user("王若溪", "customers.view_customer", department=sales),
        "manager": manager,
        "stranger": make_user("周晓", "customers.view_customer", department=service),
        "claimer": make_user("吴迪", "customers.view_customer", "customers.claim_customer", department=service),
        "assigner": make_user("郑爽", "customers.view_customer", "customers.assign_customer", department=service),
        "clerk": make_user("冯宇", "customers.view_customer", scope="all", department=service),
    }


def test_a_customer_is_seen_by_its_manager_and_those_above(staff: dict[str, User]) -> None:
    customer = make_customer(manager=staff["owner"])
    make_contact(customer)
    seers = {name for name, user in staff.items() if Customer.objects.visible_to(user).exists()}
    assert seers == {"owner", "manager", "clerk"}
    assert seers == {name for name, user in staff.items() if Contact.objects.visible_to(user).exists()}


def test_the_pool_is_seen_by_those_who_may_claim_or_assign(staff: dict[str, User]) -> None:
    make_contact(make_customer())
    seers = {name for name, user in staff.items() if Customer.objects.visible_to(user).exists()}
    assert seers == {"claimer", "assigner", "clerk"}
    assert seers == {name for name, user in staff.items() if Contact.objects.visible_to(user).exists()}


def test_the_bin_shows_what_one_would_see_in_use(staff: dict[str, User]) -> None:
    customer = make_customer(manager=staff["owner"])
    make_contact(customer)
    bin_it(customer)
    for model in (Customer, Contact):
        seers = {name for name, user in staff.items() if model.objects.binned_visible_to(user).exists()}
        assert seers == {"owner", "manager", "clerk"}
        assert not any(model.objects.visible_to(user).exists() for user in staff.values())


def test_a_disabled_user_sees_nothing(staff: dict[str, User]) -> None:
    make_customer(manager=staff["owner"])
    with change() as writer:
        writer.update(staff["owner"], is_active=False)
    gone: Any = User.objects.get(pk=staff["owner"].pk)
    assert not Customer.objects.visible_to(gone).exists()
