"""The made-up company: every state is there, the rules hold, the sums are true, the history is one of people at work."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Max, Sum

from guanxi.access.models import Department, MenuItem, Role
from guanxi.access.reach import reach_of
from guanxi.accounts.models import Notice, User
from guanxi.customers.models import Contact, Customer, Interaction, Order, OrderLine, Payment
from guanxi.demo import people
from guanxi.demo.days import works
from guanxi.demo.story import fill
from guanxi.demo.tickets import HOURS
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.days import company_day, start_of
from guanxi.kernel.phones import show_phone
from guanxi.marketing.models import DEVELOP, DevelopmentPlan, SaleChance
from guanxi.retention.models import KEEP, LossCase, LossScan, ReprieveMeasure
from guanxi.service.models import (
    ARCHIVE,
    CLOSE,
    FEEDBACK,
    PROCESS,
    CalendarDay,
    ServiceRound,
    ServiceTarget,
    ServiceTicket,
)
from guanxi.service.queries import late, satisfaction_of
from guanxi.web.context import IS_DEMO

TODAY = date(2026, 11, 25)
SHARE = 0.06
SEED = 5


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One company for all tests of this file that only read."""
    with django_db_blocker.unblock():
        call_command("sync", verbosity=0)
        list(fill(today=TODAY, seed=SEED, share=SHARE))
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def company(story: None, db: None) -> None:
    """Every test here reads that company."""


def user(name: str) -> User:
    return User.objects.get(username=name)


def test_as_many_are_there_as_were_promised():
    counts = {
        Department: 8,
        User: 24,
        Role: 6,
        Customer: round(400 * SHARE),
        Order: round(3000 * SHARE),
    }
    for model, number in counts.items():
        if model is Customer:
            assert number <= Customer.objects.count() <= number + 1
        else:
            assert model.objects.count() == number
    assert IS_DEMO.read()


def test_every_state_is_there():
    assert set(Order.objects.values_list("state", flat=True)) == set(Order.State.values)
    assert set(SaleChance.objects.values_list("stage", flat=True)) == set(SaleChance.Stage.values)
    assert set(Interaction.objects.values_list("kind", flat=True)) == set(Interaction.Kind.values)
    assert Payment.objects.filter(amount__lt=0).exists()
    assert Customer.objects.filter(manager=None).exists()
    assert Customer.objects.filter(manager=None).exclude(return_reason="").exists()
    assert Customer.objects.filter(order_count=0).exists()


def test_tickets_stand_at_every_step_and_some_are_late_or_went_twice():
    tickets = ServiceTicket.objects.in_use()
    assert set(tickets.values_list("step", flat=True)) == set(ServiceTicket.Step.values)
    evening = start_of(TODAY)
    assert late(tickets.at("created"), evening).exists()
    assert late(tickets.at("assigned"), evening).exists()
    assert tickets.filter(low_rounds__gt=0, step="assigned").exists()
    assert ServiceRound.objects.filter(satisfaction__lt=3).exists()
    for customer in Customer.objects.filter(tickets__rounds__satisfaction__isnull=False).distinct():
        assert customer.satisfaction == satisfaction_of(customer.pk)
    assert {target.kind.label_zh for target in ServiceTarget.objects.select_related("kind")} == set(HOURS)
    assert CalendarDay.objects.filter(day__year=TODAY.year, works=True).exists()
    assert CalendarDay.objects.filter(day__year=TODAY.year, works=False, note="春节").exists()


def test_scans_found_who_stopped_buying_and_a_case_says_how_the_customer_stands():
    assert LossScan.objects.filter(dry_run=True, opened__gt=0).exists()
    assert company_day(LossScan.objects.latest("at").at) == date(2026, 11, 24)
    cases = LossCase.objects.select_related("customer")
    assert cases.filter(state="open").exists()
    for state, stands in {"open": "at_risk", "confirmed": "lost"}.items():
        assert {case.customer.state for case in cases.filter(state=state)} <= {stands}
    assert set(Customer.objects.exclude(state="normal")) == {case.customer for case in cases.standing()}
    assert ReprieveMeasure.objects.exclude(outcome="").exists()
    for case in cases.exclude(last_paid_at=None):
        assert case.last_paid_at < case.opened_on


