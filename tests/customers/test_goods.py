"""The rollup of goods by month: it says what the lines of paid orders say, whatever is done to orders."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.accounts.models import Notice
from guanxi.customers import actions
from guanxi.customers.actions import fold_goods, mend_goods, rebuild_goods
from guanxi.customers.actions.goods import follow_orders
from guanxi.customers.models import Customer, GoodsMonth, Order, OrderLine
from guanxi.customers.queries.goods import first_and_last_order, goods_of_rollup, months_of_orders, true_goods
from guanxi.customers.tasks import recount
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import undo
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work_off
from guanxi.kernel.batches import BATCH
from guanxi.kernel.records import writing
from guanxi.kernel.rules import RuleBroken
from tests import cast
from tests.cast import change
from tests.customers.company import cancel, make_customer, make_order, pay, refund
from tests.full import FULL

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
GOODS = ["轴承", "网关", "阀门"]


def line(goods: str, amount: int, **fields: Any) -> dict[str, Any]:
    return {"goods": goods, "quantity": Decimal(1), "unit_price": Decimal(amount), **fields}


def rollup() -> dict[tuple[date, str], tuple[int, Decimal]]:
    """What the rollup says, without what adds up to nothing."""
    found = {
        (month, goods): (count, amount)
        for month in GoodsMonth.objects.values_list("month", flat=True).distinct()
        for goods, count, amount in goods_of_rollup(GoodsMonth.objects.filter(month=month)).values_list(
            "goods", "count", "sum"
        )
    }
    return {key: sums for key, sums in found.items() if any(sums)}


def truth() -> dict[tuple[date, str], tuple[int, Decimal]]:
    """The same counted in Python from the rows themselves."""
    orders: dict[tuple[date, str], set[int]] = {}
    amounts: dict[tuple[date, str], Decimal] = {}
    rows = OrderLine.objects.filter(binned_in=None, order__binned_in=None, order__state="paid")
    for one in rows.select_related("order"):
        key = (one.order.ordered_at.replace(day=1), one.goods)
        orders.setdefault(key, set()).add(one.order_id)
        amounts[key] = amounts.get(key, Decimal(0)) + one.amount
    return {key: (len(orders[key]), amounts[key]) for key in orders}


def test_only_fully_paid_orders_count_in_the_month_of_their_day():
    customer = make_customer()
    both = [line("轴承", 100), line("网关", 30), line("轴承", 5)]
    first = make_order(customer, ordered_at=date(2026, 10, 31), lines=both)
    second = make_order(customer, ordered_at=date(2026, 11, 1), lines=[line("轴承", 50)])
    assert rollup() == {}
    pay(first, 134)
    assert rollup() == {}, "partly paid"
    pay(first, 1)
    pay(second, 50)
    october = {(OCTOBER, "轴承"): (1, Decimal(105)), (OCTOBER, "网关"): (1, Decimal(30))}
    assert rollup() == {**october, (NOVEMBER, "轴承"): (1, Decimal(50))}
    refund(second, 50)
    cancel(second)
    assert rollup() == october


def test_a_paid_order_that_moves_to_another_day_moves_its_goods():
    order = make_order(make_customer())
    pay(order, 100)
    with change("edit") as writer:
        actions.edit_order(order, ordered_at=date(2026, 10, 30), change=writer)
    assert rollup() == {(OCTOBER, "轴承"): (1, Decimal(100))}


def test_a_gift_counts_as_an_order_and_its_lines_may_change():
    order = make_order(make_customer(), lines=[line("轴承", 0)])
    assert rollup() == {(NOVEMBER, "轴承"): (1, Decimal(0))}
    with change("edit") as writer:
        actions.edit_order(order, lines=[line("网关", 0)], change=writer)
    assert rollup() == {(NOVEMBER, "网关"): (1, Decimal(0))}


def test_an_undo_takes_back_what_an_act_brought():
    order = make_order(make_customer())
    pay(order, 100)
    with change("undo") as writer:
        undo(ChangeSet.objects.get(verb="pay"), change=writer)
    assert rollup() == {}


def test_many_orders_entered_at_once_count_at_once():
    customer = make_customer()
    rows = [
        {"customer": customer, "ordered_at": date(2026, 11, day), "lines": [line("轴承", day)] * 2, "paid": day > 2}
        for day in range(1, 6)
    ]
    with change("import") as writer:
        actions.create_orders(rows=rows, change=writer)
    assert rollup() == {(NOVEMBER, "轴承"): (3, Decimal(24))}


def test_what_adds_nothing_reads_no_line():
    customer, other = make_customer(), make_customer("远山医疗")
    order = make_order(customer)
    pay(order, 100)
    for act in (
        lambda writer: actions.edit_order(order, change=writer, address="文三路 90 号"),
        lambda writer: actions.merge_customer(other, other=customer, change=writer),
    ):
        with CaptureQueriesContext(connection) as asked, change("edit") as writer:
            act(writer)
        assert not [one["sql"] for one in asked if "SELECT" in one["sql"] and "goods" in one["sql"]]
    assert rollup() == truth() == {(NOVEMBER, "轴承"): (1, Decimal(100))}


def test_no_statement_binds_more_than_a_batch_however_many_lines_were_written():
    order = make_order(make_customer())
    pay(order, 100)
    one = {"order": order, "goods": "网关", "quantity": 1, "unit_price": 1, "amount": 1}
    with writing():
        lines = [OrderLine(**one, created_at=cast.NOW, updated_at=cast.NOW) for _number in range(2 * BATCH + 1)]
        OrderLine.objects.bulk_create(lines)
    bound = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        bound.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        follow_orders([Change(model=OrderLine.label(), record_id=one.pk, act=Change.Act.CREATE) for one in lines])
    assert max(bound) == BATCH
    assert rollup()[NOVEMBER, "网关"] == (1, Decimal(2 * BATCH + 1))


def test_what_was_rolled_back_left_nothing():
    order = make_order(make_customer())
    with pytest.raises(ZeroDivisionError), change("pay") as writer:
        actions.pay_order(order, amount=Decimal(100), paid_at=date(2026, 11, 2), change=writer)
        writer.flush()
        raise ZeroDivisionError
    assert rollup() == {}


class Acts:
    """Random acts of people on a few customers and their orders; those that are refused change nothing."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.customers = [make_customer(f"客户{number}") for number in range(3)]
        self.done = 0

    def act(self) -> None:
        verbs = ["create", "many", "edit", "pay", "pay", "refund", "cancel", "reopen", "bin", "restore", "merge"]
        verb = self.dice.choice([*verbs, "undo", "undo"])
        try:
            with change(verb) as writer:
                getattr(self, verb)(writer)
                self.done += 1
        except RuleBroken:
            pass

    def lines(self) -> list[dict[str, Any]]:
        return [line(self.dice.choice(GOODS), self.dice.choice([0, 0, 10, 25])) for _ in range(self.dice.randint(1, 3))]

    def day(self) -> date:
        return date(2026, 9, 1) + timedelta(days=self.dice.randrange(80))

    def customer(self) -> Customer:
        return Customer.objects.get(pk=self.dice.choice(self.customers).pk)

    def create(self, writer: Any) -> None:
        actions.create_order(customer=self.customer(), ordered_at=self.day(), lines=self.lines(), change=writer)

    def many(self, writer: Any) -> None:
        rows = [
            {
                "customer": self.customer(),
                "ordered_at": self.day(),
                "lines": self.lines(),
                "paid": self.dice.random() < 0.7,
            }
            for _ in range(3)
        ]
        actions.create_orders(rows=rows, change=writer)

    def edit(self, writer: Any) -> None:
        fields: dict[str, Any] = {"lines": self.lines()} if self.dice.random() < 0.5 else {"ordered_at": self.day()}
        actions.edit_order(self.order(), change=writer, **fields)

    def pay(self, writer: Any) -> None:
        order = self.order()
        part = self.dice.choice([1, 1, 2])
        actions.pay_order(order, amount=(order.total - order.paid) / part, paid_at=date(2026, 11, 20), change=writer)

    def refund(self, writer: Any) -> None:
        order = self.order()
        actions.refund_order(order, amount=order.paid, paid_at=date(2026, 11, 21), change=writer)

    def cancel(self, writer: Any) -> None:
        actions.cancel_order(self.order(), reason="不要了", change=writer)

    def reopen(self, writer: Any) -> None:
        actions.reopen_order(self.order(), change=writer)

    def bin(self, writer: Any) -> None:
        actions.bin_customer(self.customer(), change=writer)

    def restore(self, writer: Any) -> None:
        actions.restore_customer(self.customer(), change=writer)

    def merge(self, writer: Any) -> None:
        one, other = self.dice.sample(self.customers, 2)
        actions.merge_customer(Customer.objects.get(pk=one.pk), other=Customer.objects.get(pk=other.pk), change=writer)

    def undo(self, writer: Any) -> None:
        done = ChangeSet.objects.filter(state=ChangeSet.State.DONE, undoes=None).exclude(
            subject_model="customers.customer", verb="create"
        )
        undo(self.chosen(list(done.order_by("-pk")[:6])), change=writer)

    def order(self) -> Order:
        return self.chosen(list(Order.objects.order_by("pk")))

    def chosen(self, found: list[Any]) -> Any:
        if not found:
            raise RuleBroken("There is none yet.")
        return self.dice.choice(found)


