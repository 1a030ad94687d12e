"""Reads of marketing: what a salesperson has to do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel.days import company_day
from guanxi.marketing import actions, queries
from tests.cast import change, make_user

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
