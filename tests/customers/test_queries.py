"""Duplicates, timeline and ledger: what a customer page reads."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from guanxi.accounts.models import User
from guanxi.customers import actions, queries, registry
from guanxi.customers.models import Customer
from guanxi.kernel.days import start_of
from tests.cast import NOW, change, make_user
from tests.customers.company import (
    TODAY,
    cancel,
    make_contact,
    make_customer,
    make_interaction,
    make_order,
    pay,
    refund,
)

pytestmark = pytest.mark.django_db

READER = ("customers.view_customer",)


@pytest.fixture
def reader() -> User:
    return make_user("陈嘉木", *READER, scope="all")


def test_duplicates_are_found_by_name_phone_and_licence() -> None:
    by_name = make_customer("Acme 公司")
    by_phone = make_customer("乙", phone="0571-86000000")
    by_contact = make_customer("丙")
    make_contact(by_contact, mobile="13800138000")
    by_licence = make_customer("丁", licence_number="91110000600037341L")
    make_customer("戊")
    found = queries.find_duplicates(
        name="ＡＣＭＥ公司", phones=["138 0013 8000", "(0571)86000000", ""], licence_number="91110000600037341l"
    )
    assert [one.pk for one in found] == [by_name.pk, by_phone.pk, by_contact.pk, by_licence.pk]
    assert [len(one.reasons) for one in found] == [1, 1, 1, 1]


def test_duplicates_leave_out_the_bin_and_the_record_itself() -> None:
    customer = make_customer()
    assert queries.find_duplicates(name="云栖智造", apart_from=customer.pk) == []
    with change() as writer:
        actions.bin_customer(customer, change=writer)
    assert queries.find_duplicates(name="云栖智造") == []
    assert queries.find_duplicates(phones=["no phone"]) == []


def test_the_ledger_runs_a_balance_and_sums_months() -> None:
    customer = make_customer()
    order = make_order(customer, ordered_at=date(2026, 10, 1))
    pay(order, "60", date(2026, 10, 5))
    pay(order, "40", date(2026, 11, 2))
    refund(order, "10", date(2026, 11, 3))
    november, october = queries.ledger(customer)
    assert [entry.balance for entry in november.entries] == [90, 100]
    assert (november.received, november.refunded, november.net) == (40, 10, 30)
    assert (october.first_day, october.net, october.entries[0].balance) == (date(2026, 10, 1), 60, 60)


def test_purchase_months_count_orders_that_stand() -> None:
    customer = make_customer()
    make_order(customer, ordered_at=date(2026, 9, 30))
    make_order(customer)
    make_order(customer, ordered_at=date(2025, 1, 1))
    cancel(make_order(customer))
    months = queries.purchase_months(customer, until=TODAY, months=3)
    assert months == [(date(2026, 9, 1), 100), (date(2026, 10, 1), Decimal(0)), (date(2026, 11, 1), 100)]


def test_the_timeline_tells_everything_newest_first(reader: User) -> None:
    customer = make_customer(at=NOW - timedelta(days=9))
    make_interaction(customer, NOW - timedelta(days=1), kind="visit")
    pay(make_order(customer, ordered_at=date(2026, 11, 21)), "100")
    stretch = queries.timeline(customer, user=reader)
    assert [event["kind"] for event in stretch.events] == ["payment", "interaction", "order", "change"]
    assert [event["amount"] for event in stretch.events] == [100, None, 100, None]
    assert stretch.before is None
    assert [event["kind"] for event in queries.timeline(customer, user=reader, kinds=["order"]).events] == ["order"]


@pytest.mark.parametrize(("language", "mark"), [("en", ", "), ("zh-hans", "、")])
def test_the_timeline_lists_changed_fields_in_the_readers_language(reader: User, language: str, mark: str) -> None:
    customer = make_customer(manager=reader)
    with change("edit", by=reader) as writer:
        actions.edit_customer(customer, change=writer, website="https://a.example", address="西湖区")
    with translation.override(language):
        told = [event["text"] for event in queries.timeline(customer, user=reader, kinds=["change"]).events]
        names = {str(Customer._meta.get_field(name).verbose_name) for name in ("website", "address")}
    assert set(told[0].split(mark)) == names


def test_the_timeline_hides_what_the_reader_may_not_see() -> None:
    customer = make_customer()
    pay(make_order(customer), "100")
    clerk = make_user("冯宇", *READER, scope="all", masks=["amount"])
    assert {event["amount"] for event in queries.timeline(customer, user=clerk).events} == {None}
    stranger = make_user("周晓")
    assert [event["kind"] for event in queries.timeline(customer, user=stranger).events] == ["change"]


def test_whoever_opens_customers_reads_all_that_hangs_on_them() -> None:
    customer = make_customer()
    make_interaction(customer)
    pay(make_order(customer), "100")
    seller = make_user("周晓", "customers.view_customer", scope="all")
    kinds = {event["kind"] for event in queries.timeline(customer, user=seller).events}
    assert kinds == {"interaction", "order", "payment", "change"}


def test_what_is_outstanding_leaves_cancelled_orders_out() -> None:
    customer = make_customer()
    assert customer.outstanding == 0
    pay(make_order(customer, total="300"), "100")
    cancel(make_order(customer, total="500"))
    customer.refresh_from_db()
    assert customer.outstanding == 200


def test_stretches_of_the_timeline_skip_and_repeat_nothing(reader: User) -> None:
    customer = make_customer(at=NOW - timedelta(days=40))
    for back in range(12):
        make_interaction(customer, NOW - timedelta(days=back))
    for _same_day in range(5):
        make_order(customer, ordered_at=date(2026, 11, 20))
    seen: list[tuple[str, int]] = []
    before: datetime | None = None
    while True:
        stretch = queries.timeline(customer, user=reader, before=before, limit=3)
        seen += [(event["model"], event["pk"]) for event in stretch.events]
        before = stretch.before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 18


def test_what_is_known_by_its_day_stands_where_it_was_entered_or_on_its_day(reader: User) -> None:
    customer = make_customer(at=NOW - timedelta(days=9))
    nine, two = NOW.replace(hour=1), NOW.replace(hour=6)
    make_interaction(customer, nine, overview="九点")
    make_interaction(customer, nine - timedelta(days=2), overview="前天九点")
    order = make_order(customer, ordered_at=TODAY, at=two)
    late = make_order(customer, ordered_at=TODAY - timedelta(days=2), at=two)
    with change("pay", at=two + timedelta(hours=1)) as writer:
        actions.pay_order(order, amount=Decimal(100), paid_at=TODAY, change=writer)
    events = queries.timeline(customer, user=reader).events[:5]
    assert [(event["kind"], event["whole_day"]) for event in events] == [
        ("payment", False),
        ("order", False),
        ("interaction", False),
        ("interaction", False),
        ("order", True),
    ]
    assert [events[1]["pk"], events[4]["pk"]] == [order.pk, late.pk]
    assert events[4]["time"] == start_of(TODAY - timedelta(days=2))


def test_stretches_through_days_of_both_kinds_skip_and_repeat_nothing(reader: User) -> None:
    customer = make_customer(at=NOW - timedelta(days=40))
    day = date(2026, 11, 20)
    for hour in range(8):
        make_interaction(customer, start_of(day) + timedelta(hours=2 * hour))
        make_order(customer, ordered_at=day, at=start_of(day) + timedelta(hours=2 * hour, minutes=30))
        make_order(customer, ordered_at=day)
        make_order(customer, ordered_at=day, at=start_of(day))
        make_order(customer, ordered_at=day - timedelta(days=hour), at=start_of(day))
    whole = [(event["model"], event["pk"]) for event in queries.timeline(customer, user=reader, limit=100).events]
    seen: list[tuple[str, int]] = []
    times: list[datetime] = []
    before: datetime | None = None
    for _stretch in range(100):
        stretch = queries.timeline(customer, user=reader, before=before, limit=3)
        seen += [(event["model"], event["pk"]) for event in stretch.events]
        times += [event["time"] for event in stretch.events]
        before = stretch.before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == len(whole) == 41
    assert times == sorted(times, reverse=True)
    assert set(seen) == set(whole)


def test_a_higher_app_adds_its_events(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def tickets(_customer: Customer, _user: Any, _before: Any, _limit: int) -> Sequence[dict[str, Any]]:
        return [{"kind": "ticket", "time": NOW, "model": "service.ticket", "pk": 1}]

    monkeypatch.setattr(registry, "sources", registry.sources[:])
    registry.customer_events("ticket", "Tickets", tickets, "service.view_ticket")
    customer = make_customer()
    assert "ticket" not in {event["kind"] for event in queries.timeline(customer, user=reader).events}
    clerk = make_user("冯宇", "service.view_ticket", scope="all")
    assert "ticket" in {event["kind"] for event in queries.timeline(customer, user=clerk).events}
