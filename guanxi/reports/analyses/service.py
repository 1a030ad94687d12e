"""客户服务: how many tickets of each kind there were, how fast and how well they were handled."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from guanxi.kernel.days import company_day
from guanxi.reports.answers import Answer, Figure, Row, mean, most, rated, share
from guanxi.reports.periods import Period
from guanxi.service.models import ServiceRound
from guanxi.service.working_time import WorkingClock

FIELDS = [
    *("kind", "step", "satisfaction", "assigned_to", "created_at"),
    *("assigned_at", "handled_at", "handle_by", "sent_back"),
]
HOUR = 3600
SENT_BACK = Q(satisfaction__lt=3) | ~Q(return_reason="")


@dataclass
class Tally:
    """What was counted of some tickets: times in whole seconds, so that no database rounds them."""

    tickets: int = 0
    responses: int = 0
    response: int = 0
    handled: int = 0
    handling: int = 0
    limited: int = 0
    in_time: int = 0
    judged: int = 0
    stars: int = 0

    def add(self, ticket: dict[str, Any], clock: WorkingClock) -> None:
        """Count one more ticket."""
        self.tickets += 1
        assigned, handled = ticket["assigned_at"], ticket["handled_at"]
        if assigned and not ticket["sent_back"]:
            self.responses += 1
            self.response += clock.between(ticket["created_at"], assigned)
        if assigned and handled:
            self.handled += 1
            self.handling += clock.between(assigned, handled)
            self.limited += ticket["handle_by"] is not None
            self.in_time += ticket["handle_by"] is not None and handled <= ticket["handle_by"]
        if ticket["satisfaction"]:
            self.judged += 1
            self.stars += ticket["satisfaction"]

    def measures(self) -> list[Any]:
        """Mean response and handling in hours, the share in time, the mean of the stars."""
        return [
            mean(Decimal(self.response) / HOUR, self.responses),
            mean(Decimal(self.handling) / HOUR, self.handled),
            share(self.in_time, self.limited),
            mean(self.stars, self.judged, Decimal("0.01")),
        ]


def of_period(tickets: Any, period: Period) -> Any:
    """The tickets that were created on the days of a period."""
    first, after = period.moments
    return tickets.filter(created_at__gte=first, created_at__lt=after)


def service(tickets: Any, period: Period, *, group: str, clock: Callable[[Period], WorkingClock]) -> Answer:
    """Tickets of a period by a field or by month, with the figures of the periods that it is compared with."""
    found = _tallies(of_period(tickets, period), group, clock(period))
    if group == "month":
        found = {month: found.get(month, Tally()) for month in period.first_days()}
    whole = _sum(found.values())
    earlier = [_whole(tickets, one, clock) for one in (period.year_before(), period.before())]
    names = ["response", "handling", "in_time", "satisfaction"]
    columns = zip(*(one.measures() for one in (whole, *earlier)), strict=True)
    figures = {"tickets": Figure(whole.tickets, *(one.tickets for one in earlier))}
    figures |= {name: Figure(*values) for name, values in zip(names, columns, strict=True)}
    rows: list[Row] = [
        (key, tally.tickets, share(tally.tickets, whole.tickets), *tally.measures()) for key, tally in found.items()
    ]
    if group != "month":
        rows.sort(key=rated if group == "satisfaction" else most)
    return Answer(figures, {"groups": rows}, whole.tickets)


def _whole(tickets: Any, period: Period, clock: Callable[[Period], WorkingClock]) -> Tally:
    return _sum(_tallies(of_period(tickets, period), "kind", clock(period)).values())


def _tallies(tickets: Any, group: str, clock: WorkingClock) -> dict[Any, Tally]:
    """One reading of all tickets, a tally for each group."""
    found: dict[Any, Tally] = defaultdict(Tally)
    rounds = ServiceRound.objects.in_use().filter(SENT_BACK, ticket=OuterRef("pk"))
    for ticket in tickets.order_by().annotate(sent_back=Exists(rounds)).values(*FIELDS).iterator(chunk_size=5_000):
        key = _month(ticket["created_at"]) if group == "month" else ticket[group]
        found[key].add(ticket, clock)
    return found


def _month(moment: datetime) -> Any:
    return company_day(moment).replace(day=1)


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        for name, value in vars(tally).items():
            setattr(whole, name, getattr(whole, name) + value)
    return whole
