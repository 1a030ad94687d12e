"""客户贡献 by goods, worked out by hand, from the rollup and from the lines alike."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.access.reach import reach_of
from guanxi.customers import actions
from guanxi.customers.models import GoodsMonth
from guanxi.parameters.models import Parameter
from guanxi.reports import answering
from guanxi.reports.kinds.goods import source_of
from tests import cast
from tests.customers.company import cancel, make_customer, make_order, pay
from tests.reports.asking import answer, asked, assert_every_mark_leads_to_its_rows, figures, rows_behind
from tests.reports.ten_customers import VIEWS, build

pytestmark = pytest.mark.django_db
D = Decimal
GOODS = "group=goods"


def order(customer: Any, day: date, *lines: tuple[str, str], paid: str = "") -> Any:
    """An order of lines of (goods, amount), paid as a whole unless something else is said."""
    rows = [{"goods": goods, "quantity": D(1), "unit_price": D(amount)} for goods, amount in lines]
    made = make_order(customer, ordered_at=day, lines=rows)
    pay(made, paid or made.total, day)
    return made


@pytest.fixture
def company():
    """November: 轴承 350.00 in 2 orders, 网关 250.00 in 2, 阀门 0.01 in 1; the year has 网关 70.00 of 01-01 besides."""
    li = cast.make_user("li", *VIEWS)
    chief = cast.make_user("chief", holds_all=True)
    mine, pooled, doubled = make_customer("华星", manager=li), make_customer("启明"), make_customer("北方")
    order(mine, date(2026, 11, 1), ("轴承", "100"), ("网关", "50"), ("轴承", "50"))
    order(pooled, date(2026, 11, 23), ("网关", "200"), ("阀门", "0.01"))
    order(doubled, date(2026, 11, 2), ("轴承", "200"))  # merged into 华星
    order(mine, date(2026, 10, 31), ("轴承", "7"))
    order(pooled, date(2026, 1, 1), ("网关", "70"))
    order(mine, date(2025, 12, 31), ("网关", "9000"))
    order(mine, date(2025, 11, 23), ("轴承", "175"))
    order(mine, date(2025, 11, 24), ("轴承", "9000"))  # behind the same stretch of the year before
    order(mine, date(2026, 11, 3), ("阀门", "800"), paid="300")
    cancel(make_order(mine, ordered_at=date(2026, 11, 4), total="900"))
    with cast.change() as change:
        actions.merge_customer(mine, other=doubled, change=change)
    return chief, li


def test_the_goods_of_the_month_by_hand(company):
    chief, _li = company
    found = answer("contribution", chief, GOODS)
    assert figures(found) == {"goods": 3, "orders_with": 3, "amount": D("600.01")}
    assert found.tables["rows"] == [
        ("轴承", 2, D("350.00"), D("58.3"), D("58.3"), D("175.00"), D("100.0")),
        ("网关", 2, D("250.00"), D("41.7"), D("100.0"), D("0.00"), None),
        ("阀门", 1, D("0.01"), D("0.0"), D("100.0"), D("0.00"), None),
    ]
    assert (found.figures["amount"].year_before, found.figures["amount"].before) == (D("175.00"), D("0.00"))


def test_the_year_begins_and_ends_with_its_days(company):
    chief, _li = company
    rows = answer("contribution", chief, f"{GOODS}&period=year").tables["rows"]
    assert [row[:3] for row in rows] == [("轴承", 3, D("357.00")), ("网关", 3, D("320.00")), ("阀门", 1, D("0.01"))]


def test_the_rollup_answers_only_who_sees_everything_and_asks_for_most_of_a_month(company):
    chief, li = company
    GoodsMonth.objects.create(month=date(2026, 11, 1), goods="只在汇总里", orders=1, amount=D(1))

    def says(user: Any, query: str) -> bool:
        return "只在汇总里" in [row[0] for row in answer("contribution", user, f"{GOODS}&{query}").tables["rows"]]

    assert reach_of(chief).everything
    assert says(chief, "period=month")
    assert says(chief, "period=12-months")
    assert says(chief, "period=custom&begin=2026-11-01&end=2026-11-30")
    assert says(chief, "period=custom&begin=2026-11-02&end=2026-11-30"), "less the day that is left out"
    assert not says(chief, "period=custom&begin=2026-11-17&end=2026-11-30")
    assert not says(chief, "period=custom&begin=2026-11-01&end=2026-11-15")
    assert not says(chief, "period=month&q=华")
    assert not says(chief, f"period=month&manager={li.pk}")
    assert not says(li, "period=month")


def test_days_out_of_months_are_the_lines_of_these_days(company):
    chief, _li = company

    def sums(begin: str, end: str) -> dict[str, Decimal]:
        rows = answer("contribution", chief, f"{GOODS}&period=custom&begin={begin}&end={end}").tables["rows"]
        return {row[0]: row[2] for row in rows}

    assert sums("2026-10-31", "2026-11-22") == {"轴承": D("357.00"), "网关": D("50.00")}
    assert sums("2026-11-02", "2026-11-23") == {"轴承": D("200.00"), "网关": D("200.00"), "阀门": D("0.01")}
    assert sums("2025-11-24", "2026-01-31") == {"轴承": D("9000.00"), "网关": D("9070.00")}


def test_a_manager_has_the_goods_of_their_own_customers(company):
    _chief, li = company
    rows = answer("contribution", li, GOODS).tables["rows"]
    assert [row[:3] for row in rows] == [("轴承", 2, D("350.00")), ("网关", 1, D("50.00"))]


def test_every_mark_leads_to_its_orders(company):
    for user in company:
        assert assert_every_mark_leads_to_its_rows(asked("contribution", user, GOODS)) >= 4


def test_an_order_with_two_lines_of_one_goods_is_listed_once(company):
    chief, _li = company
    link = "/customers/orders/?lines__goods=轴承&state=paid&ordered_at.from=2026-11-01"
    assert len(rows_behind(link, chief)) == 2


@pytest.mark.sqlite
def test_orders_of_a_goods_are_found_by_an_index_of_it(company):
    rows = rows_behind("/customers/orders/?lines__goods=轴承", company[0])
    assert "USING COVERING INDEX line_goods (goods=?)" in rows.explain()


def test_a_year_of_goods_is_large_by_its_orders_although_their_lines_are_not_read(company):
    chief, _li = company
    with cast.change() as change:
        change.create(Parameter, key=answering.AT_ONCE.key, value=4)
    question = asked("contribution", chief, f"{GOODS}&period=year")
    assert source_of(question, lambda rows, *_path: rows).live(question.period).count() == 0
    assert answer("contribution", chief, f"{GOODS}&period=year").figures["orders_with"].value == 5
    assert answering.is_large(question)
    assert not answering.is_large(asked("contribution", chief, GOODS)), "three orders of November"


def test_lines_that_are_read_one_by_one_count_four_times(company):
    for user, effort in zip(company, (1, 4), strict=True):
        question = asked("contribution", user, GOODS)
        assert question.report.effort(question) == effort


def test_the_ten_customers_bought_one_kind_of_goods():
    found = answer("contribution", build().chief, GOODS)
    assert [row[:4] for row in found.tables["rows"]] == [("轴承", 8, D("18500.52"), D("100.0"))]


def test_without_amounts_goods_stand_by_their_orders(company):
    hidden = cast.make_user("hidden", *VIEWS, scope="all", masks=["amount"])
    question = asked("contribution", hidden, f"{GOODS}&sort=-amount")
    assert not question.valid
    question = asked("contribution", hidden, GOODS)
    found = question.report.answer(question)
    assert found.tables["rows"] == [("网关", 2), ("轴承", 2), ("阀门", 1)]
    assert "amount" not in found.figures
    shown = [column.name for column in question.report.sheets(question, found)[0].columns]
    assert shown == ["name", "orders_of"]


def test_payments_have_no_goods(company):
    chief, _li = company
    question = asked("contribution", chief, f"{GOODS}&basis=payments")
    assert list(question.form.errors) == ["basis"]
