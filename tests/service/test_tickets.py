"""Every step of a ticket, every refusal, and what a refusal leaves behind: nothing."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.records import writing
from guanxi.kernel.rules import Conflict, RuleBroken, StepRefused
from guanxi.service import actions, queries
from guanxi.service.cards import _mine as my_tickets
from guanxi.service.models import (
    ARCHIVE,
    ASSIGN,
    CLOSE,
    FEEDBACK,
    PROCESS,
    VIEW,
    CalendarDay,
    ServiceRound,
    ServiceTarget,
    ServiceTicket,
)
from guanxi.service.resources import ArchiveResource, CalendarDayResource
from tests import cast

pytestmark = pytest.mark.django_db

MONDAY_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def customer():
    with cast.change() as change:
        fill_dictionary(change=change)
        return customers.create_customer(change=change, name="云栖智造")


@pytest.fixture
def clerk():
    return cast.make_user("clerk", VIEW, PROCESS, real_name="陈嘉木")


@pytest.fixture
def other():
    return cast.make_user("other", VIEW, PROCESS, real_name="冯宇")


def kind():
    return DictionaryEntry.objects.of("service_type").first()


def do(action, *args, by=None, at=cast.NOW, **fields):
    with cast.change("act", by=by, at=at) as change:
        return action(*args, change=change, **fields)


def record(customer, by=None, **fields):
    values = {"customer": customer, "kind": kind(), "overview": "网关离线", "request_text": "请尽快处理"}
    return do(actions.create_ticket, by=by, **(values | fields))


def handled(customer, clerk):
    ticket = record(customer)
    do(actions.assign_ticket, ticket, to=clerk)
    do(actions.process_ticket, ticket, handling="重启网关", by=clerk)
    return ticket


def handled_not(customer, clerk, hours):
    """A ticket that is assigned, to be handled within some hours or whenever."""
    ticket = record(customer)
    do(actions.assign_ticket, ticket, to=clerk)
    with cast.change() as change:
        change.update(ticket, handle_by=hours and cast.NOW + timedelta(hours=hours))
    return ticket


def stands():
    models = [ServiceTicket, ServiceRound, Customer, Change, ChangeSet]
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def refused(action, *args, match=None, kind_of=RuleBroken, **fields):
    before = stands()
    with pytest.raises(kind_of, match=match) as caught:
        do(action, *args, **fields)
    assert stands() == before
    return caught.value


def test_creating_gives_a_number_and_touches_the_customer(customer):
    ticket = record(customer, by=cast.make_user("li"), overview="  网关　离线 ")
    assert ticket.number.startswith("FW20261123")
    assert (ticket.step, ticket.overview, ticket.created_by.username) == ("created", "网关 离线", "li")
    customer.refresh_from_db()
    assert customer.last_touched_at == cast.NOW


@pytest.mark.parametrize("field", ["overview", "request_text"])
def test_creating_needs_words(customer, field):
    broken = refused(
        actions.create_ticket,
        **({"customer": customer, "kind": kind(), "overview": "x", "request_text": "y"} | {field: " "}),
    )
    assert broken.field == field


def test_the_five_steps_lead_to_the_archive(customer, clerk):
    ticket = handled(customer, clerk)
    assert (ticket.handled_by, ticket.handled_at, ticket.step) == (clerk, cast.NOW, "processed")
    do(actions.feedback_ticket, ticket, result="已恢复", satisfaction=4)
    assert (ticket.step, ticket.fed_back_at) == ("fed_back", cast.NOW)
    do(actions.archive_ticket, ticket)
    assert (ticket.step, ticket.archived_at) == ("archived", cast.NOW)
    assert ServiceRound.objects.get().satisfaction == 4
    verbs = list(ChangeSet.objects.filter(subject_model=ServiceTicket.label()).values_list("subject_id", flat=True))
    assert verbs == [ticket.pk] * 5


def test_assigning_needs_somebody_who_handles_tickets(customer):
    ticket = record(customer)
    broken = refused(actions.assign_ticket, ticket, to=cast.make_user("li", VIEW, real_name="李思远"), match="李思远")
    assert broken.field == "to"


def test_assigning_again_hands_it_over(customer, clerk, other):
    ticket = record(customer)
    do(actions.assign_ticket, ticket, to=clerk)
    do(actions.assign_ticket, ticket, to=other)
    assert ticket.assigned_to == other
    refused(actions.process_ticket, ticket, handling="x", by=clerk, match="冯宇")


def test_only_the_assignee_processes(customer, clerk, other):
    ticket = record(customer)
    do(actions.assign_ticket, ticket, to=clerk)
    refused(actions.process_ticket, ticket, handling="x", by=other, match="陈嘉木")
    refused(actions.process_ticket, ticket, handling="x", match="陈嘉木")
    assert refused(actions.process_ticket, ticket, handling="  ", by=clerk).field == "handling"


def test_low_feedback_sends_it_back_and_is_kept(customer, clerk):
    ticket = handled(customer, clerk)
    do(actions.feedback_ticket, ticket, result="没解决", satisfaction=2, at=cast.NOW + timedelta(hours=1))
    assert (ticket.step, ticket.low_rounds, ticket.handling, ticket.handled_at) == ("assigned", 1, "", None)
    assert ticket.satisfaction is None
    kept = ServiceRound.objects.get()
    assert (kept.handling, kept.result, kept.satisfaction, kept.handled_by) == ("重启网关", "没解决", 2, clerk)
    customer.refresh_from_db()
    assert customer.satisfaction == 2


def test_returning_keeps_the_round_without_stars(customer, clerk):
    ticket = handled(customer, clerk)
    assert refused(actions.return_ticket, ticket, reason=" ").field == "reason"
    do(actions.return_ticket, ticket, reason="没写清楚")
    assert (ticket.step, ticket.low_rounds) == ("assigned", 0)
    kept = ServiceRound.objects.get()
    assert (kept.return_reason, kept.satisfaction) == ("没写清楚", None)
    customer.refresh_from_db()
    assert customer.satisfaction is None


def test_feedback_needs_stars_and_words(customer, clerk):
    ticket = handled(customer, clerk)
    for stars in (None, 0, 6):
        assert refused(actions.feedback_ticket, ticket, result="x", satisfaction=stars).field == "satisfaction"
    assert refused(actions.feedback_ticket, ticket, result=" ", satisfaction=3).field == "result"


def test_the_archive_lists_what_may_be_archived(customer, clerk):
    boss = cast.make_user("boss", VIEW, ARCHIVE, scope="all")
    fresh, good, bad = record(customer), handled(customer, clerk), handled(customer, clerk)
    do(actions.assign_ticket, fresh, to=clerk)
    do(actions.feedback_ticket, good, result="好", satisfaction=5)
    do(actions.feedback_ticket, bad, result="没解决", satisfaction=1)
    assert set(ArchiveResource.instance.rows(boss)) == {good}
    do(actions.process_ticket, bad, handling="再次重启", by=clerk)
    do(actions.feedback_ticket, bad, result="没解决", satisfaction=2)
    do(actions.archive_ticket, good)
    assert set(ArchiveResource.instance.rows(boss)) == {good, bad}


def test_the_calendar_stands_by_day_whenever_it_was_entered():
    for day in (2, 30, 15):
        do(actions.create_day, day=date(2026, 10, day), works=False)
    boss = cast.make_user("boss", "service.view_calendarday", scope="all")
    resource = CalendarDayResource.instance
    rows = resource.rows(boss).order_by(*resource.sort_of("", frozenset()).order())
    assert [row.day.day for row in rows] == [30, 15, 2]


def test_my_tickets_without_a_limit_come_last(customer, clerk, rf):
    late, free, soon = (handled_not(customer, clerk, hours) for hours in (1, None, 5))
    request = rf.get("/")
    request.user = clerk
    assert [ticket for ticket, _late in my_tickets(request)["tickets"]] == [late, soon, free]


def test_a_supervisor_archives_unsolved_after_two_low_rounds_with_a_reason(customer, clerk):
    boss = cast.make_user("boss", CLOSE, VIEW, scope="all")
    ticket = handled(customer, clerk)
    do(actions.feedback_ticket, ticket, result="没解决", satisfaction=1)
    refused(actions.close_ticket, ticket, reason="算了", by=boss)
    do(actions.process_ticket, ticket, handling="再次重启", by=clerk)
    do(actions.feedback_ticket, ticket, result="没解决", satisfaction=2)
    refused(actions.archive_ticket, ticket)
    refused(actions.close_ticket, ticket, reason="设备已停产", by=clerk)
    assert refused(actions.close_ticket, ticket, reason=" ", by=boss).field == "reason"
    do(actions.close_ticket, ticket, reason="设备已停产", by=boss)
    assert (ticket.step, ticket.archive_reason) == ("archived", "设备已停产")


def test_who_archives_is_no_supervisor_by_that(customer, clerk, client):
    archivist = cast.make_user("archivist", VIEW, ARCHIVE, scope="all")
    boss = cast.make_user("boss", VIEW, CLOSE, scope="all")
    ticket = handled(customer, clerk)
    do(actions.feedback_ticket, ticket, result="没解决", satisfaction=1)
    do(actions.process_ticket, ticket, handling="再次重启", by=clerk)
    do(actions.feedback_ticket, ticket, result="没解决", satisfaction=2)
    url = f"/service/tickets/{ticket.pk}/"
    client.force_login(archivist)
    assert "do-close" not in client.get(url).content.decode()
    assert client.post(f"{url}close/", {"reason": "算了"}).status_code == 403
    client.force_login(boss)
    assert 'id="do-close"' in client.get(url).content.decode()
    assert client.post(f"{url}close/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}close/", {"reason": "设备已停产"}).status_code == 303
    assert ServiceTicket.objects.get().step == "archived"


MENUS = ["tickets", "assignment", "handling", "feedback", "archive"]


@pytest.mark.parametrize("menu", MENUS)
def test_the_page_of_a_ticket_offers_the_next_step_in_each_menu(customer, clerk, client, menu):
    """Whoever holds all rights of service goes on from the page where the last step was taken."""
    boss = cast.make_user("boss", VIEW, ASSIGN, PROCESS, FEEDBACK, ARCHIVE, scope="all")
    client.force_login(boss)
    ticket = record(customer)

    def offered():
        return set(re.findall(r'id="do-(\w+)"', client.get(f"/service/{menu}/{ticket.pk}/").content.decode()))

    assert offered() == {"assign"}
    do(actions.assign_ticket, ticket, to=clerk)
    assert offered() == {"assign"}
    do(actions.assign_ticket, ticket, to=boss)
    assert offered() == {"assign", "process"}
    do(actions.process_ticket, ticket, handling="重启", by=boss)
    assert offered() == {"feedback", "return"}
    do(actions.feedback_ticket, ticket, result="好", satisfaction=5)
    assert offered() == {"archive"}


WRONG = {
    "created": ["process", "feedback", "return", "archive"],
    "assigned": ["feedback", "return", "archive"],
    "processed": ["assign", "process", "archive"],
    "fed_back": ["assign", "process", "feedback", "return"],
    "archived": ["assign", "process", "feedback", "return", "archive"],
}


@pytest.mark.parametrize(("step", "verb"), [(step, verb) for step, verbs in WRONG.items() for verb in verbs])
def test_a_step_out_of_order_is_refused(customer, clerk, step, verb):
    ticket = record(customer)
    way = {
        "assigned": lambda: do(actions.assign_ticket, ticket, to=clerk),
        "processed": lambda: do(actions.process_ticket, ticket, handling="重启", by=clerk),
        "fed_back": lambda: do(actions.feedback_ticket, ticket, result="好", satisfaction=5),
        "archived": lambda: do(actions.archive_ticket, ticket),
    }
    for name, go in way.items():
        if ticket.step == step:
            break
        go()
        assert ticket.step == name
    asked = {
        "assign": {"to": clerk},
        "process": {"handling": "x", "by": clerk},
        "feedback": {"result": "x", "satisfaction": 5},
        "return": {"reason": "x"},
        "archive": {},
    }
    stale = ServiceTicket.objects.get(pk=ticket.pk)
    refused(getattr(actions, f"{verb}_ticket"), stale, **asked[verb])


def test_two_who_take_the_same_step_have_one_effect(customer, clerk):
    ticket = handled(customer, clerk)
    mine, theirs = (ServiceTicket.objects.get(pk=ticket.pk) for _ in range(2))
    do(actions.feedback_ticket, mine, result="好", satisfaction=5)
    refused(actions.feedback_ticket, theirs, result="坏", satisfaction=1, kind_of=StepRefused)


def test_satisfaction_is_the_mean_of_the_last_five_feedbacks(customer, clerk):
    for minute, stars in enumerate([1, 5, 4, 4, 3, 3]):
        ticket = handled(customer, clerk)
        at = cast.NOW + timedelta(minutes=minute)
        do(actions.feedback_ticket, ticket, result="x", satisfaction=stars, at=at)
    customer.refresh_from_db()
    assert customer.satisfaction == Decimal("3.80")


def test_editing_stops_when_it_is_handled_and_minds_others(customer, clerk):
    ticket = record(customer)
    seen = ticket.version
    do(actions.edit_ticket, ticket, overview="网关离线两台", seen=seen)
    refused(actions.edit_ticket, ticket, overview="另一个", seen=seen, kind_of=Conflict)
    with cast.change() as change:
        stranger = customers.create_customer(change=change, name="别家")
    assert refused(actions.edit_ticket, ticket, customer=stranger).field == "customer"
    do(actions.assign_ticket, ticket, to=clerk)
    do(actions.process_ticket, ticket, handling="x", by=clerk)
    refused(actions.edit_ticket, ticket, overview="改", kind_of=StepRefused)


def test_binning_takes_its_rounds_along_and_keeps_what_was_judged(customer, clerk):
    ticket = handled(customer, clerk)
    do(actions.return_ticket, ticket, reason="没写清楚")
    do(actions.bin_ticket, ticket)
    assert not ServiceRound.objects.in_use().exists()
    do(actions.restore_ticket, ticket)
    assert ServiceRound.objects.in_use().count() == 1
    do(actions.process_ticket, ticket, handling="x", by=clerk)
    do(actions.feedback_ticket, ticket, result="好", satisfaction=5)
    refused(actions.bin_ticket, ticket)


def test_a_ticket_is_its_creators_and_its_assignees(customer, clerk, other):
    supervisor = cast.make_user("boss", VIEW, ASSIGN)
    ticket = record(customer, by=clerk)
    assert list(ServiceTicket.objects.visible_to(clerk)) == [ticket]
    assert list(ServiceTicket.objects.visible_to(supervisor)) == [ticket]
    assert not ServiceTicket.objects.visible_to(other).exists()
    do(actions.assign_ticket, ticket, to=other)
    assert list(ServiceTicket.objects.visible_to(other)) == [ticket]
    assert not ServiceTicket.objects.visible_to(supervisor).exists()


def test_targets_count_working_hours_and_the_calendar(customer, clerk):
    with cast.change() as change:
        actions.create_target(kind=kind(), response_hours=Decimal(2), handling_hours=Decimal(4), change=change)
        actions.create_day(day=datetime(2026, 11, 24).date(), works=False, note="停电", change=change)
    ticket = record(customer, at=MONDAY_EVENING)
    assert ticket.assign_by == MONDAY_EVENING + timedelta(days=1, hours=17)  # Wednesday 10:00
    do(actions.assign_ticket, ticket, to=clerk, at=MONDAY_EVENING)
    assert ticket.handle_by == MONDAY_EVENING + timedelta(days=1, hours=19)
    assert not queries.is_late(ticket, ticket.handle_by)
    late = ticket.handle_by + timedelta(minutes=1)
    assert queries.is_late(ticket, late)
    assert list(queries.late(ServiceTicket.objects.all(), late)) == [ticket]
    do(actions.process_ticket, ticket, handling="x", by=clerk, at=late)
    assert queries.is_late(ticket, late + timedelta(days=9))
    assert list(queries.late(ServiceTicket.objects.all(), late)) == []


def test_a_type_has_one_target_and_a_day_one_entry(customer):
    with cast.change() as change:
        actions.create_target(kind=kind(), response_hours=Decimal(2), handling_hours=Decimal(4), change=change)
        actions.create_day(day=cast.NOW.date(), works=False, change=change)
    hours = {"response_hours": Decimal(1), "handling_hours": Decimal(1)}
    assert refused(actions.create_target, kind=kind(), **hours).field == "kind"
    assert refused(actions.create_day, day=cast.NOW.date(), works=True).field == "day"
    assert (
        refused(actions.edit_target, ServiceTarget.objects.get(), response_hours=Decimal(0)).field == "response_hours"
    )
    do(actions.bin_day, CalendarDay.objects.get())
    do(actions.create_day, day=cast.NOW.date(), works=True)


def test_the_database_itself_refuses_a_ticket_that_cannot_be(customer, clerk):
    ticket = handled(customer, clerk)
    for nonsense in ({"step": "fed_back"}, {"step": "created"}, {"step": "archived"}, {"satisfaction": 6}):
        with pytest.raises(IntegrityError), transaction.atomic(), writing():
            ServiceTicket.objects.filter(pk=ticket.pk).update(**nonsense)


def test_open_tickets_are_counted_by_handler(customer, clerk, other):
    for _ in range(2):
        do(actions.assign_ticket, record(customer), to=clerk)
    handled(customer, other)
    assert queries.open_tickets([clerk.pk, other.pk]) == {clerk.pk: 2}


def test_a_customers_timeline_tells_of_tickets_within_reach(customer, clerk, other):
    record(customer, by=clerk)
    assert [event["kind"] for event in queries.ticket_events(customer, clerk, None, 9)] == ["ticket"]
    assert queries.ticket_events(customer, other, None, 9) == []
    assert queries.ticket_events(customer, clerk, cast.NOW, 9) == []
