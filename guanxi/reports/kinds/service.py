"""客户服务分析."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.reports.analyses.service import of_period, service
from guanxi.reports.answers import Answer
from guanxi.reports.charts import Chart, Series
from guanxi.reports.forms import PeriodForm
from guanxi.reports.periods import Period
from guanxi.reports.questions import Question
from guanxi.reports.report import TOTAL, Cell, Group, Measure, Report, Sheet, list_link, register
from guanxi.service.models import ServiceTicket
from guanxi.service.queries import working_time
from guanxi.service.working_time import WorkingClock

DRAWN = 30


@register
class Service(Report):
    """Tickets of a period, how fast and how well they were handled."""

    name = "service"
    code = "4030"
    label = _("Customer service")
    definition = _(
        "The tickets that were created in the period, as they stand now. Times are working time: hours in which the company works."
    )
    icon = "headset"
    place = 30
    model = ServiceTicket
    form = PeriodForm
    filters = ["kind", "assigned_to", "assigned_to__department"]
    figures = [
        Measure("tickets", _("Tickets"), definition=_("Tickets created in the period within your reach.")),
        Measure(
            "response",
            _("Mean response (hours)"),
            "hours",
            _("Working time from the creation to the assignment that stands, of tickets that were never sent back."),
            less=True,
        ),
        Measure(
            "handling",
            _("Mean handling (hours)"),
            "hours",
            _("Working time from the assignment to the handling that stands, of tickets that were handled."),
            less=True,
        ),
        Measure(
            "in_time",
            _("In time"),
            "percent",
            _(
                "The part of the handled tickets with a time limit that was handled within it. Tickets that still wait"
                " are not in it, even if they are late already: the list of tickets shows those as late."
            ),
        ),
        Measure("satisfaction", _("Satisfaction"), "stars", _("The mean of the stars that customers gave last.")),
    ]
    groups = [
        Group("kind", _("Type")),
        Group("step", _("Step")),
        Group("satisfaction", _("Satisfaction"), _("Not rated"), ordered=True),
        Group("assigned_to", _("Handler"), _("Nobody yet")),
        Group("month", _("Month")),
    ]
    columns: ClassVar[Sequence[Measure]] = [
        figures[0],
        Measure("share", _("Share"), "percent", _("Their part of all tickets counted here.")),
        *figures[1:],
    ]

    def answer(self, question: Question) -> Answer:
        """One reading of the tickets within reach, and of those of the periods before."""

        def clock(period: Period) -> WorkingClock:
            return WorkingClock(working_time(period.begins), period.begins)

        tickets = question.rows(ServiceTicket, question.filters)
        return service(tickets, question.period, group=question.group.name, clock=clock)

    def volume(self, question: Question) -> Any:
        """The tickets of the period."""
        return of_period(question.rows(ServiceTicket, question.filters), question.period)

    def effort(self, question: Question) -> int:
        """Working time is counted ticket by ticket, in this period and in the two that it is compared with."""
        return 40

    def links(self, question: Question) -> Mapping[str, str]:
        """The tickets counted."""
        return {"tickets": _link(question, {}, question.period)}

    def sheets(self, question: Question, answer: Answer) -> list[Sheet]:
        """One line for each type, step, rating, handler or month."""
        group, found = question.group, answer.tables["groups"]
        names = group.keys([row[0] for row in found], ServiceTicket)
        rows = [
            [Cell(name), Cell(row[1], _mark(question, row[0])), *(Cell(value) for value in row[2:])]
            for name, row in zip(names, found, strict=True)
        ]
        whole = [answer.figures[one.name].value for one in self.figures[1:]]
        total = [Cell(TOTAL), Cell(answer.count), Cell(None), *(Cell(value) for value in whole)]
        return [Sheet("groups", self.label, [Measure("group", group.label, "text"), *self.columns], rows, total)]

    def charts(self, question: Question, answer: Answer, sheets: Sequence[Sheet]) -> list[Chart]:
        """How many, and how long they took."""
        lines = sheets[0].rows[:DRAWN]
        names, head = [row[0].value for row in lines], question.group.label
        counts = Series(_("Tickets"), [row[1].value for row in lines], links=[row[1].link for row in lines])
        times = [
            Series(measure.label, [row[at].value for row in lines], "hours", tone=tone)
            for at, tone, measure in ((3, 2, self.figures[1]), (4, 3, self.figures[2]))
        ]
        month = question.group.name == "month"
        return [
            Chart("line" if month else "bar", "counts", _("Tickets"), names, [counts], head, across=not month),
            Chart("bar", "times", _("Mean times in hours"), names, times, head, across=not month),
        ]


def _mark(question: Question, key: Any) -> str:
    """The tickets of one group."""
    if question.group.name == "month":
        return _link(question, {}, month_within(key, question.period))
    return _link(question, {question.group.name: "none" if key is None else key}, question.period)


def _link(question: Question, params: Mapping[str, Any], period: Period) -> str:
    within = period.params("created_at")
    return list_link(ServiceTicket, question, {**question.chosen(), **params, **within})


def month_within(first_day: Any, period: Period) -> Period:
    """The days of a month that lie within a period."""
    return next(month for month in period.each_month() if month.begins.replace(day=1) == first_day)
