"""The load of service: how many tickets wait at each step and with whom, how many are late, how many were in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q

from guanxi.reports.answers import share
from guanxi.reports.periods import Period, period_to
from guanxi.service.models import ServiceTicket
from guanxi.service.queries import OPEN, Step

CAP = 10_000
"""No more open tickets are looked at: above it the load is `10,000+`."""
HANDLERS = 6


@dataclass(frozen=True)
class Waiting:
    """How many tickets wait, and how many of them longer than their target allows."""

    of: Any
    count: int
    late: int


@dataclass(frozen=True)
class Load:
    """The open tickets within reach: by step, and those being handled by handler, the most loaded first."""

    steps: Sequence[Waiting]
    handlers: Sequence[Waiting]
    more: bool

    @property
    def total(self) -> int:
        """All that are open."""
        return sum(step.count for step in self.steps)


@dataclass(frozen=True)
class Punctuality:
    """Of the tickets that were handled in a period and had a target: how many, and how many within it."""

    period: Period
    handled: int
    in_time: int

    @property
    def share(self) -> Decimal | None:
        """In percent."""
        return share(self.in_time, self.handled)


def load(user: Any, *, now: datetime) -> Load:
    """The open tickets within a user's reach, ten thousand at most."""
    first = ServiceTicket.objects.visible_to(user).at(*OPEN).order_by().values("pk")[: CAP + 1]
    late = Q(step=Step.CREATED, assign_by__lt=now) | Q(step=Step.ASSIGNED, handle_by__lt=now)
    rows = ServiceTicket.objects.filter(pk__in=first).order_by().values_list("step", "assigned_to")
    counts, lates, mine, mine_late = Counter[str](), Counter[str](), Counter[int](), Counter[int]()
    for step, handler, count, of_them in rows.annotate(count=Count("pk"), late=Count("pk", filter=late)):
        counts[step] += count
        lates[step] += of_them
        if step == Step.ASSIGNED:
            mine[handler] += count
            mine_late[handler] += of_them
    steps = [Waiting(Step(step), counts[step], lates[step]) for step in OPEN]
    busiest = sorted(mine, key=lambda handler: (-mine[handler], -mine_late[handler], handler))[:HANDLERS]
    names = get_user_model()._default_manager.in_bulk(busiest)
    handlers = [Waiting(names[handler], mine[handler], mine_late[handler]) for handler in busiest]
    return Load(steps, handlers, counts.total() > CAP)


def punctuality(user: Any, *, today: date) -> Punctuality:
    """How many tickets of this month were handled within their target."""
    period = period_to(today, "month")
    first, last = period.moments
    rows = ServiceTicket.objects.visible_to(user).filter(handled_at__gte=first, handled_at__lt=last)
    found = rows.filter(handle_by__isnull=False).aggregate(
        handled=Count("pk"), in_time=Count("pk", filter=Q(handled_at__lte=F("handle_by")))
    )
    return Punctuality(period, found["handled"], found["in_time"])
