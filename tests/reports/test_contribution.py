"""客户贡献 of the ten customers, worked out by hand; tests/reports/ten_customers.py shows the orders."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.search import queries
from tests import cast
from tests.customers.company import make_customer
from tests.reports.asking import answer, asked, assert_every_mark_leads_to_its_rows, figures, rows_behind
from tests.reports.ten_customers import VIEWS, paid

pytestmark = pytest.mark.django_db
D = Decimal


def names(company, found):
    by_id = {customer.pk: name for name, customer in company.customers.items()}
    return [by_id[row[0]] for row in found.tables["rows"]]


def test_the_figures_of_the_month(company):
    found = answer("contribution", company.chief)
    # 1,000.00 + 1,000.01 + 3,000.00 + 3,500.50 + 5,000.00 + 5,000.01; a sixth of it, 3,083.42; the best two 10,000.01
    assert figures(found) == {
        "amount": D("18500.52"),
        "customers": 6,
        "orders": 8,
        "average": D("3083.42"),
        "top_fifth": D("54.1"),
    }


def test_the_month_is_compared_with_the_same_days_of_the_year_and_of_the_month_before(company):
    amount = answer("contribution", company.chief).figures["amount"]
    # 2025-11-01 to 11-23 has the 500.00 of 11-20, not the 999.00 of 11-24; 2026-10-01 to 10-23 has nothing.
    assert (amount.year_before, amount.before) == (D("500.00"), D("0.00"))


def test_each_customer_with_share_cumulative_share_and_the_year_before(company):
    found = answer("contribution", company.chief)
    assert names(company, found) == ["湘江", "紫金", "太湖", "远望", "启明", "华星"]
    assert [row[1:] for row in found.tables["rows"]] == [
        (1, D("5000.01"), D("27.0"), D("27.0"), D("0.00"), None),
        (1, D("5000.00"), D("27.0"), D("54.1"), D("0.00"), None),
        (2, D("3500.50"), D("18.9"), D("73.0"), D("0.00"), None),
        (1, D("3000.00"), D("16.2"), D("89.2"), D("0.00"), None),
        (1, D("1000.01"), D("5.4"), D("94.6"), D("500.00"), D("100.0")),
        (2, D("1000.00"), D("5.4"), D("100.0"), D("0.00"), None),
    ]


def test_bands_are_open_below_and_closed_above(company):
    found = answer("contribution", company.chief)
    assert found.tables["bands"] == [
        ("-0", 0, D("0.00")),
        ("0-1000", 1, D("1000.00")),
        ("1000-3000", 2, D("4000.01")),
        ("3000-5000", 2, D("8500.50")),
        ("5000-", 1, D("5000.01")),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("band=0-1000", ["华星"]),
        ("band=1000-3000", ["远望", "启明"]),
        ("band=3000-5000", ["紫金", "太湖"]),
        ("band=5000-", ["湘江"]),
        ("band=own&low=1000&high=3500.50", ["太湖", "远望", "启明"]),
        ("low=3,500.50", ["湘江", "紫金"]),
        ("high=1千", ["华星"]),
        ("sort=amount", ["华星", "启明", "远望", "太湖", "紫金", "湘江"]),
        ("sort=-count", ["华星", "太湖", "启明", "远望", "紫金", "湘江"]),
        ("q=江", ["湘江"]),
        ("q=%E6%B9%98", ["湘江"]),
        ("q=nobody", []),
    ],
)
def test_what_is_asked_for_narrows_and_orders(company, query, expected):
    assert names(company, answer("contribution", company.chief, query)) == expected


def test_a_band_narrows_the_figures_too(company):
    assert figures(answer("contribution", company.chief, "band=5000-"))["amount"] == D("5000.01")
    assert figures(answer("contribution", company.chief, "band=5000-"))["customers"] == 1


@pytest.mark.parametrize(
    ("query", "amount", "count"),
    [
        # the year adds the 7,000.00 of 10-31 and the 200.00 of 01-01, not the 100.00 of the last 12-31
        ("period=year", "25700.52", 10),
        ("period=quarter", "25500.52", 9),
        # December to November adds that 100.00
        ("period=12-months", "25800.52", 11),
        ("period=custom&begin=2025-12-31&end=2026-01-01", "300.00", 2),
        ("period=custom&begin=2026-11-01&end=2026-11-01", "800.00", 1),
        ("period=custom&begin=2026-11-24&end=2026-12-31", "0.00", 0),
    ],
)
def test_periods_have_both_their_borders(company, query, amount, count):
    found = figures(answer("contribution", company.chief, query))
    assert (found["amount"], found["orders"]) == (D(amount), count)


def test_by_payments_money_counts_on_the_day_it_came_or_went(company):
    found = answer("contribution", company.chief, "basis=payments")
    # 18,500.52 and the 300.00 of 南粤 less the 100.00 that went back
    assert (found.figures["amount"].value, found.figures["orders"].value) == (D("18700.52"), 10)
    assert found.tables["rows"][-1][:3] == (company.id_of("南粤"), 2, D("200.00"))


def test_customers_without_orders_come_on_request_behind_the_others(company):
    found = answer("contribution", company.chief, "idle=on")
    assert names(company, found)[6:] == ["云栖", "南粤"]
    assert found.figures["idle"].value == 2
    assert found.count == 8


def test_the_merged_and_the_binned_customer_are_no_customers_of_their_own(company):
    everybody = names(company, answer("contribution", company.chief, "idle=on&period=year"))
    assert "北方" not in everybody
    assert "海纳" not in everybody


def test_customers_of_the_same_name_stay_apart(company):
    twin = make_customer("湘江二", manager=company.li)
    with cast.change() as change:
        change.update(twin, name="湘江")
    paid(twin, date(2026, 11, 6), "1.00")
    rows = answer("contribution", company.chief, "q=湘江").tables["rows"]
    assert {(row[0], row[2]) for row in rows} == {(company.id_of("湘江"), D("5000.01")), (twin.pk, D("1.00"))}


def test_everybody_sees_what_lies_within_their_reach(company):
    assert figures(answer("contribution", company.li))["amount"] == D("5000.01")  # 1,000.00 + 1,000.01 + 3,000.00
    assert figures(answer("contribution", company.wang))["amount"] == D("13500.51")
    stranger = cast.make_user("stranger", *VIEWS)
    assert figures(answer("contribution", stranger))["customers"] == 0


def test_filters_of_customers_narrow_it(company):
    of = {"level": company.gold.pk, "manager": company.wang.pk, "manager__department": company.wang.department_id}
    amounts = {"level": "2000.01", "manager": "13500.51", "manager__department": "13500.51"}
    for name, value in of.items():
        assert figures(answer("contribution", company.chief, f"{name}={value}"))["amount"] == D(amounts[name])
    assert figures(answer("contribution", company.chief, "level=none"))["amount"] == D("10000.01")


def test_a_department_outside_ones_reach_shows_nothing(company):
    found = answer("contribution", company.li, f"manager__department={company.wang.department_id}")
    assert (found.figures["customers"].value, found.tables["rows"]) == (0, [])


@pytest.mark.parametrize("query", ["", "period=year", "basis=payments", "level=none", "period=12-months&idle=on"])
def test_every_mark_leads_to_exactly_its_rows(company, query):
    for user in (company.chief, company.li):
        assert assert_every_mark_leads_to_its_rows(asked("contribution", user, query)) >= 2


def test_a_band_leads_to_the_customers_counted_in_it(company):
    question = asked("contribution", company.chief)
    bands = question.report.sheets(question, question.report.answer(question))[1]
    for name, count, amount in bands.rows:
        inside = answer("contribution", company.chief, count.link.removeprefix("?"))
        assert (len(inside.tables["rows"]), inside.figures["amount"].value) == (count.value, amount.value), name


class TestOfThoseWhoMayNotSeeAmounts:
    @pytest.fixture
    def clerk(self):
        return cast.make_user("clerk", *VIEWS, scope="all", masks=["amount"])

    def test_there_are_numbers_only(self, company, clerk):
        found = answer("contribution", clerk)
        assert figures(found) == {"customers": 6, "orders": 8}
        assert found.tables.keys() == {"rows"}
        assert all(len(row) == 2 for row in found.tables["rows"])

    @pytest.mark.parametrize("query", ["band=5000-", "low=5000", "band=own&low=5000&high=6000"])
    def test_bands_tell_nothing(self, company, clerk, query):
        assert len(answer("contribution", clerk, query).tables["rows"]) == 6

    def test_the_order_tells_nothing(self, company, clerk):
        assert not asked("contribution", clerk, "sort=-amount").valid
        # by number, then by id: never by amount
        assert names(company, answer("contribution", clerk)) == ["华星", "太湖", "启明", "远望", "紫金", "湘江"]

    def test_no_figure_sheet_or_chart_holds_an_amount(self, company, clerk):
        question = asked("contribution", clerk, "idle=on")
        found = question.report.answer(question)
        sheets = question.report.sheets(question, found)
        cells = [cell.value for sheet in sheets for row in [*sheet.rows, sheet.total] for cell in row]
        assert not [value for value in cells if isinstance(value, Decimal)]
        charts = question.report.charts(question, found, sheets)
        assert {one.unit for chart in charts for one in chart.series} == {"count"}
        assert {tile.measure.name for tile in question.report.tiles(question, found)} == {"customers", "orders", "idle"}


def test_it_asks_as_much_for_thirty_customers_as_for_six(company):
    def queries():
        with CaptureQueriesContext(connection) as asked_for:
            question = asked("contribution", company.chief, "idle=on")
            found = question.report.answer(question)
            question.report.sheets(question, found)
        return len(asked_for)

    queries()  # what is kept between requests is read once
    six = queries()
    for number in range(24):
        paid(make_customer(f"更多{number}", manager=company.li, level=company.gold), date(2026, 11, 7), "12.34")
    assert queries() == six <= 15


def test_pages_go_on_where_the_one_before_ended(company, monkeypatch):
    monkeypatch.setattr("guanxi.reports.questions.PAGE", 4)
    first, second = (answer("contribution", company.chief, f"idle=on&page={page}") for page in (1, 2))
    assert names(company, first) == ["湘江", "紫金", "太湖", "远望"]
    assert names(company, second) == ["启明", "华星", "云栖", "南粤"]
    assert [row[4] for row in second.tables["rows"]] == [D("94.6"), D("100.0"), D("100.0"), D("100.0")]


def test_who_has_no_level_is_ungraded_and_who_has_no_manager_stands_in_the_pool(company):
    question = asked("contribution", company.chief, "idle=on")
    rows = question.report.sheets(question, question.report.answer(question))[0].rows
    about = {row[0].value: (str(row[2].value), str(row[3].value)) for row in rows}
    assert about["紫金"] == ("未分级", "wang")
    assert about["南粤"] == ("金", "公海")


def test_a_customer_without_permission_for_lists_gets_no_links(company):
    looker = cast.make_user("looker", "reports.view_contribution", scope="all")
    question = asked("contribution", looker)
    sheets = question.report.sheets(question, question.report.answer(question))
    assert not [cell for row in sheets[0].rows for cell in row if cell.link]


def test_the_link_of_a_customer_shows_its_paid_orders_of_the_period(company):
    question = asked("contribution", company.chief)
    sheet = question.report.sheets(question, question.report.answer(question))[0]
    row = next(row for row in sheet.rows if row[0].value == "远望")
    assert [order.total for order in rows_behind(row[4].link, company.chief)] == [D("3000.00")]


@pytest.mark.parametrize("share", [0.0, 2.0])
def test_a_name_is_found_from_the_index_as_row_by_row(company, monkeypatch, share):
    monkeypatch.setattr(queries, "DENSE", share)
    spaced = make_customer("Acme 华 星 Trading", manager=company.li)
    paid(spaced, date(2026, 11, 7), "10.00")
    by_id = {customer.pk: name for name, customer in company.customers.items()} | {spaced.pk: "spaced"}

    def found(text):
        rows = answer("contribution", company.chief, f"q={text}").tables["rows"]
        return {by_id[row[0]] for row in rows}

    assert found("华星") == {"华星", "spaced"}
    assert found("acmeh") == set()
    assert found("ACME 华") == found("acme华") == {"spaced"}
    assert found("139") == set(), "a name is asked for, not a phone number"


@pytest.mark.sqlite
def test_no_index_of_customers_is_walked_to_group_the_orders_of_a_period(company):
    with CaptureQueriesContext(connection) as asked_for:
        answer("contribution", company.chief)
    grouped = [one["sql"] for one in asked_for.captured_queries if "GROUP BY" in one["sql"]]
    assert len(grouped) == 6
    assert all('+"customers_order"."customer_id" AS "buyer"' in sql for sql in grouped)