def test_everybody_finds_something_unread_and_a_card_that_is_not_empty(client):
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told >= {"sunhaoran", "zhouqiming", "linxiaowen"}
    assert len(told & {one.username for one in User.objects.filter(roles__name="销售")}) > 3
    assert told == set(Notice.objects.unread().values_list("user__username", flat=True))
    for post in ("销售主管", "销售", "客服", "高管"):
        full = 0
        for one in User.objects.filter(roles__name=post):
            client.force_login(one)
            mine = ("due-plans", "follow-ups", "my-tickets", "at-risk")
            cards = [client.get(f"/cards/{card}/") for card in mine]
            full += any("<tbody" in card.content.decode() for card in cards if card.status_code == 200)
        assert full, post


def test_plans_and_follow_ups_are_late_due_and_ahead():
    plans = DevelopmentPlan.objects.open()
    for rows, field in ((plans, "planned_on"), (Customer.objects.exclude(manager=None), "next_follow_up")):
        days = set(rows.exclude(**{field: None}).values_list(field, flat=True))
        assert min(days) < TODAY < max(days)
    assert plans.filter(planned_on=TODAY).exists()
    assert DevelopmentPlan.objects.exclude(effect="").exists()


def test_customers_stopped_buying_and_others_go_on():
    seven_months_ago = TODAY - timedelta(days=213)
    assert Customer.objects.filter(last_ordered_at__lt=seven_months_ago, order_count__gt=2).exists()
    assert Customer.objects.filter(last_ordered_at__gt=TODAY - timedelta(days=45)).exists()


def test_the_sums_of_customers_are_true():
    for customer in Customer.objects.all():
        standing = customer.orders.exclude(state="cancelled").aggregate(n=Count("pk"), last=Max("ordered_at"))
        paid = customer.orders.filter(state="paid").aggregate(n=Count("pk"), total=Sum("total"), last=Max("ordered_at"))
        received = customer.payments.aggregate(total=Sum("amount"))["total"]
        talks = customer.interactions.order_by("-happened_at", "-pk").first()
        assert (customer.order_count, customer.last_ordered_at) == (standing["n"], standing["last"])
        assert (customer.paid_count, customer.last_paid_at) == (paid["n"], paid["last"])
        assert customer.paid_total == (paid["total"] or 0)
        assert customer.received_total == (received or 0)
        assert customer.next_follow_up == (talks.next_follow_up if talks else None)
        assert customer.contacts.filter(is_primary=True).count() == 1


def test_orders_are_the_sum_of_their_lines_and_payments():
    for order in Order.objects.prefetch_related("lines", "payments"):
        lines, payments = list(order.lines.all()), list(order.payments.all())
        assert order.total == sum((line.amount for line in lines), start=Decimal(0)) > 0
        assert order.paid == sum((payment.amount for payment in payments), start=Decimal(0))
        assert order.state == "cancelled" or (order.state == "paid") == (order.paid == order.total)
        assert all(order.ordered_at <= payment.paid_at < TODAY for payment in payments)
        assert order.customer_id in {payment.customer_id for payment in payments} | {order.customer_id}
        assert order.ordered_at >= company_day(order.customer.created_at)
        assert works(order.ordered_at)
    assert OrderLine.objects.filter(discount__gt=0).exists()


def test_a_won_chance_is_where_its_customer_came_from():
    won = SaleChance.objects.filter(stage="won", customer__created_at=F("closed_at"))
    assert won.exists()
    for chance in won:
        assert chance.customer.name == chance.customer_name
        assert chance.customer.contacts.filter(name=chance.contact_name).exists()
        assert not chance.plans.filter(done_at=None).exists()
        assert not chance.customer.orders.filter(ordered_at__lt=company_day(chance.closed_at)).exists()


