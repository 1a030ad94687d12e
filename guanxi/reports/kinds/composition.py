"""客户构成分析."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.kernel.days import start_of
from guanxi.reports.analyses.composition import composition
from guanxi.reports.answers import Answer
from guanxi.reports.charts import Chart, Series
from guanxi.reports.questions import Question
from guanxi.reports.report import TOTAL, Cell, Group, Measure, Report, Sheet, list_link, register

FEW = 6
"""A pie of more slices cannot be read."""
DRAWN = 30


@register
class Composition(Report):
    """Customers in use by level, area, credit, manager, state, industry or source."""

    name = "composition"
    code = "4020"
    label = _("Customer composition")
    definition = _(
        "How many customers of each kind there are now. Customers in the bin, and those merged into others, do not count."
    )
    icon = "chart-pie"
    place = 20
    model = Customer
    filters = ["level", "manager", "area", "state", "manager__department"]
    figures = [
        Measure("customers", _("Customers"), definition=_("Customers in use within your reach that meet the filters.")),
        Measure("new", _("New this month"), definition=_("Those of them that were created this month.")),
        Measure("pool", _("Public pool"), definition=_("Those of them that nobody looks after.")),
    ]
    groups = [
        Group("level", _("Level"), _("Ungraded")),
        Group("area", _("Area"), _("Without area")),
        Group("credit", _("Credit"), _("Not rated"), ordered=True),
        Group("manager", _("Manager"), _("Public pool")),
        Group("state", _("State")),
        Group("industry", _("Industry"), _("Without industry")),
        Group("source", _("Source"), _("Without source")),
    ]
    columns: ClassVar[Sequence[Measure]] = [
        figures[0],
        Measure("share", _("Share"), "percent", _("Their part of all customers counted here.")),
    ]

    def answer(self, question: Question) -> Answer:
        """One grouping over the customers within reach."""
        rows = question.rows(Customer, question.filters)
        month = start_of(question.today.replace(day=1))
        return composition(
            rows, field=question.group.name, new=rows.filter(created_at__gte=month), ordered=question.group.ordered
        )

    def links(self, question: Question) -> Mapping[str, str]:
        """The lists behind the figures."""
        chosen = question.chosen()
        since = {"created_at.from": question.today.replace(day=1).isoformat()}
        return {
            "customers": list_link(Customer, question, chosen),
            "new": list_link(Customer, question, chosen | since),
            "pool": list_link(Customer, question, chosen | {"manager": "none"}),
        }

    def sheets(self, question: Question, answer: Answer) -> list[Sheet]:
        """One line for each kind."""
        group, found = question.group, answer.tables["groups"]
        names = group.keys([row[0] for row in found], Customer)
        rows = [
            [Cell(name), Cell(count, _link(question, key)), Cell(part)]
            for name, (key, count, part) in zip(names, found, strict=True)
        ]
        total = [Cell(TOTAL), Cell(answer.count), Cell(None)]
        return [Sheet("groups", self.label, [Measure("group", group.label, "text"), *self.columns], rows, total)]

    def charts(self, question: Question, answer: Answer, sheets: Sequence[Sheet]) -> list[Chart]:
        """Bars, and a pie of few kinds."""
        lines = sheets[0].rows[:DRAWN]
        series = Series(_("Customers"), [row[1].value for row in lines], links=[row[1].link for row in lines])
        shared: dict[str, Any] = {"categories": [row[0].value for row in lines], "head": question.group.label}
        bars = Chart("bar", "bars", _("Customers by kind"), series=[series], across=True, **shared)
        if not 1 < len(sheets[0].rows) <= FEW:
            return [bars]
        return [bars, Chart("pie", "pie", _("Shares"), series=[series], **shared)]


def _link(question: Question, key: Any) -> str:
    name = question.group.name
    return list_link(Customer, question, question.chosen() | {name: "none" if key is None else key})
