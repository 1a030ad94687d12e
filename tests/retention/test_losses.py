"""The loss rule at its borders, what becomes of a case, and every refusal."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.customers import actions as customers
from guanxi.customers.models import Customer, Order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.days import months_before, start_of
from guanxi.kernel.records import writing
from guanxi.kernel.rules import RuleBroken, StepRefused
from guanxi.retention import actions, queries
from guanxi.retention.actions import scan as scanning
from guanxi.retention.models import ASSIGN, VIEW, LossCase, LossScan, ReprieveMeasure
from guanxi.retention.queries import LossRule
from tests import cast

pytestmark = pytest.mark.django_db

RULE = LossRule(6, {})
TODAY = date(2026, 11, 23)
LINE = {"goods": "网关", "quantity": Decimal(1), "unit": "台", "unit_price": Decimal(100), "discount": Decimal(0)}


@pytest.fixture(autouse=True)
def dictionary():
    with cast.change() as change:
        fill_dictionary(change=change)


@pytest.fixture
def li():
    return cast.make_user("li", VIEW, "customers.view_customer", real_name="李思远")


def reason():
    return DictionaryEntry.objects.of("loss_reason").first()


def do(action, *args, at=cast.NOW, by=None, **fields):
    with cast.change("act", at=at, by=by) as change:
        return action(*args, change=change, **fields)


def customer_since(day, name="云栖智造", **fields):
    return do(customers.create_customer, name=name, since=day, **fields)


def paid_order(customer, day, at=None):
    at = at or start_of(day) + timedelta(hours=10)
    order = do(customers.create_order, customer=customer, ordered_at=day, lines=[LINE], at=at)
    do(customers.pay_order, order, amount=Decimal(100), paid_at=day, at=at)
    return order


def scan(at=cast.NOW, rule=RULE, **fields):
    return actions.scan_losses(rule, at=at, **fields)


def stands():
    models = [LossCase, ReprieveMeasure, Customer, Order, Change, ChangeSet]
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def refused(action, *args, match=None, kind=RuleBroken, **fields):
    before = stands()
    with pytest.raises(kind, match=match) as caught:
        do(action, *args, **fields)
    assert stands() == before
    return caught.value


def opened(customer):
    assert scan().opened == 1
    return LossCase.objects.get(customer=customer)


# -- the rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "paid", "met"),
    [
        (date(2026, 5, 22), None, True),
        (date(2026, 5, 23), None, False),  # exactly six months ago is within them
        (date(2020, 1, 1), date(2026, 5, 22), True),
        (date(2020, 1, 1), date(2026, 5, 23), False),
        (date(2026, 6, 1), date(2026, 5, 22), True),  # the first order was before the entry
        (date(2026, 6, 1), date(2026, 5, 23), False),
    ],
)
def test_the_rule_is_strict_on_both_sides(since, paid, met):
    customer = customer_since(since)
    if paid:
        paid_order(customer, paid)
    assert scan().opened == met
    customer.refresh_from_db()
    assert customer.state == ("at_risk" if met else "normal")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2026, 11, 23), 24, date(2024, 11, 23)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    assert months_before(day, months) == before


def test_days_are_those_of_the_company():
    customer = customer_since(date(2020, 1, 1))
    paid_order(customer, date(2026, 5, 23))
    before_midnight = datetime.fromisoformat("2026-11-23T23:59:00+08:00")
    assert scan(at=before_midnight).opened == 0
    assert scan(at=before_midnight + timedelta(minutes=2)).opened == 1


def test_unpaid_and_cancelled_orders_do_not_count():
    customer = customer_since(date(2020, 1, 1))
    order = do(customers.create_order, customer=customer, ordered_at=date(2026, 11, 1), lines=[LINE])
    do(customers.pay_order, order, amount=Decimal(40), paid_at=date(2026, 11, 2))
    assert scan().opened == 1


def test_levels_have_thresholds_of_their_own():
    major = DictionaryEntry.objects.of("customer_level").get(label_zh="大客户")
    do(actions.create_threshold, level=major, months=2)
    paid_order(customer_since(date(2020, 1, 1), level=major), date(2026, 9, 1))
    paid_order(customer_since(date(2020, 1, 1), "另一家"), date(2026, 9, 1))
    assert scan(rule=queries.loss_rule()).opened == 1
    assert LossCase.objects.get().months == 2


def test_a_case_keeps_what_it_was_opened_by(li):
    customer = customer_since(date(2020, 1, 1), manager=li)
    paid_order(customer, date(2026, 1, 5))
    case = opened(customer)
    assert (case.owner, case.last_paid_at, case.months, case.never_ordered) == (li, date(2026, 1, 5), 6, False)
    assert case.opened_on == TODAY
    customer_since(date(2020, 1, 1), "从未下单")
    scan()
    assert LossCase.objects.get(customer__name="从未下单").never_ordered


def test_a_second_scan_opens_none_and_a_dry_one_writes_nothing():
    customer_since(date(2020, 1, 1))
    before = stands()
    assert scan(dry_run=True).opened == 1
    assert stands() == before
    first, second = scan(), scan()
    assert (first.opened, first.skipped["at_risk"]) == (1, 0)
    assert (second.opened, second.skipped["at_risk"]) == (0, 1)
    assert not LossScan.objects.exists()  # the task keeps the report


def test_whom_another_scan_warned_of_meanwhile_is_skipped(monkeypatch):
    customer_since(date(2020, 1, 1))
    looked = scanning._met

    def overtaken(*args):
        met = looked(*args)
        monkeypatch.setattr(scanning, "_met", looked)
        assert scan().opened == 1
        return met

    monkeypatch.setattr(scanning, "_met", overtaken)
    report = scan()
    assert (report.opened, report.skipped["at_risk"]) == (0, 1)


def test_one_scan_is_one_change_set_over_many_batches(monkeypatch):
    monkeypatch.setattr("guanxi.retention.actions.scan.BATCH", 2)
    for number in range(5):
        customer_since(date(2020, 1, 1), f"客户{number}")
    seen = []
    assert scan(progress=lambda done, total: seen.append((done, total))).opened == 5
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert ChangeSet.objects.filter(verb="scan").count() == 1
    assert ChangeSet.objects.get(verb="scan").state == "done"


def test_a_batch_looks_again_before_it_writes():
    customer = customer_since(date(2020, 1, 1))
    paid_order(customer, TODAY)
    with cast.change("scan") as change:
        assert actions.open_cases([customer.pk], months=6, today=TODAY, change=change) == 0
    assert not LossCase.objects.exists()


def test_customers_in_the_bin_and_lost_ones_are_left_out():
    binned = customer_since(date(2020, 1, 1))
    do(customers.bin_customer, binned)
    lost = customer_since(date(2020, 1, 1), "已流失")
    do(actions.confirm_loss, opened(lost), reason=reason())
    assert scan().opened == 0


# -- what becomes of a case ------------------------------------------------------------------------------------------


def test_confirming_needs_a_reason_and_marks_the_customer():
    customer = customer_since(date(2020, 1, 1))
    case = opened(customer)
    assert refused(actions.confirm_loss, case, reason=None).field == "reason"
    do(actions.confirm_loss, case, reason=reason(), note="  搬走了 ")
    customer.refresh_from_db()
    assert (case.state, case.note, case.confirmed_at, customer.state) == ("confirmed", "搬走了", cast.NOW, "lost")
    refused(actions.confirm_loss, LossCase.objects.get(), reason=reason(), kind=StepRefused)


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_person_wins_a_customer_back_and_the_scan_leaves_it_alone(confirmed):
    customer = customer_since(date(2020, 1, 1))
    case = opened(customer)
    if confirmed:
        do(actions.confirm_loss, case, reason=reason())
    assert refused(actions.win_back, case, reason=" ").field == "reason"
    do(actions.win_back, case, reason="新经理上任")
    customer.refresh_from_db()
    assert (case.state, customer.state) == ("won_back", "normal")
    report = scan()
    assert (report.opened, report.skipped["won_back_lately"]) == (0, 1)
    assert scan(at=cast.NOW + timedelta(days=190)).opened == 1


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_paid_order_since_wins_back_by_itself(confirmed):
    customer = customer_since(date(2020, 1, 1))
    case = opened(customer)
    if confirmed:
        do(actions.confirm_loss, case, reason=reason())
    order = paid_order(customer, TODAY + timedelta(days=1))
    case.refresh_from_db()
    customer.refresh_from_db()
    assert (case.state, case.won_back_by, customer.state) == ("won_back", order, "normal")
    assert Change.objects.filter(model=LossCase.label(), record_id=case.pk).count() == 2 + confirmed


def test_an_order_of_the_same_day_or_before_or_a_part_of_the_money_wins_nothing_back():
    customer = customer_since(date(2020, 1, 1))
    case = opened(customer)
    paid_order(customer, TODAY - timedelta(days=1), at=cast.NOW)
    paid_order(customer, TODAY, at=cast.NOW)
    next_day = {"at": cast.NOW + timedelta(days=1)}
    order = do(
        customers.create_order, customer=customer, ordered_at=TODAY + timedelta(days=1), lines=[LINE], **next_day
    )
    do(customers.pay_order, order, amount=Decimal(99), paid_at=TODAY, **next_day)
    case.refresh_from_db()
    assert case.state == "open"
    do(customers.pay_order, order, amount=Decimal(1), paid_at=TODAY, **next_day)
    case.refresh_from_db()
    assert case.state == "won_back"


def test_measures_are_taken_only_while_the_case_is_on_hold():
    customer = customer_since(date(2020, 1, 1))
    case = opened(customer)
    assert refused(actions.create_measure, case=case, measure=" ").field == "measure"
    measure = do(actions.create_measure, case=case, measure="上门拜访", planned_on=TODAY)
    do(actions.edit_measure, measure, outcome="约好下周")
    assert measure.outcome == "约好下周"
    do(actions.bin_measure, measure)
    do(actions.restore_measure, measure)
    do(actions.confirm_loss, case, reason=reason())
    for action, fields in [
        (actions.edit_measure, {"outcome": "x"}),
        (actions.bin_measure, {}),
    ]:
        refused(action, ReprieveMeasure.objects.get(), match="结论|decided", **fields)
    refused(actions.create_measure, case=case, measure="再试一次")


@pytest.mark.postgresql
def test_the_customer_is_locked_before_its_case_and_the_measure():
    case = opened(customer_since(date(2020, 1, 1)))
    measure = do(actions.create_measure, case=case, measure="上门拜访")
    acts = [
        (actions.create_measure, (), {"case": case, "measure": "打电话"}),
        (actions.edit_measure, (measure,), {"outcome": "约好下周"}),
        (actions.bin_measure, (measure,), {}),
        (actions.restore_measure, (measure,), {}),
    ]
    for action, args, fields in acts:
        with CaptureQueriesContext(connection) as asked:
            do(action, *args, **fields)
        locked = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
        parts = [re.search(r'FROM "(customers|retention)_(\w+)"', sql) for sql in locked]
        assert [found[2] for found in parts if found][:2] == ["customer", "losscase"], action


def test_a_case_is_its_owners_and_goes_to_the_bin_with_its_customer(li):
    other = cast.make_user("wang", VIEW)
    boss = cast.make_user("boss", VIEW, ASSIGN)
    mine = customer_since(date(2020, 1, 1), manager=li)
    scan()
    assert LossCase.objects.visible_to(li).count() == 1
    assert not LossCase.objects.visible_to(other).exists()
    assert not LossCase.objects.visible_to(boss).exists()
    customer_since(date(2020, 1, 1), "公海客户")
    scan()
    assert [case.owner for case in LossCase.objects.visible_to(boss)] == [None]
    do(customers.bin_customer, mine)
    assert not LossCase.objects.visible_to(li).exists()
    do(customers.restore_customer, Customer.objects.get(pk=mine.pk))
    assert LossCase.objects.visible_to(li).count() == 1


def test_a_case_is_given_to_somebody_who_may_see_it(li):
    case = opened(customer_since(date(2020, 1, 1)))
    assert refused(actions.assign_case, case, to=cast.make_user("nobody")).field == "to"
    do(actions.assign_case, case, to=li)
    assert LossCase.objects.visible_to(li).count() == 1


def test_the_database_keeps_one_standing_case_a_customer():
    case = opened(customer_since(date(2020, 1, 1)))
    with pytest.raises(IntegrityError), transaction.atomic(), writing():
        LossCase.objects.create(
            customer=case.customer, opened_on=TODAY, months=6, created_at=cast.NOW, updated_at=cast.NOW
        )
    for nonsense in ({"state": "confirmed"}, {"state": "won_back"}):
        with pytest.raises(IntegrityError), transaction.atomic(), writing():
            LossCase.objects.filter(pk=case.pk).update(**nonsense)


def test_thresholds_are_one_a_level_and_within_bounds():
    level = DictionaryEntry.objects.of("customer_level").first()
    threshold = do(actions.create_threshold, level=level, months=3)
    assert refused(actions.create_threshold, level=level, months=4).field == "level"
    assert refused(actions.edit_threshold, threshold, months=0).field == "months"
    do(actions.bin_threshold, threshold)
    assert queries.loss_rule() == LossRule(6, {})


def test_the_timeline_tells_of_cases_within_reach(li):
    customer = customer_since(date(2020, 1, 1), manager=li)
    scan()
    assert [event["kind"] for event in queries.case_events(customer, li, None, 9)] == ["loss"]
    assert queries.case_events(customer, cast.make_user("wang", VIEW), None, 9) == []


def test_who_has_not_ordered_for_longest_stands_first_and_who_never_did_last(li):
    never = customer_since(date(2025, 1, 1), "从未下单", manager=li)
    later, longest = (customer_since(date(2024, 1, 1), name, manager=li) for name in ("后停", "先停"))
    paid_order(later, date(2026, 3, 1))
    paid_order(longest, date(2025, 3, 1))
    scan()
    assert [case.customer for case in queries.at_risk(li)] == [longest, later, never]


class TestSearch:
    def test_cases_are_found_by_customer_as_it_is_called_now(self, li, client):
        customer = customer_since(TODAY - timedelta(days=400), manager=li)
        scan()
        client.force_login(li)
        for text in ("云栖", "yunqi", customer.number):
            assert "云栖智造" in client.get("/retention/losses/", {"q": text}).content.decode()
        do(customers.edit_customer, customer, name="瑞达贸易")
        assert "瑞达贸易" in client.get("/retention/losses/", {"q": "ruida"}).content.decode()
        assert 'id="row-' not in client.get("/retention/losses/", {"q": "云栖"}).content.decode()

    def test_a_case_leads_to_its_customer_only_for_whom_it_is_open(self, li, client):
        customer = customer_since(TODAY - timedelta(days=400), manager=li)
        scan()
        url = f"/retention/losses/{LossCase.objects.get().pk}/"
        link = f'<a href="/customers/{customer.pk}/">'
        client.force_login(li)
        assert link in client.get(url).content.decode()
        client.force_login(cast.make_user("blind", VIEW, scope="all"))
        assert link not in client.get(url).content.decode()
