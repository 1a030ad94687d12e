"""The cards of figures on the start page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.access.reach import reach_of
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import FieldClass
from guanxi.reports.charts import Chart, Series
from guanxi.reports.dashboard import funnel, service, team, tiles, trend
from guanxi.reports.periods import period_to
from guanxi.reports.report import reports
from guanxi.retention.models import VIEW as VIEW_CASES
from guanxi.service.models import VIEW as VIEW_TICKETS
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url, of_many
from guanxi.web.formats import money, number, short_money


def _today() -> Any:
    return company_day(timezone.now())


def _sees_amounts(user: Any) -> bool:
    return FieldClass.AMOUNT not in reach_of(user).masked


def _reports(user: Any, *wanted: tuple[str, str]) -> list[tuple[Any, str]]:
    """The reports that a card sums up, each with its address for the same period, for whoever may open them."""
    found = [(reports[name], query) for name, query in wanted]
    return [
        (one.label, list_url(f"reports:{one.name}") + query) for one, query in found if user.has_perm(one.permission)
    ]


def _tiles(request: HttpRequest) -> Mapping[str, Any]:
    kind, today = tiles.read_kind(request.GET.get("period", "")), _today()
    period = period_to(today, kind)
    names = {"month": _("This month"), "quarter": _("This quarter"), "year": _("This year")}
    return {
        "figures": [_tile(figure) for figure in tiles.figures(request.user, kind, today=today)],
        "period": period,
        "before": period.before(),
        "reports": _reports(
            request.user, *((name, f"?period={kind}") for name in ("contribution", "service", "losses"))
        ),
        "choices": [
            {"label": label, "query": f"period={name}", "current": name == kind} for name, label in names.items()
        ],
    }


def _tile(figure: tiles.Figure) -> dict[str, Any]:
    show, exact = (short_money, money) if figure.tile.summed else (number, number)
    return {
        "tile": figure.tile,
        "value": show(figure.now),
        "exact": exact(figure.now),
        "before": show(figure.before),
        "change": figure.change,
        "rises": figure.now > figure.before,
        "url": list_url(figure.tile.view, figure.params),
    }


def _funnel(request: HttpRequest) -> Mapping[str, Any]:
    days = funnel.read_days(request.GET.get("days", ""))
    names = {"90": _("Last 90 days"), "365": _("12 months")}
    steps = funnel.funnel(request.user, days, today=_today())
    return {
        "steps": [(step, list_url("marketing:salechance-list", step.params)) for step in steps],
        "most": steps[0].count,
        "amounts": _sees_amounts(request.user),
        "choices": [
            {"label": label, "query": f"days={name}", "current": name == days} for name, label in names.items()
        ],
    }


def _trend(request: HttpRequest) -> Mapping[str, Any]:
    amounts = _sees_amounts(request.user)
    now, before = trend.trend(request.user, today=_today(), amounts=amounts)
    title = _("Amount of paid orders by month") if amounts else _("Paid orders by month")
    runs = [(_("Last 12 months"), now, 1), (_("A year earlier"), before, 6)]
    return {
        "reports": _reports(request.user, ("contribution", "?period=12-months")),
        "chart": Chart(
            "line",
            "trend",
            title,
            [f"{month.period.begins:%Y-%m}" for month in now],
            [_run(name, months, tone, amounts=amounts) for name, months, tone in runs],
            head=_("Month"),
            empty=_("No order was paid in two years."),
            level=3,
        ),
    }


def _run(name: str, months: Sequence[trend.MonthOfOrders], tone: int, *, amounts: bool) -> Series:
    values = [month.value for month in months]
    links = [
        list_url("customers:order-list", {"state": "paid", **month.period.params("ordered_at")}) for month in months
    ]
    return Series(name, values, "money" if amounts else "count", links, tone)


def _service(request: HttpRequest) -> Mapping[str, Any]:
    now = timezone.now()
    found, kept = service.load(request.user, now=now), service.punctuality(request.user, today=company_day(now))
    address = "service:serviceticket-list"
    return {
        "load": found,
        "steps": [
            (
                step,
                list_url(address, {"step": step.of.value}),
                list_url(address, {"view": "late", "step": step.of.value}),
            )
            for step in found.steps
        ],
        "handlers": [
            (one, list_url(address, {"step": "assigned", "assigned_to": one.of.pk})) for one in found.handlers
        ],
        "kept": kept,
        "reports": _reports(request.user, ("service", "?period=month")),
        "handled": list_url(address, kept.period.params("handled_at")),
    }


def _sellers(request: HttpRequest) -> Mapping[str, Any]:
    amounts = _sees_amounts(request.user)
    period, found = team.sellers(request.user, today=_today(), amounts=amounts)
    params = {"state": "paid", **period.params("ordered_at")}
    return {
        "sellers": [(one, list_url("customers:order-list", {**params, "salesperson": one.user.pk})) for one in found],
        "most": max((one.total for one in found), default=0),
        "most_orders": max((one.count for one in found), default=0),
        "amounts": amounts,
        "reports": _reports(request.user, ("contribution", "?period=month")),
        "all": list_url("customers:order-list", params),
    }


def _at_risk(request: HttpRequest) -> Mapping[str, Any]:
    amounts = _sees_amounts(request.user)
    rows = team.at_risk(request.user, amounts=amounts)
    order = {"sort": "-paid_total"} if amounts else {}
    return {
        "customers": list(rows[: team.RISKS]),
        "amounts": amounts,
        "count": count_of(rows),
        "reports": _reports(request.user, ("losses", "?period=month")),
        "all": list_url("customers:customer-list", {"view": "at-risk", **order}),
    }


home_card(
    HomeCard(
        "figures",
        gettext_lazy("At a glance"),
        "reports/dashboard/tiles.html",
        _tiles,
        (tiles.VIEW_CUSTOMERS, tiles.VIEW_CHANCES, VIEW_TICKETS, VIEW_CASES),
        place=5,
        wide=True,
        rows=4,
    )
)
home_card(
    HomeCard(
        "funnel",
        gettext_lazy("Sales funnel"),
        "reports/dashboard/funnel.html",
        _funnel,
        tiles.VIEW_CHANCES,
        place=32,
    )
)
home_card(
    HomeCard(
        "trend",
        gettext_lazy("Contribution of the last 12 months"),
        "reports/dashboard/trend.html",
        _trend,
        tiles.VIEW_CUSTOMERS,
        place=34,
        suits=_sees_amounts,
        files=("guanxi/reports.css", "guanxi/charts.js"),
        rows=7,
    )
)
home_card(
    HomeCard(
        "service-load",
        gettext_lazy("Service load"),
        "reports/dashboard/service.html",
        _service,
        VIEW_TICKETS,
        place=38,
        suits=of_many,
    )
)
home_card(
    HomeCard(
        "sellers",
        gettext_lazy("Paid orders of this month by salesperson"),
        "reports/dashboard/sellers.html",
        _sellers,
        tiles.VIEW_CUSTOMERS,
        place=36,
        suits=lambda user: of_many(user) and _sees_amounts(user),
    )
)
home_card(
    HomeCard(
        "risk",
        gettext_lazy("Customers at risk who bought most"),
        "reports/dashboard/risk.html",
        _at_risk,
        tiles.VIEW_CUSTOMERS,
        place=40,
        suits=lambda user: of_many(user) and user.has_perm(VIEW_CASES),
    )
)
