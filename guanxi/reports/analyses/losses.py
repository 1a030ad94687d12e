"""客户流失: which customers are at risk, which were lost and which won back; prospects who never ordered stand apart."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, Q, Value, When

from guanxi.kernel.days import company_day, start_of
from guanxi.reports.answers import Answer, Figure, Row, share
from guanxi.reports.periods import Period
from guanxi.retention.models import LossCase

FIRST = slice(0, 50)
COLUMNS = ["customer", "customer__number", "customer__name", "owner", "last_paid_at", "reason", "confirmed_at"]


def on_days(cases: Any, moment: str, period: Period) -> Any:
    """The cases whose moment lies on a day of the period."""
    return cases.filter(during(moment, period))


def during(moment: str, period: Period) -> Q:
    """The condition that a moment lies on a day of the period."""
    first, after = period.moments
    return Q(**{f"{moment}__gte": first, f"{moment}__lt": after})


def losses(cases: Any, customers: Any, period: Period, *, field: str, wanted: slice = FIRST) -> Answer:
    """Cases of customers who had ordered; `customers` are those whom the rate is measured by.

    `field` groups them; `month` is the month of confirmation.
    """
    ordered = cases.filter(never_ordered=False)
    lost, won = on_days(ordered, "confirmed_at", period), on_days(ordered, "won_back_at", period)
    figures = {
        "at_risk": Figure(ordered.filter(state=LossCase.State.OPEN).count()),
        "confirmed": _compared(ordered, "confirmed_at", period),
        "won_back": _compared(ordered, "won_back_at", period),
        "rate": Figure(_rate(lost, customers)),
        "prospects": Figure(cases.filter(never_ordered=True, state=LossCase.State.OPEN).count()),
        "given_up": Figure(on_days(cases.filter(never_ordered=True), "confirmed_at", period).count()),
    }
    total = figures["confirmed"].value
    shown = lost.order_by("-confirmed_at", "-pk").values_list("pk", *COLUMNS)[wanted]
    rows: list[Row] = [(*row[:-1], company_day(row[-1])) for row in shown]
    groups = _groups(lost, won, field, period.first_days() if field == "month" else [])
    return Answer(figures, {"groups": groups, "rows": rows}, total)


def _groups(lost: Any, won: Any, field: str, months: list[date]) -> list[Row]:
    counts, back = (_counts(cases, field, at, months) for cases, at in ((lost, "confirmed_at"), (won, "won_back_at")))
    keys = counts.keys() | back.keys()
    ordered = months or sorted(keys, key=lambda key: (-counts[key], -back[key], key is None, key))
    total = sum(counts.values())
    return [(key, counts[key], share(counts[key], total), back[key]) for key in ordered]


def _counts(cases: Any, field: str, moment: str, months: Sequence[date]) -> Counter[Any]:
    """How many cases of each key; months are those of the company's days."""
    if field == "month":
        cases = cases.annotate(month=_month_of(moment, months))
    return Counter(dict(cases.order_by().values_list(field).annotate(count=Count("pk"))))


def _month_of(moment: str, months: Sequence[date]) -> Case:
    """The first day of the month that a moment lies in, by the moments at which the company's months begin.

    Comparing costs a tenth of what either database's own function of time zones does.
    """
    begun = [When(**{f"{moment}__gte": start_of(first)}, then=Value(first)) for first in reversed(months)]
    return Case(*begun, output_field=DateField())


def _compared(cases: Any, moment: str, period: Period) -> Figure:
    periods = (period, period.year_before(), period.before())
    return Figure(*(on_days(cases, moment, one).count() for one in periods))


def _rate(lost: Any, customers: Any) -> Any:
    """The customers lost, each once, in percent of all who ever ordered."""
    gone = lost.order_by().values("customer").distinct().count()
    return share(gone, customers.filter(order_count__gt=0).count())
