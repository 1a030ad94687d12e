"""Reads of marketing: what a salesperson has to do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.customers.queries import timeline
from guanxi.kernel.days import company_day
from guanxi.marketing import actions, queries
from tests.cast import change, make_user
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db

SELLER = [f"marketing.{verb}_salechance" for verb in ("view", "create", "assign", "develop")]


def make_chance(seller):
    with change(by=seller, at=timezone.now()) as writer:
        return actions.create_chance(
            customer_name="云栖智造",
            contact_name="王建国",
            contact_phone="13805712233",
            assigned_to=seller,
            change=writer,
        )


def test_the_next_plans_are_ones_own_the_late_ones_first():
    today = company_day(timezone.now())
    mine, theirs = make_chance(make_user("李思远", *SELLER)), make_chance(make_user("王若溪", *SELLER))
    with change(at=timezone.now()) as writer:
        for chance, item, days in [
            (mine, "三个月后", 90),
            (mine, "今天做", 0),
            (theirs, "别人的", -9),
            (mine, "早该做", -3),
            (mine, "后天做", 2),
        ]:
            actions.create_plan(chance=chance, item=item, planned_on=today + timedelta(days=days), change=writer)
    due = queries.due_plans(mine.assigned_to, today=today, most=3)
    assert [[plan.item for plan in part] for part in (due.late, due.today, due.week, due.later)] == [
        ["早该做"],
        ["今天做"],
        ["后天做"],
        [],
    ]


def test_a_customers_timeline_tells_what_was_carried_out_and_what_was_won():
    seller = make_user("李思远", *SELLER, "customers.view_customer")
    chance = make_chance(seller)
    noon = timezone.now()
    with change(by=seller, at=noon) as writer:
        plans = [
            actions.create_plan(chance=chance, item=item, planned_on=company_day(noon), change=writer)
            for item in ("拜访", "没有做的")
        ]
        actions.finish_plan(plans[0], effect="谈妥了价格", change=writer)
    with change(by=seller, at=noon + timedelta(hours=1)) as writer:
        customer = actions.win_chance(chance, change=writer)
    events = timeline(customer, user=seller, kinds=["chance", "plan"]).events
    assert [(event["kind"], event["icon"]) for event in events] == [
        ("chance", "trophy"),
        ("plan", "checklist"),
        ("chance", "target-arrow"),
    ]
    assert events[1]["text"] == "拜访 · 谈妥了价格"
    stranger = make_user("王若溪", *SELLER)
    assert timeline(customer, user=stranger, kinds=["chance", "plan"]).events == []


def test_stretches_of_chances_skip_and_repeat_nothing():
    seller = make_user("李思远", *SELLER, "customers.view_customer")
    start = timezone.now() - timedelta(days=30)
    customer = make_customer(manager=seller)
    for day in range(6):
        with change(by=seller, at=start + timedelta(days=day)) as writer:
            chance = actions.create_chance(
                customer_name="云栖智造",
                contact_name="王建国",
                contact_phone="13805712233",
                customer=customer,
                assigned_to=seller,
                change=writer,
            )
        if day % 2:
            with change(by=seller, at=start + timedelta(days=20 - day)) as writer:
                actions.win_chance(chance, change=writer)
    seen, before = [], None
    for _stretch in range(50):
        stretch = timeline(customer, user=seller, kinds=["chance"], before=before, limit=2)
        seen += [(event["pk"], event["icon"]) for event in stretch.events]
        before = stretch.before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 9