def test_every_act_is_somebodys_at_work_and_allowed():
    acts = ChangeSet.objects.exclude(way="command").select_related("by")
    allowed = {
        "claim": ("customers.claim_customer",),
        "return": ("customers.return_customer",),
        "win": (DEVELOP,),
        "lose": (DEVELOP,),
        "finish": (DEVELOP,),
        "pay": ("customers.edit_order",),
        "refund": ("customers.edit_order",),
        "cancel": ("customers.edit_order",),
        "process": (PROCESS,),
        "feedback": (FEEDBACK,),
        "archive": (ARCHIVE,),
        "close": (CLOSE,),
        "confirm": (KEEP,),
        "win_back": (KEEP,),
    }
    for act in acts:
        assert act.by is not None or act.way == "job"
        assert act.at.weekday() < 5 or act.way == "job"
        assert company_day(act.at) < TODAY
        assert all(act.by.has_perm(permission) for permission in allowed.get(act.verb, ())), (act.by, act.verb)
        if act.verb == "assign":
            assert act.by.has_perm(
                f"{act.subject_model.partition('.')[0]}.assign_{act.subject_model.partition('.')[2]}"
            )
    assert acts.earliest("at").at.date() <= date(2023, 11, 1) + timedelta(days=3)
    assert Counter(acts.values_list("way", flat=True))["page"] > 100
    assert allowed.keys() <= set(acts.values_list("verb", flat=True)) | {
        "claim",
        "return",
        "confirm",
        "win_back",
        "close",
    }
    assert not Change.objects.filter(change_set=None).exists()


def test_no_record_is_older_than_what_it_hangs_on():
    for model in (Contact, Order, Interaction, Payment):
        assert not model.objects.filter(created_at__lt=F("customer__created_at")).exists()
    assert not Interaction.objects.filter(happened_at__gt=F("created_at")).exists()
    assert not DevelopmentPlan.objects.filter(created_at__lt=F("chance__created_at")).exists()
    assert not DevelopmentPlan.objects.filter(done_at__lt=F("created_at")).exists()
    assert not ServiceTicket.objects.filter(created_at__lt=F("customer__created_at")).exists()
    assert not LossCase.objects.filter(created_at__lt=F("customer__created_at")).exists()
    assert not ReprieveMeasure.objects.filter(created_at__lt=F("case__created_at")).exists()


def test_every_grant_names_a_permission_that_the_code_knows():
    known = set(MenuItem.objects.in_use().exclude(permission="").values_list("permission", flat=True))
    for post in people.POSTS:
        assert set(post.grants) <= known, post.name
        role = Role.objects.get(name=post.name)
        assert set(role.grants.values_list("permission", flat=True)) == set(post.grants)


def test_every_permission_is_held_by_a_role_or_by_the_administrators_alone():
    known = set(MenuItem.objects.in_use().exclude(permission="").values_list("permission", flat=True))
    granted = {permission for post in people.POSTS for permission in post.grants}
    assert known - granted == people.ADMINISTERING
    assert not granted & people.ADMINISTERING


def test_service_sees_every_customer_but_neither_phones_nor_amounts(client):
    clerk = user("yuemengqi")
    assert Customer.objects.visible_to(clerk).count() == Customer.objects.count()
    assert reach_of(clerk).masked == {"phone", "amount", "bank"}
    assert not clerk.has_perm("customers.edit_order")
    customer = Customer.objects.exclude(phone="").filter(paid_total__gt=0).first()
    client.force_login(clerk)
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    contact = customer.contacts.get(is_primary=True)
    assert customer.name in page
    assert contact.name in page
    for secret in (customer.phone, contact.mobile, show_phone(contact.mobile), f"{customer.paid_total:,.2f}", "¥"):
        assert secret not in page
    assert f"{contact.mobile[:3]}****" in page
    assert client.get("/marketing/chances/").status_code == 403
    assert ServiceTicket.objects.visible_to(clerk).count() == ServiceTicket.objects.count()


def test_sellers_see_their_own_and_leaders_those_of_their_people():
    seller, leader, head = user("wangruoxi"), user("lisiyuan"), user("guyuanzhi")
    own = Customer.objects.visible_to(seller)
    assert set(own.values_list("manager__username", flat=True)) <= {"wangruoxi", None}
    region = set(Customer.objects.visible_to(leader).values_list("manager__department__name", flat=True))
    assert region <= {"华东销售部", None}
    assert "北方销售部" in Customer.objects.visible_to(head).values_list("manager__department__name", flat=True)
    assert own.count() < Customer.objects.visible_to(leader).count() < Customer.objects.visible_to(head).count()
    assert not seller.has_perm("customers.assign_customer")
    assert leader.has_perm("marketing.assign_salechance")
    assert Customer.objects.visible_to(user("zhouqiming")).count() == Customer.objects.count()
    assert user("sunhaoran").has_perm("anything.at_all")


def test_everybody_signs_in_with_the_one_password(client):
    for one in User.objects.filter(username__in=["sunhaoran", "wangruoxi", "dongpeng"]):
        assert one.check_password(people.PASSWORD)
        assert one.is_active
        assert not one.must_change_password
