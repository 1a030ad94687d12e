"""The bell: who is told of what, once, in their own language."""

import pytest
from django.utils.translation import override

from guanxi.accounts.models import Notice
from guanxi.accounts.notices import ASSIGNED, DUE, notify, notify_each, said
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.jobs.worker import work_off
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP
from guanxi.service import actions as service
from guanxi.service.models import ASSIGN, PROCESS, CalendarDay, ServiceTarget
from guanxi.service.tasks import tell_late
from tests.cast import NOW, change, make_department, make_user
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return make_user("li", DEVELOP, PROCESS, real_name="李思远")


@pytest.fixture
def boss():
    return make_user("boss", ASSIGN, real_name="王总")


def told(user):
    return [(one.kind, one.subject, one.by) for one in Notice.objects.visible_to(user).order_by("pk")]


def test_nobody_is_told_of_their_own_acts(li, boss):
    department = make_department("销售部")
    with change(by=li) as writer:
        notify(ASSIGNED, to=li, about=department, change=writer)
        notify(ASSIGNED, to=None, about=department, change=writer)
        notify(ASSIGNED, to=boss, about=department, change=writer)
    assert told(li) == []
    assert told(boss) == [("assigned", "销售部", li)]


def test_a_notice_is_said_in_the_readers_language(li, boss):
    with change(by=boss) as writer:
        notify(ASSIGNED, to=li, about=make_department("销售部"), change=writer)
    notice = Notice.objects.get()
    with override("en"):
        assert said(notice) == "王总 assigned “销售部” to you."
    with override("zh-hans"):
        assert said(notice) == "王总 将“销售部”分配给您。"


def test_the_same_is_told_once_read_or_not(li):
    department = make_department("销售部")
    for _ in range(2):
        notify_each(DUE, [(li.pk, department, "11-23")], at=NOW)
        Notice.objects.update(read_at=NOW)
    assert len(told(li)) == 1
    assert notify_each(DUE, [(li.pk, department, "11-24")], at=NOW) == 1


def test_assigning_a_chance_tells_the_salesperson(li, boss):
    with change(by=boss) as writer:
        chance = marketing.create_chance(
            change=writer, customer_name="云栖智造", contact_name="王", contact_wechat="w", assigned_to=li
        )
        marketing.assign_chance(chance, to=li, change=writer)
    assert told(li) == [("assigned", "云栖智造", boss)] * 2


def test_a_refused_act_tells_nobody(li, boss):
    with pytest.raises(ZeroDivisionError), change(by=boss) as writer:
        notify(ASSIGNED, to=li, about=make_department("销售部"), change=writer)
        _ = 1 / 0
    assert told(li) == []


def late_ticket(to=None):
    with change() as writer:
        fill_dictionary(change=writer)
        kind = DictionaryEntry.objects.of("service_type").first()
        writer.create(ServiceTarget, kind=kind, response_hours=1, handling_hours=1)
        writer.create(CalendarDay, day=NOW.date(), works=True)
        ticket = service.create_ticket(
            customer=make_customer(), kind=kind, overview="网关离线", request_text="x", change=writer
        )
        if to:
            service.assign_ticket(ticket, to=to, change=writer)
    return ticket


def test_a_late_ticket_tells_its_handler_or_those_who_assign(li, boss):
    late_ticket()
    later = NOW.replace(hour=8)
    tell_late.enqueue(run_at=later)
    assert work_off(lambda: later) == 1
    assert told(boss) == [("late", "网关离线", None)]
    assert told(li) == []
    tell_late.enqueue(run_at=later)
    work_off(lambda: later)
    assert len(told(boss)) == 1


def test_a_returned_ticket_tells_its_handler_why(li, boss):
    ticket = late_ticket(to=li)
    with change(by=li) as writer:
        service.process_ticket(ticket, handling="重启", change=writer)
    with change(by=boss) as writer:
        service.return_ticket(ticket, reason="没写清楚", change=writer)
    assert Notice.objects.get(kind="returned").note == "没写清楚"
