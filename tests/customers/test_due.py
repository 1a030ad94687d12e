"""Follow-ups that are due: told once, listed, on the start page."""

from datetime import date

import pytest

from guanxi.accounts.models import Notice
from guanxi.customers.tasks import tell_due
from guanxi.jobs.worker import work_off
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP
from guanxi.marketing.tasks import tell_due as tell_due_plans
from tests.cast import NOW, change, make_user
from tests.customers.company import TODAY, make_customer, make_interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return make_user("li", "customers.view_customer", DEVELOP, real_name="李思远")


def test_managers_are_told_on_the_day(li):
    make_interaction(make_customer("今天", manager=li), next_follow_up=TODAY)
    make_interaction(make_customer("明天", manager=li), next_follow_up=date(2026, 11, 24))
    make_interaction(make_customer("公海"), next_follow_up=TODAY)
    tell_due.enqueue(run_at=NOW)
    assert work_off(lambda: NOW) == 1
    assert [(one.user, one.kind, one.subject) for one in Notice.objects.filter(kind="due")] == [(li, "due", "今天")]


def test_salespeople_are_told_of_their_plans(li):
    with change() as writer:
        chance = marketing.create_chance(
            change=writer, customer_name="云栖智造", contact_name="王", contact_wechat="w", assigned_to=li
        )
        marketing.create_plan(chance=chance, item="电话回访", planned_on=TODAY, change=writer)
        marketing.create_plan(chance=chance, item="已做", planned_on=TODAY, effect="谈妥", change=writer)
    tell_due_plans.enqueue(run_at=NOW)
    work_off(lambda: NOW)
    assert [one.subject for one in Notice.objects.filter(kind="due")] == ["电话回访"]


def test_the_list_and_the_start_page_show_what_is_due(client, li):
    make_interaction(make_customer("云栖智造", manager=li), next_follow_up=TODAY)
    client.force_login(li)
    assert "云栖智造" in client.get("/customers/?view=due").content.decode()
    assert "云栖智造" in client.get("/cards/follow-ups/").content.decode()
