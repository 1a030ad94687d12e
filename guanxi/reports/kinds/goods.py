"""客户贡献分析 by goods: the part of the report that tells goods apart, not customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.access.reach import reach_of
from guanxi.customers.models import Order, OrderLine
from guanxi.customers.queries.goods import sold
from guanxi.reports.analyses.goods import GoodsSource, goods_contribution
from guanxi.reports.answers import Answer
from guanxi.reports.charts import Chart, Series
from guanxi.reports.questions import Question
from guanxi.reports.report import TOTAL, Cell, Measure, Sheet, list_link

TOP = 10
PARETO = 20
AMOUNT = "amount"

FIGURES = [
    Measure("goods", _("Kinds of goods"), definition=_("Goods of at least one paid order, told apart by their name.")),
    Measure("orders_with", _("Paid orders"), definition=_("Fully paid orders of the period; each counts once.")),
]
EARLIER = Measure(
    "earlier",
    _("Year before"),
    "money",
    _(
        "The same stretch of the year before. The total is that of the whole stretch: what is not among the rows, as"
        " nothing came in this time, counts in it, so that it may be more than the sum of the rows."
    ),
    masked=AMOUNT,
)
COLUMNS = [
    Measure("name", _("Goods"), "text"),
    Measure("orders_of", _("Orders with it"), definition=_("Fully paid orders that have at least one line of it.")),
    Measure("amount_of", _("Amount of its lines"), "money", _("Its lines of fully paid orders, by the order date.")),
    Measure("share", _("Share"), "percent", _("Its part of the amount.")),
    Measure("cumulative", _("Cumulative"), "percent", _("Its part and that of all above it, in the order of amounts.")),
    EARLIER,
    Measure(
        "change", pgettext_lazy("of a figure", "Change"), "change", _("Against the same stretch of the year before.")
    ),
]


def source_of(question: Question, named: Any) -> GoodsSource:
    """The lines and orders of customers that meet the filters; `named` narrows them by the customer's name."""
    lines = sold(question.rows(OrderLine, question.filters_on(OrderLine, "order__customer__")))
    orders = question.rows(Order, question.filters_on(Order, "customer__")).filter(state=Order.State.PAID)
    narrowed = bool(question.values["q"]) or bool(question.chosen())
    rolled = reach_of(question.user).everything and not narrowed
    return GoodsSource(
        named(lines, question, "order__customer__"), named(orders, question, "customer__"), question.today, rolled
    )


def answer_of(question: Question, source: GoodsSource) -> Answer:
    """One page of goods, or all that a file takes."""
    wanted = slice(question.start, question.start + question.page_size)
    return goods_contribution(
        source, question.period, sort=question.values["sort"], wanted=wanted, amounts=AMOUNT not in question.masked
    )


def sheet_of(question: Question, answer: Answer) -> Sheet:
    """The goods, best first."""
    rows = [_row(question, row) for row in answer.tables["rows"]]
    columns = COLUMNS[:2] if AMOUNT in question.masked else COLUMNS
    total = [Cell(TOTAL), Cell(None)]
    if AMOUNT not in question.masked:
        amount = answer.figures["amount"]
        total += [Cell(amount.value), Cell(None), Cell(None), Cell(amount.year_before), Cell(None)]
    return Sheet("goods", _("Goods"), columns, rows, total, pages=True)


def charts_of(question: Question, sheet: Sheet) -> list[Chart]:
    """The best ones, and the Pareto line."""
    if AMOUNT in question.masked:
        return [_top(sheet.rows[:TOP], _("Most orders"), [Series(*_drawn(sheet, 1, TOP), links=_links(sheet, 1, TOP))])]
    now, before = (Series(*_drawn(sheet, at, TOP), links=_links(sheet, at, TOP)) for at in (2, 5))
    charts = [_top(sheet.rows[:TOP], _("Goods with the largest amounts"), [now, before])]
    if question.values["sort"] == "-amount":
        names = [row[0].value for row in sheet.rows[:PARETO]]
        line = Series(*_drawn(sheet, 4, PARETO), tone=3)
        charts.append(
            Chart("pareto", "pareto", _("Pareto"), names, [Series(*_drawn(sheet, 2, PARETO)), line], _("Goods"))
        )
    return charts


def paid_orders(question: Question, params: Mapping[str, Any]) -> str:
    """The list of the paid orders of the period, where it can be narrowed as the report is."""
    if question.values["q"]:
        return ""
    paid = {"state": Order.State.PAID.value, **question.period.params("ordered_at")}
    return list_link(Order, question, {**question.chosen("customer__"), **paid, **params})


def _row(question: Question, row: Sequence[Any]) -> list[Cell]:
    orders = paid_orders(question, {"lines__goods": row[0]})
    return [Cell(row[0]), Cell(row[1], orders), *(Cell(value) for value in row[2:])]


def _drawn(sheet: Sheet, at: int, most: int) -> tuple[Any, list[Any], str]:
    return sheet.columns[at].label, [row[at].value for row in sheet.rows[:most]], sheet.columns[at].unit


def _links(sheet: Sheet, at: int, most: int) -> list[str]:
    return [row[at].link for row in sheet.rows[:most]]


def _top(rows: Sequence[Sequence[Cell]], title: Any, series: Sequence[Series]) -> Chart:
    return Chart("bar", "top", title, [row[0].value for row in rows], series, _("Goods"), across=True)
