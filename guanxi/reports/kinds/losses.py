"""客户流失分析."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.reports.analyses.losses import during, losses
from guanxi.reports.answers import Answer
from guanxi.reports.charts import Chart, Series
from guanxi.reports.forms import PeriodForm
from guanxi.reports.kinds.service import month_within
from guanxi.reports.periods import Period
from guanxi.reports.questions import Question
from guanxi.reports.report import TOTAL, Cell, Group, Measure, Report, Sheet, list_link, register
from guanxi.retention.models import LossCase
from guanxi.web.labels import labels_of
from guanxi.web.registry import resource_of

DRAWN = 30
OF_CUSTOMERS = {
    "owner": "manager",
    "customer__level": "level",
    "reason": "",
    "owner__department": "manager__department",
}
"""What the filters of cases are called among customers; a reason is none of theirs."""


@register
class Losses(Report):
    """Customers at risk, lost, won back."""

    name = "losses"
    code = "4040"
    label = _("Customer churn")
    definition = _(
        "Customers whose loss was confirmed in the period, also those won back since. Prospects that never ordered stand"
        " apart and outside the rate."
    )
    icon = "trending-down"
    place = 40
    model = LossCase
    form = PeriodForm
    filters = ["owner", "customer__level", "reason", "owner__department"]
    figures = [
        Measure(
            "at_risk",
            _("At risk now"),
            definition=_(
                "Open cases of customers who had ordered. A case is its owner's, a customer its manager's: where these"
                " are two people, the list of customers at risk is longer or shorter."
            ),
        ),
        Measure(
            "confirmed",
            _("Losses confirmed"),
            definition=_("Cases of customers who had ordered, confirmed in the period."),
            less=True,
        ),
        Measure("won_back", _("Won back"), definition=_("Cases of customers who had ordered, won back in the period.")),
        Measure(
            "rate",
            _("Churn rate"),
            "percent",
            _(
                "The customers whose loss was confirmed in the period, in percent of all customers that ever ordered and are in use now."
            ),
            less=True,
        ),
        Measure("prospects", _("Prospects at risk"), definition=_("Open cases of customers that never ordered.")),
        Measure(
            "given_up",
            _("Prospects given up"),
            definition=_("Cases of customers that never ordered, confirmed in the period."),
            less=True,
        ),
    ]
    groups = [
        Group("month", _("Month")),
        Group("reason", _("Reason"), _("Without reason")),
        Group("customer__level", _("Level"), _("Ungraded")),
        Group("owner", _("Manager"), _("Nobody")),
    ]
    columns: ClassVar[Sequence[Measure]] = [
        figures[1],
        Measure("share", _("Share"), "percent", _("Their part of all losses counted here.")),
        figures[2],
    ]
    case_columns: ClassVar[Sequence[Measure]] = [
        Measure("number", _("Customer number"), "text"),
        Measure("customer", _("Customer name"), "text"),
        Measure("owner", _("Manager"), "text", _("The owner of the case.")),
        Measure("last_paid_at", _("Last paid order"), "day", _("As it was when the case was opened.")),
        Measure("reason", _("Reason of churn"), "text"),
        Measure("confirmed_at", _("Confirmed at"), "day"),
    ]

    def answer(self, question: Question) -> Answer:
        """Cases within reach; the rate is of customers within reach."""
        cases = question.rows(LossCase, question.filters)
        customers = question.rows(Customer, question.filters_on(Customer, renamed=OF_CUSTOMERS))
        wanted = slice(question.start, question.start + question.page_size)
        return losses(cases, customers, question.period, field=question.group.name, wanted=wanted)

    def volume(self, question: Question) -> Any:
        """The cases that were confirmed in the period or in those it is compared with, or are open."""
        cases, period = question.rows(LossCase, question.filters), question.period
        spans = (period, period.year_before(), period.before())
        decided = [during("confirmed_at", one) | during("won_back_at", one) for one in spans]
        return cases.filter(reduce(or_, decided, Q(state=LossCase.State.OPEN)))

    def effort(self, question: Question) -> int:
        """Each case is looked at for several figures."""
        return 3

    def links(self, question: Question) -> Mapping[str, str]:
        """The cases behind each figure."""
        period, had, never = question.period, {"never_ordered": "no"}, {"never_ordered": "yes"}
        opened = {"state": LossCase.State.OPEN.value}
        confirmed = period.params("confirmed_at")
        return {
            "at_risk": _link(question, had | opened),
            "confirmed": _link(question, had | confirmed),
            "won_back": _link(question, had | period.params("won_back_at")),
            "prospects": _link(question, never | opened),
            "given_up": _link(question, never | confirmed),
        }

    def sheets(self, question: Question, answer: Answer) -> list[Sheet]:
        """The losses by group, and the lost customers one by one."""
        group, found = question.group, answer.tables["groups"]
        names = group.keys([row[0] for row in found], LossCase)
        rows = [
            [
                Cell(name),
                Cell(lost, _mark(question, key, "confirmed_at")),
                Cell(part),
                Cell(back, _mark(question, key, "won_back_at")),
            ]
            for name, (key, lost, part, back) in zip(names, found, strict=True)
        ]
        total = [Cell(TOTAL), Cell(answer.count), Cell(None), Cell(answer.figures["won_back"].value)]
        groups = Sheet("groups", self.label, [Measure("group", group.label, "text"), *self.columns], rows, total)
        cases = self._cases(question, answer)
        return [groups, Sheet("cases", _("Lost customers"), self.case_columns, cases, pages=True)]

    def charts(self, question: Question, answer: Answer, sheets: Sequence[Sheet]) -> list[Chart]:
        """Lost and won back."""
        lines = sheets[0].rows[:DRAWN]
        series = [
            Series(measure.label, [row[at].value for row in lines], "count", [row[at].link for row in lines], tone)
            for measure, at, tone in ((self.figures[1], 1, 5), (self.figures[2], 3, 2))
        ]
        names, across = [row[0].value for row in lines], question.group.name != "month"
        title = _("Lost and won back")
        return [Chart("bar", "losses", title, names, series, question.group.label, across=across)]

    def _cases(self, question: Question, answer: Answer) -> list[list[Cell]]:
        found = answer.tables["rows"]
        fields: dict[str, Any] = {name: LossCase._meta.get_field(name).related_model for name in ("owner", "reason")}
        owners = labels_of(fields["owner"], {row[4] for row in found} - {None})
        reasons = labels_of(fields["reason"], {row[6] for row in found} - {None})
        return [
            [
                Cell(number),
                Cell(name, _record(question, case)),
                Cell(owners.get(owner, ("",))[0]),
                Cell(last),
                Cell(reasons.get(reason, ("",))[0]),
                Cell(day),
            ]
            for case, _customer, number, name, owner, last, reason, day in found
        ]


def _mark(question: Question, key: Any, moment: str) -> str:
    """The cases of one group that were confirmed, or won back, in the period."""
    period, name = question.period, question.group.name
    if name == "month":
        month: Period = month_within(key, period)
        return _link(question, {"never_ordered": "no"} | month.params(moment))
    params = {"never_ordered": "no", name: "none" if key is None else str(key)}
    return _link(question, params | period.params(moment))


def _link(question: Question, params: Mapping[str, Any]) -> str:
    return list_link(LossCase, question, {**question.chosen(), **params})


def _record(question: Question, pk: int) -> str:
    resource = resource_of(LossCase)
    return resource.url("record", pk) if resource and resource.may(question.user, "view") else ""