def test_the_rollup_is_the_truth_after_any_sequence_of_acts():
    done = 0
    for seed in range(60 if FULL else 6):
        with transaction.atomic():
            acts = Acts(seed)
            for step in range(60):
                acts.act()
                assert rollup() == truth(), f"company {seed}, step {step}"
            done += acts.done
            for month in months_of_orders():
                fold_goods(month)
                assert mend_goods(month) == []
            assert rollup() == truth()
            assert GoodsMonth.objects.count() == len(truth())
            transaction.set_rollback(True)
    assert done > 100


def test_rebuilding_says_the_same_as_following():
    customer = make_customer()
    for month in (9, 10, 11):
        pay(make_order(customer, ordered_at=date(2026, month, 1), lines=[line("轴承", 50), line("网关", 50)]), 100)
    followed = rollup()
    GoodsMonth.objects.create(month=NOVEMBER, goods="多余", orders=1, amount=Decimal(1))
    rebuild_goods()
    assert rollup() == followed == truth()
    assert list(true_goods(NOVEMBER).values_list("goods", "count", "sum").order_by("goods")) == [
        ("网关", 1, Decimal(50)),
        ("轴承", 1, Decimal(50)),
    ]


def test_the_months_are_those_from_the_first_order_in_use_to_the_last():
    assert months_of_orders() == []
    customer = make_customer()
    binned = make_order(customer, ordered_at=date(2026, 8, 3))
    for day in (date(2026, 9, 30), date(2026, 11, 1)):
        make_order(customer, ordered_at=day)
    with change("bin") as writer:
        writer.bin(binned)
    assert months_of_orders() == [date(2026, 9, 1), OCTOBER, NOVEMBER]
    GoodsMonth.objects.create(month=date(2020, 1, 1), goods="轴承", orders=1, amount=Decimal(1))
    assert months_of_orders()[0] == date(2020, 1, 1)


def test_the_first_order_and_the_last_are_read_from_an_index():
    with CaptureQueriesContext(connection) as asked:
        first_and_last_order()
    assert len(asked) == 2
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for walk in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{walk} = off")
        for one in asked.captured_queries:
            kind = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{kind} {one['sql']}")
            plan = str(cursor.fetchall())
            assert "order_ordered" in plan
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan


def test_a_night_mends_the_rollup_and_says_what_differed():
    watcher = cast.make_user("watcher", "jobs.view_job")
    pay(make_order(make_customer()), 100)
    GoodsMonth.objects.update(amount=Decimal(1))
    GoodsMonth.objects.create(month=date(2020, 1, 1), goods="从来没有", orders=2, amount=Decimal(0))
    recount.enqueue()
    work_off()
    result = Job.objects.get(task="customers.recount").result
    listed = {(one["label"], one["field"], str(one["was"]), str(one["now"])) for one in result["listed"]}
    assert listed == {
        ("2020-01 从来没有", "orders", "2", "0"),
        ("2026-11 轴承", "amount", "1.00", "100.00"),
    }
    assert result["differences"] == 2
    assert Notice.objects.get().user == watcher
    assert rollup() == truth() == {(NOVEMBER, "轴承"): (1, Decimal(100))}
