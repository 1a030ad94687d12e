"""Whoever leaves hands over what they own, in the act that shuts them out, or nothing is done."""

from datetime import date

import pytest

from guanxi.accounts.models import User
from guanxi.customers.actions import create_customer
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import SaleChance
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase
from guanxi.service import actions as service
from guanxi.service.models import ServiceTicket
from tests import cast
from tests.promises.records import entry
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db

WORK = [
    "customers.view_customer",
    "marketing.view_salechance",
    "marketing.develop_salechance",
    "service.view_serviceticket",
    "service.process_serviceticket",
    "retention.view_losscase",
]


@pytest.fixture
def admin():
    user = prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    return user


@pytest.fixture
def leaver(admin):
    """Somebody with one record of each kind, and one that is over."""
    leaver = cast.make_user("li.ming", *WORK, real_name="李明")
    with cast.change() as change:
        customer = create_customer(change=change, name="华东电子", manager=leaver, since=date(2020, 1, 1))
        retention.open_cases([customer.pk], months=6, today=date(2026, 11, 23), change=change)
        chance = {"customer_name": "新客户", "contact_name": "王建国", "contact_phone": "13805712233"}
        marketing.create_chance(change=change, assigned_to=leaver, source=entry("chance_source"), **chance)
        over = marketing.create_chance(change=change, assigned_to=leaver, source=entry("chance_source"), **chance)
        marketing.lose_chance(over, reason=entry("lose_reason"), change=change)
        ticket = service.create_ticket(
            customer=customer, kind=entry("service_type"), overview="网关离线", request_text="请处理", change=change
        )
        service.assign_ticket(ticket, to=leaver, change=change)
    return leaver


def owners(user):
    """How many (customers, chances, tickets, cases) are a user's."""
    return (
        Customer.objects.filter(manager=user).count(),
        SaleChance.objects.filter(assigned_to=user).count(),
        ServiceTicket.objects.filter(assigned_to=user).count(),
        LossCase.objects.filter(owner=user).count(),
    )


def disable(client, leaver, **data):
    return client.post(f"/system/users/{leaver.pk}/disable/", data)


def active(user):
    return User.objects.get(pk=user.pk).is_active


def test_the_question_says_what_they_own(admin, leaver):
    page = client_of(admin).get(f"/system/users/{leaver.pk}/disable/").content.decode()
    for text in ("由谁接手", "客户 1", "营销机会 1"):
        assert text in page, text
    idle = cast.make_user("idle")
    assert "由谁接手" not in client_of(admin).get(f"/system/users/{idle.pk}/disable/").content.decode()


def test_everything_that_stands_goes_to_the_one_in_the_same_act(admin, leaver):
    heir = cast.make_user("heir", *WORK)
    assert disable(client_of(admin), leaver, to=heir.pk).status_code == 303
    assert owners(heir) == (1, 1, 1, 1)
    assert owners(leaver) == (0, 1, 0, 0), "a lost chance stays whose it was"
    assert not active(leaver)
    act = ChangeSet.objects.get(verb="disable")
    assert act.changes.count() == 5
    assert act.subject == "李明"


def test_left_empty_it_stays_theirs(admin, leaver):
    assert disable(client_of(admin), leaver).status_code == 303
    assert owners(leaver) == (1, 2, 1, 1)
    assert not active(leaver)


def test_whoever_cannot_do_the_work_does_not_get_it_and_nobody_is_shut_out(admin, leaver):
    clerk = cast.make_user("clerk", "customers.view_customer")
    answer = disable(client_of(admin), leaver, to=clerk.pk)
    assert answer.status_code == 422
    assert 'id="id_to_error"' in answer.content.decode()
    assert owners(clerk) == (0, 0, 0, 0)
    assert active(leaver)
    assert not ChangeSet.objects.filter(verb="disable").exists()


@pytest.mark.parametrize("who", ["themselves", "disabled", "nobody"])
def test_only_an_active_colleague_takes_over(admin, leaver, who):
    gone = cast.make_user("gone", *WORK, is_active=False)
    to = {"themselves": leaver.pk, "disabled": gone.pk, "nobody": 99999}[who]
    assert disable(client_of(admin), leaver, to=to).status_code == 422
    assert active(leaver)


def test_handing_over_needs_the_right_to_assign(leaver):
    heir = cast.make_user("heir", *WORK)
    clerk = cast.make_user("clerk", "accounts.view_user", "accounts.disable_user", *WORK, scope="all")
    answer = disable(client_of(clerk), leaver, to=heir.pk)
    assert answer.status_code == 422
    assert "移交" in answer.content.decode()
    assert owners(heir) == (0, 0, 0, 0)
    assert active(leaver)


def test_what_lies_outside_ones_reach_is_neither_counted_nor_handed_over(leaver):
    heir = cast.make_user("heir", *WORK)
    rights = ["accounts.view_user", "accounts.disable_user", "customers.assign_customer", *WORK]
    clerk = cast.make_user("clerk", *rights, scope="own")
    client = client_of(clerk)
    assert "由谁接手" not in client.get(f"/system/users/{leaver.pk}/disable/").content.decode()
    assert disable(client, leaver, to=heir.pk).status_code == 303, "the field is not there to be filled in"
    assert owners(leaver) == (1, 2, 1, 1)
