"""The rule that returns customers to the public pool: its borders, what keeps a customer, the warning before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.accounts.models import Notice
from guanxi.customers import actions, queries
from guanxi.customers.models import Customer
from guanxi.customers.parameters import POOL_DAYS
from guanxi.customers.tasks import return_idle_customers
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work_off
from guanxi.kernel.days import start_of
from guanxi.kernel.rules import RuleBroken
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP
from guanxi.parameters.actions import set_parameter
from tests.cast import NOW, change, make_user
from tests.customers.company import make_customer, make_interaction, make_order, pay

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
RULE = queries.PoolRule(90, 7)
LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture
def li():
    return make_user("li", "customers.view_customer", "customers.claim_customer", DEVELOP, real_name="李思远")


def touched(customer, day):
    make_interaction(customer, start_of(day) + timedelta(hours=10))


def idle(day=TODAY):
    return list(queries.idle(Customer.objects.all(), day=day, rule=RULE))


@pytest.mark.parametrize(("days", "met"), [(89, False), (90, True)])
def test_days_are_counted_from_the_last_touch(li, days, met):
    customer = make_customer(manager=li, at=LONG_AGO)
    touched(customer, TODAY - timedelta(days=days))
    assert bool(idle()) == met


def test_the_pool_itself_and_the_bin_are_left_out(li):
    make_customer("公海", at=LONG_AGO)
    binned = make_customer("回收", manager=li, at=LONG_AGO)
    with change() as writer:
        actions.bin_customer(binned, change=writer)
    assert idle() == []


def test_who_just_took_a_customer_has_time(li):
    customer = make_customer(at=LONG_AGO)
    with change(at=NOW) as writer:
        actions.assign_customer(customer, to=li, change=writer)
    assert idle() == []
    assert idle(TODAY + timedelta(days=90)) == [customer]


def test_an_open_chance_or_a_payment_keeps_a_customer(li):
    customer = make_customer(manager=li, at=LONG_AGO)
    order = make_order(customer, ordered_at=date(2026, 4, 1), at=LONG_AGO)
    assert idle() == [customer]
    with change(at=LONG_AGO) as writer:
        chance = marketing.create_chance(
            change=writer,
            customer_name=customer.name,
            customer=customer,
            contact_name="王",
            contact_wechat="w",
            assigned_to=li,
        )
    assert idle() == []
    with change(at=LONG_AGO) as writer:
        marketing.bin_chance(chance, change=writer)
    assert idle() == [customer]
    pay(order, Decimal(10), TODAY - timedelta(days=90))
    Customer.objects.filter(pk=customer.pk).derive(last_touched_at=LONG_AGO)
    assert idle() == [customer]
    pay(order, Decimal(10), TODAY - timedelta(days=89))
    Customer.objects.filter(pk=customer.pk).derive(last_touched_at=LONG_AGO)
    assert idle() == []


def test_one_is_warned_before_with_the_day(li):
    customer = make_customer(manager=li, at=LONG_AGO)
    touched(customer, TODAY - timedelta(days=84))
    customer.refresh_from_db()
    assert idle() == []
    assert list(queries.returning(Customer.objects.all(), day=TODAY, rule=RULE)) == [customer]
    assert queries.returns_on(customer, day=TODAY, rule=RULE) == TODAY + timedelta(days=6)
    touched(customer, TODAY - timedelta(days=82))
    customer.refresh_from_db()
    assert queries.returns_on(customer, day=TODAY, rule=RULE) is None


def test_the_job_returns_them_with_a_reason_and_the_cooling_time_holds(li):
    customer = make_customer(manager=li, at=LONG_AGO)
    return_idle_customers.enqueue(run_at=NOW)
    assert work_off(lambda: NOW) == 1
    customer.refresh_from_db()
    assert (customer.manager, customer.previous_manager, customer.returned_at) == (None, li, NOW)
    assert "90" in customer.return_reason
    assert ChangeSet.objects.get(verb="return").way == "job"
    assert Job.objects.get().result == {"returned": 1}
    with pytest.raises(RuleBroken), change(by=li) as writer:
        actions.claim_customer(customer, change=writer)


def test_many_return_by_as_many_statements_as_few(li):
    def returned(count: int) -> int:
        rows = [make_customer(f"公司 {count}-{number}", manager=li, at=LONG_AGO) for number in range(count)]
        with change("return") as writer, CaptureQueriesContext(connection) as asked:
            assert actions.return_idle([one.pk for one in rows], rule=RULE, change=writer) == count
        return len(asked)

    assert returned(2) == returned(30)
    assert Notice.objects.filter(user=li, kind="returned").count() == 32
    assert set(Customer.objects.values_list("manager", "previous_manager")) == {(None, li.pk)}


def test_the_rule_can_be_switched_off(li):
    make_customer(manager=li, at=LONG_AGO)
    with change() as writer:
        set_parameter(POOL_DAYS, value=0, change=writer)
    assert queries.pool_rule() is None
    return_idle_customers.enqueue(run_at=NOW)
    work_off(lambda: NOW)
    assert not Customer.objects.filter(manager=None).exists()


def test_the_page_says_why_and_when(client, li):
    customer = make_customer(manager=li, at=LONG_AGO)
    client.force_login(li)
    with override("en"):
        page = client.get(f"/customers/{customer.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert "because nobody was in touch for 90 days" in page
    listed = client.get("/customers/?view=returning").content.decode()
    assert customer.name in listed
