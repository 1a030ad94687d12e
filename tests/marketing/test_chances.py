"""Every verb of a chance, every refusal, and what a refusal leaves behind: nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.actions import create_customer
from guanxi.customers.models import Contact, Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.rules import RuleBroken, StepRefused
from guanxi.marketing import actions, queries
from guanxi.marketing.models import DEVELOP, DevelopmentPlan, SaleChance
from tests import cast

pytestmark = pytest.mark.django_db

SELLER = ("marketing.view_salechance", "marketing.create_salechance", DEVELOP, "customers.view_customer")


@pytest.fixture
def li():
    return cast.make_user("li", *SELLER, real_name="李思远")


@pytest.fixture
def wang():
    return cast.make_user("wang", *SELLER, real_name="王若溪")


@pytest.fixture
def clerk():
    return cast.make_user("clerk", "marketing.view_salechance", real_name="陈嘉木")


@pytest.fixture
def reason():
    with cast.change() as change:
        fill_dictionary(change=change)
    return DictionaryEntry.objects.of("lose_reason").first()


def record(by=None, **fields):
    with cast.change("create", by=by) as change:
        values = {"customer_name": "云栖智造", "contact_name": "王建国", "contact_phone": "13805712233"}
        return actions.create_chance(change=change, **(values | fields))


def do(action, *args, by=None, **fields):
    with cast.change("act", by=by) as change:
        return action(*args, change=change, **fields)


def stands():
    """Everything that a refusal must leave alone."""
    return [
        list(model._base_manager.order_by("pk").values())
        for model in (SaleChance, DevelopmentPlan, Customer, Contact, Change, ChangeSet)
    ]


def refused(action, *args, error=RuleBroken, **fields):
    before = stands()
    with pytest.raises(error) as caught:
        do(action, *args, **fields)
    assert stands() == before
    return caught.value


# -- create and edit ---------------------------------------------------------------------------------------------


def test_creating_without_an_assignee_is_not_developed(li):
    chance = record(by=li)
    assert (chance.stage, chance.assigned_to, chance.created_by) == ("new", None, li)
    assert chance.number == "XS202611230001"


def test_creating_with_an_assignee_is_in_development(li, wang):
    chance = record(by=li, assigned_to=wang)
    assert (chance.stage, chance.assigned_to, chance.assigned_at) == ("developing", wang, cast.NOW)


def test_creating_for_somebody_who_does_not_develop_is_refused(clerk):
    broken = refused(
        actions.create_chance, customer_name="A", contact_name="B", contact_phone="13805712233", assigned_to=clerk
    )
    assert broken.field == "assigned_to"


def test_creating_without_a_name_is_refused():
    assert refused(actions.create_chance, customer_name="　 ", contact_name="B").field == "customer_name"


def test_names_are_tidied():
    assert record(customer_name=" 云栖　智造 ").customer_name == "云栖 智造"


@pytest.mark.parametrize(
    "fields",
    [
        {"success_rate": 101},
        {"contact_phone": ""},
        {"contact_name": ""},
        {"expected_amount": Decimal("-0.01")},
        {"stage": "won"},
        {"stage": "nonsense"},
    ],
)
def test_the_database_backs_every_rule(fields):
    with pytest.raises(IntegrityError):
        record(**fields)


def test_editing_changes_what_differs(li):
    chance = record(by=li)
    do(actions.edit_chance, chance, success_rate=80, summary="二期")
    kept = Change.objects.latest("pk")
    assert kept.after == {"success_rate": 80, "summary": "二期"}


@pytest.mark.postgresql
def test_the_customer_of_a_chance_is_locked_before_it(li):
    chance = record(by=li)
    with cast.change() as change:
        customer = create_customer(change=change, name="云栖智造")
    with CaptureQueriesContext(connection) as asked:
        do(actions.edit_chance, chance, customer=customer)
    locked = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert 'FROM "customers_customer"' in locked[0]
    assert 'FROM "marketing_salechance"' in locked[1]


def test_a_closed_chance_is_not_edited(li, reason):
    chance = record(assigned_to=li)
    do(actions.lose_chance, chance, reason=reason)
    refused(actions.edit_chance, chance, error=StepRefused, summary="too late")


# -- assign and unassign -----------------------------------------------------------------------------------------


def test_assigning_moves_to_development_and_again_to_another(li, wang):
    chance = record()
    do(actions.assign_chance, chance, to=li)
    assert (chance.stage, chance.assigned_to_id, chance.assigned_at) == ("developing", li.pk, cast.NOW)
    do(actions.assign_chance, chance, to=wang)
    assert SaleChance.objects.get().assigned_to == wang


def test_assigning_to_somebody_who_does_not_develop_is_refused(clerk):
    assert refused(actions.assign_chance, record(), to=clerk).field == "to"


def test_assigning_to_somebody_disabled_is_refused(li):
    with cast.change() as change:
        change.update(li, is_active=False)
    refused(actions.assign_chance, record(), to=type(li).objects.get(pk=li.pk))


def test_assigning_a_closed_chance_is_refused(li, wang, reason):
    lost = record(assigned_to=li)
    do(actions.lose_chance, lost, reason=reason)
    refused(actions.assign_chance, lost, error=StepRefused, to=wang)
    won = record(assigned_to=li, customer_name="另一家", contact_phone="13805712299")
    do(actions.win_chance, won)
    refused(actions.assign_chance, won, error=StepRefused, to=wang)


def test_unassigning_gives_it_back(li):
    chance = record(assigned_to=li)
    do(actions.unassign_chance, chance)
    assert (chance.stage, chance.assigned_to_id, chance.assigned_at) == ("new", None, None)


def test_unassigning_with_plans_must_be_confirmed(li):
    chance = record(assigned_to=li)
    do(actions.create_plan, chance=chance, item="电话", planned_on=date(2026, 11, 24))
    assert refused(actions.unassign_chance, chance).field == "confirmed"
    do(actions.unassign_chance, chance, confirmed=True)
    assert chance.stage == "new"


def test_unassigning_what_nobody_has_is_refused():
    refused(actions.unassign_chance, record(), error=StepRefused)


# -- win ---------------------------------------------------------------------------------------------------------


def test_winning_creates_the_customer_with_its_contact_and_manager(li, reason):
    source = DictionaryEntry.objects.of("chance_source").first()
    chance = record(assigned_to=li, source=source)
    customer = do(actions.win_chance, chance, by=li)
    assert (customer.name, customer.manager, customer.source) == ("云栖智造", li, source)
    contact = Contact.objects.get()
    assert (contact.customer, contact.name, contact.mobile, contact.is_primary) == (
        customer,
        "王建国",
        "13805712233",
        True,
    )
    assert (chance.stage, chance.customer_id, chance.closed_at) == ("won", customer.pk, cast.NOW)


def test_winning_closes_the_plans_that_are_open(li):
    chance = record(assigned_to=li)
    done = do(actions.create_plan, chance=chance, item="拜访", planned_on=date(2026, 11, 20), effect="有意向")
    still_open = do(actions.create_plan, chance=chance, item="报价", planned_on=date(2026, 11, 25))
    do(actions.win_chance, chance)
    still_open.refresh_from_db()
    done.refresh_from_db()
    assert still_open.done_at == cast.NOW
    assert done.effect == "有意向"


def test_winning_what_looks_like_a_customer_asks_which(li):
    with cast.change() as change:
        there = create_customer(change=change, name="云栖智造集团", phone="13805712233")
    chance = record(assigned_to=li)
    broken = refused(actions.win_chance, chance)
    assert broken.field == "like"
    assert "云栖智造集团" in str(broken)
    do(actions.win_chance, chance, customer=there)
    assert SaleChance.objects.get().customer == there
    assert Customer.objects.count() == 1
    assert Contact.objects.get().customer == there


def test_winning_may_create_a_like_customer_when_that_is_chosen(li):
    with cast.change() as change:
        create_customer(change=change, name="云栖智造集团", phone="13805712233")
    do(actions.win_chance, record(assigned_to=li), create_anyway=True)
    assert Customer.objects.count() == 2


def test_winning_under_a_taken_name_is_refused_even_then(li):
    with cast.change() as change:
        create_customer(change=change, name="云栖智造")
    refused(actions.win_chance, record(assigned_to=li), create_anyway=True)


def test_winning_for_a_known_contact_adds_no_second_one(li):
    first = record(assigned_to=li)
    customer = do(actions.win_chance, first)
    second = record(assigned_to=li, customer=customer)
    do(actions.win_chance, second)
    assert Contact.objects.count() == 1


def test_winning_twice_or_before_development_is_refused(li):
    refused(actions.win_chance, record(), error=StepRefused)
    chance = record(assigned_to=li, customer_name="乙", contact_phone="13805712200")
    do(actions.win_chance, chance)
    refused(actions.win_chance, chance, error=StepRefused)


def test_a_landline_becomes_the_contact_s_office_phone(li):
    do(actions.win_chance, record(assigned_to=li, contact_phone="0571-86000000"))
    assert (Contact.objects.get().mobile, Contact.objects.get().office_phone) == ("", "0571-86000000")


# -- lose and reopen ---------------------------------------------------------------------------------------------


def test_losing_keeps_why_and_reopening_forgets_it(li, reason):
    chance = record(assigned_to=li)
    do(actions.lose_chance, chance, reason=reason, note=" 选了别家 ")
    assert (chance.stage, chance.lose_reason_id, chance.lose_note) == ("lost", reason.pk, "选了别家")
    do(actions.reopen_chance, chance)
    assert (chance.stage, chance.assigned_to_id, chance.lose_reason_id, chance.closed_at) == (
        "developing",
        li.pk,
        None,
        None,
    )


def test_losing_and_reopening_out_of_order_are_refused(li, reason):
    refused(actions.lose_chance, record(), error=StepRefused, reason=reason)
    refused(actions.reopen_chance, record(), error=StepRefused)
    refused(actions.reopen_chance, record(assigned_to=li), error=StepRefused)


# -- plans -------------------------------------------------------------------------------------------------------


def test_plans_stand_open_ones_first_then_as_they_were_done(li):
    chance = record(assigned_to=li)
    for item, day, effect in [("谈", 20, "好"), ("签", 28, ""), ("访", 24, ""), ("电", 18, "通了")]:
        do(actions.create_plan, chance=chance, item=item, planned_on=date(2026, 11, day), effect=effect)
    assert [plan.item for plan in queries.plans_of(chance)] == ["访", "签", "电", "谈"]


def test_a_plan_is_done_when_its_effect_is_written(li):
    chance = record(assigned_to=li)
    plan = do(actions.create_plan, chance=chance, item=" 电话 ", planned_on=date(2026, 11, 24))
    assert (plan.item, plan.done_at) == ("电话", None)
    do(actions.finish_plan, plan, effect="约了拜访")
    assert (plan.effect, plan.done_at) == ("约了拜访", cast.NOW)
    do(actions.edit_plan, plan, effect="")
    assert plan.done_at is None


@pytest.mark.parametrize("close", ["won", "lost", "new"])
def test_plans_stand_still_outside_development(li, reason, close):
    chance = record(assigned_to=li)
    plan = do(actions.create_plan, chance=chance, item="电话", planned_on=date(2026, 11, 24))
    if close == "won":
        do(actions.win_chance, chance)
    elif close == "lost":
        do(actions.lose_chance, chance, reason=reason)
    else:
        do(actions.unassign_chance, chance, confirmed=True)
    plan.refresh_from_db()
    refused(actions.create_plan, chance=chance, item="再来", planned_on=date(2026, 11, 24))
    refused(actions.edit_plan, plan, item="别的")
    refused(actions.finish_plan, plan, effect="晚了")
    refused(actions.bin_plan, plan)


def test_a_plan_says_what_and_its_end_says_how_it_went(li):
    chance = record(assigned_to=li)
    assert refused(actions.create_plan, chance=chance, item=" ", planned_on=date(2026, 11, 24)).field == "item"
    plan = do(actions.create_plan, chance=chance, item="电话", planned_on=date(2026, 11, 24))
    assert refused(actions.finish_plan, plan, effect="　").field == "effect"


def test_a_plan_stays_with_its_chance(li):
    plan = do(actions.create_plan, chance=record(assigned_to=li), item="电话", planned_on=date(2026, 11, 24))
    refused(actions.edit_plan, plan, chance=record(assigned_to=li))


# -- the bin -----------------------------------------------------------------------------------------------------


def test_the_bin_takes_a_chance_with_its_plans_and_gives_exactly_those_back(li):
    chance = record(assigned_to=li)
    kept = do(actions.create_plan, chance=chance, item="一", planned_on=date(2026, 11, 24))
    gone = do(actions.create_plan, chance=chance, item="二", planned_on=date(2026, 11, 24))
    do(actions.bin_plan, gone)
    do(actions.bin_chance, chance)
    assert not DevelopmentPlan.objects.in_use().exists()
    do(actions.restore_chance, chance)
    assert list(DevelopmentPlan.objects.in_use()) == [kept]


def test_a_won_chance_stays_out_of_the_bin(li):
    chance = record(assigned_to=li)
    do(actions.win_chance, chance)
    refused(actions.bin_chance, chance)


# -- whose is a chance? ------------------------------------------------------------------------------------------


def test_a_chance_is_its_creator_s_and_its_assignee_s(li, wang, clerk):
    chance = record(by=li, assigned_to=wang)
    plan = do(actions.create_plan, chance=chance, item="电话", planned_on=date(2026, 11, 24))
    for user, sees in [(li, True), (wang, True), (clerk, False)]:
        assert SaleChance.objects.visible_to(user).exists() is sees
        assert list(DevelopmentPlan.objects.visible_to(user)) == ([plan] if sees else [])


def test_who_may_assign_sees_what_nobody_has(li, wang):
    head = cast.make_user("head", "marketing.assign_salechance")
    free, taken = record(by=li), record(by=li, assigned_to=wang)
    assert list(SaleChance.objects.visible_to(head)) == [free]
    assert set(SaleChance.objects.visible_to(li)) == {free, taken}


def test_the_bin_is_seen_by_the_same_people(li, clerk):
    chance = record(by=li)
    do(actions.bin_chance, chance)
    assert list(SaleChance.objects.binned_visible_to(li)) == [chance]
    assert not SaleChance.objects.visible_to(li).exists()
    assert not SaleChance.objects.binned_visible_to(clerk).exists()
