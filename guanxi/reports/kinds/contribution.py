"""客户贡献分析."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Customer, Order, Payment
from guanxi.kernel.batches import batches
from guanxi.kernel.text import fold
from guanxi.reports.analyses.contribution import Source, Wanted, contribution, counted, idle_among
from guanxi.reports.answers import Answer
from guanxi.reports.bands import BANDS
from guanxi.reports.charts import Chart, Series
from guanxi.reports.forms import ContributionForm, QuestionForm
from guanxi.reports.kinds import goods
from guanxi.reports.questions import Question
from guanxi.reports.report import TOTAL, Cell, Group, Measure, Report, Sheet, list_link, register
from guanxi.search.queries import few
from guanxi.web.labels import labels_of
from guanxi.web.registry import resource_of

TOP = 10
PARETO = 20
AMOUNT = "amount"


@register
class Contribution(Report):
    """What each customer brought in, told apart by id."""

    name = "contribution"
    code = "4010"
    label = _("Customer contribution")
    definition = _(
        "What each customer brought in during the period. Counted by paid orders: orders that are fully paid, by their"
        " order date. Counted by payments: what came in less what went back, by the date of payment. Cancelled, unpaid"
        " and partly paid orders do not count as paid orders; their payments do count as payments."
    )
    icon = "chart-bar"
    place = 10
    model = Customer
    form = ContributionForm
    filters = ["manager", "level", "area", "manager__department"]
    figures = [
        Measure(
            "amount", _("Amount"), "money", _("The sum over all customers counted here, to the cent."), masked=AMOUNT
        ),
        Measure("customers", _("Customers"), definition=_("Customers with at least one such order or payment.")),
        Measure("orders", _("Orders or payments"), definition=_("How many there were.")),
        Measure(
            "average", _("Per customer"), "money", _("The amount divided by the customers, half up."), masked=AMOUNT
        ),
        Measure(
            "top_fifth",
            _("Best fifth"),
            "percent",
            _("The part that the best fifth of the customers brought in, rounded up to a whole customer."),
            masked=AMOUNT,
        ),
        Measure("idle", _("Without any"), definition=_("Customers without any such order or payment in the period.")),
        *goods.FIGURES,
    ]
    groups = [Group("customer", _("Customer")), Group("goods", _("Goods"))]
    columns: ClassVar[Sequence[Measure]] = [
        Measure("customer", _("Customer"), "text"),
        Measure("number", _("Number"), "text"),
        Measure("level", _("Level"), "text"),
        Measure("manager", _("Manager"), "text"),
        figures[2],
        figures[0],
        Measure("share", _("Share"), "percent", _("The customer's part of the amount."), masked=AMOUNT),
        Measure(
            "cumulative",
            _("Cumulative"),
            "percent",
            _("The part of the customer and of all who stand above it; told in the order of amounts only."),
            masked=AMOUNT,
        ),
        goods.EARLIER,
        Measure(
            "change",
            pgettext_lazy("of a figure", "Change"),
            "change",
            _("Against the same stretch of the year before."),
            masked=AMOUNT,
        ),
    ]

    def form_of(self, question: Question) -> QuestionForm:
        """Without bands and orders of amounts for those who may not see amounts."""
        groups = [(one.name, one.label) for one in self.groups]
        return ContributionForm(question.params, groups=groups, today=question.today, masked=AMOUNT in question.masked)

    def answer(self, question: Question) -> Answer:
        """By orders or by payments, one page of customers or goods, or all that a file takes."""
        if _of_goods(question):
            return goods.answer_of(question, goods.source_of(question, _named))
        source, wanted = self.source(question), _wanted(question)
        if question.values["idle"] and not question.values.get("within"):
            customers = _named(question.rows(Customer, question.filters), question, "")
            wanted = replace(wanted, idle=idle_among(customers, source, question.period))
        return counted(source, wanted) if AMOUNT in question.masked else contribution(source, wanted)

    def source(self, question: Question) -> Source:
        """The orders or payments of customers that meet the filters."""
        payments = question.values["basis"] == "payments"
        model: Any = Payment if payments else Order
        rows = _named(question.rows(model, question.filters_on(model, "customer__")), question, "customer__")
        if payments:
            return Source(rows, "paid_at", "amount")
        return Source(rows.filter(state=Order.State.PAID), "ordered_at", "total")

    def volume(self, question: Question) -> Any:
        """The orders, lines or payments of the period; all customers where those without any are asked for."""
        if _of_goods(question):
            return goods.source_of(question, _named).read_for(question.period)
        if question.values["idle"]:
            return question.rows(Customer, question.filters)
        return self.source(question).within(question.period)

    def effort(self, question: Question) -> int:
        """Customers are grouped again for each figure; goods are, too, where the rollup of months knows nothing of them."""
        return 1 if _of_goods(question) and goods.source_of(question, _named).rolled else 4

    def links(self, question: Question) -> Mapping[str, str]:
        """The orders or payments, where the list can be narrowed as the report is."""
        if question.values["q"] or question.values.get("within"):
            return {}
        whole = _list(question, question.chosen("customer__"))
        return {"amount": whole, "orders": whole, "orders_with": whole}

    def sheets(self, question: Question, answer: Answer) -> list[Sheet]:
        """The customers, best first, then the bands; or the goods."""
        if _of_goods(question):
            return [goods.sheet_of(question, answer)]
        columns = [one for one in self.columns if one.masked not in question.masked]
        found = answer.tables["rows"]
        about = _about([row[0] for row in found])
        rows = [self._row(question, about[row[0]], row) for row in found if row[0] in about]
        total = self._total(answer, len(columns))
        sheets = [Sheet("customers", _("Customers"), columns, rows, total, pages=True)]
        return sheets if AMOUNT in question.masked else [*sheets, self._bands(question, answer)]

    def charts(self, question: Question, answer: Answer, sheets: Sequence[Sheet]) -> list[Chart]:
        """The best ones beside the year before, the Pareto line, the bands."""
        if _of_goods(question):
            return goods.charts_of(question, sheets[0])
        rows = [row for row in sheets[0].rows if row[4].value]
        if AMOUNT in question.masked:
            return [_top(rows[:TOP], [(_("Orders or payments"), "count", 4)], _("Most orders or payments"))]
        charts = [_top(rows[:TOP], [(_("Amount"), "money", 5), (_("Year before"), "money", 8)], _("Largest amounts"))]
        if question.values["sort"] == "-amount":
            charts.append(_pareto(rows[:PARETO]))
        bands = sheets[1].rows
        series = Series(_("Customers"), [row[1].value for row in bands], links=[row[1].link for row in bands])
        names = [row[0].value for row in bands]
        return [*charts, Chart("bar", "bands", _("Customers by amount"), names, [series], _("Band of amounts"))]

    def _row(self, question: Question, about: Mapping[str, Any], row: Sequence[Any]) -> list[Cell]:
        orders = _list(question, {"customer": row[0]}) if row[1] else ""
        names = [
            Cell(about["name"], _record(question, row[0])),
            *(Cell(about[n]) for n in ("number", "level", "manager")),
        ]
        cells = [*names, Cell(row[1], orders)]
        if len(row) == 2:
            return cells
        return [*cells, Cell(row[2], orders), *(Cell(value) for value in row[3:])]

    def _total(self, answer: Answer, width: int) -> list[Cell]:
        cells = [Cell(TOTAL), Cell(None), Cell(None), Cell(None), Cell(answer.figures["orders"].value)]
        if width == len(cells):
            return cells
        amount = answer.figures["amount"]
        return [*cells, Cell(amount.value), Cell(None), Cell(None), Cell(amount.year_before), Cell(None)]

    def _bands(self, question: Question, answer: Answer) -> Sheet:
        found = zip(BANDS, answer.tables["bands"], strict=True)
        rows = [
            [Cell(str(band)), Cell(count, question.query(band=band.name, low=None, high=None, idle=None)), Cell(amount)]
            for band, (_name, count, amount) in found
            if count or band.low is not None
        ]
        total = [Cell(TOTAL), Cell(sum(row[1].value for row in rows)), Cell(sum(row[2].value for row in rows))]
        columns = [
            Measure(
                "band",
                _("Band of amounts"),
                "text",
                _("Above the lower bound, up to and including the upper one, by the customer's sum in the period."),
            ),
            *(self.figures[place] for place in (1, 0)),
        ]
        return Sheet("bands", _("Customers by amount"), columns, rows, total)


def _of_goods(question: Question) -> bool:
    return bool(question.values["group"] == "goods")


def _wanted(question: Question) -> Wanted:
    values = question.values
    page = {"start": question.start, "size": question.page_size}
    return Wanted(question.period, values.get("within"), values["sort"], **page)


def _named(rows: Any, question: Question, path: str) -> Any:
    """The rows of customers whose name holds what was typed, however it is written."""
    name = fold(question.values["q"])
    if not name:
        return rows
    found = few(Customer, question.values["q"])
    if found is not None:  # the index finds few at once; else each row is looked at
        rows = rows.filter(**{f"{path}pk__in": found})
    return rows.filter(**{f"{path}name_key__contains": name})


def _list(question: Question, params: Mapping[str, Any]) -> str:
    period = question.period
    if question.values["basis"] == "payments":
        return list_link(Payment, question, {**params, **period.params("paid_at")})
    paid = {"state": Order.State.PAID.value, **period.params("ordered_at")}
    return list_link(Order, question, {**params, **paid})


def _record(question: Question, pk: int) -> str:
    resource = resource_of(Customer)
    return resource.url("record", pk) if resource and resource.may(question.user, "view") else ""


def _about(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the rows say of their customers, which lie within reach as their orders do."""
    found: dict[int, dict[str, Any]] = {}
    for batch in batches(ids):
        rows = Customer.objects.filter(pk__in=batch).values("pk", "name", "number", "level", "manager")
        found |= {row["pk"]: row for row in rows}
    for name, none in (("level", _("Ungraded")), ("manager", _("Public pool"))):
        model: Any = Customer._meta.get_field(name).related_model
        labels = labels_of(model, {row[name] for row in found.values()} - {None})
        for row in found.values():
            row[name] = labels.get(row[name], (none,))[0]
    return found


def _top(rows: Sequence[Sequence[Cell]], measures: Sequence[tuple[Any, str, int]], title: Any) -> Chart:
    series = [
        Series(name, [row[at].value for row in rows], unit, [row[at].link for row in rows])
        for name, unit, at in measures
    ]
    return Chart("bar", "top", title, [row[0].value for row in rows], series, _("Customer"), across=True)


def _pareto(rows: Sequence[Sequence[Cell]]) -> Chart:
    amounts = Series(_("Amount"), [row[5].value for row in rows], "money", [row[5].link for row in rows])
    line = Series(_("Cumulative"), [row[7].value for row in rows], "percent", tone=3)
    return Chart("pareto", "pareto", _("Pareto"), [row[0].value for row in rows], [amounts, line], _("Customer"))
