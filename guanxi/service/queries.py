"""Reads of service that are used twice or span models."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from guanxi.customers.registry import Event, customer_events
from guanxi.service.models import VIEW, CalendarDay, ServiceRound, ServiceTarget, ServiceTicket
from guanxi.service.parameters import DAY_BEGINS, DAY_ENDS, RECENT
from guanxi.service.working_time import WorkingTime

Step = ServiceTicket.Step
OPEN = (Step.CREATED, Step.ASSIGNED, Step.PROCESSED, Step.FED_BACK)


def working_time(since: date) -> WorkingTime:
    """When the company works, from a day on."""
    days = CalendarDay.objects.in_use().filter(day__gte=since).values_list("day", "works")
    return WorkingTime(DAY_BEGINS.read(), DAY_ENDS.read(), dict(days))


def target_of(kind_id: int) -> ServiceTarget | None:
    """What tickets of a type are measured by, if anything."""
    found: ServiceTarget | None = ServiceTarget.objects.in_use().filter(kind=kind_id).first()
    return found


def open_tickets(user_ids: Any) -> dict[int, int]:
    """How many tickets wait for each of these users to handle them."""
    waiting = ServiceTicket.objects.in_use().at(Step.ASSIGNED).filter(assigned_to__in=user_ids)
    return dict(waiting.order_by().values_list("assigned_to").annotate(count=Count("pk")))


def satisfaction_of(customer_id: int) -> Decimal | None:
    """The mean of a customer's latest feedbacks, low ones too, to two decimals; None without any."""
    rounds = ServiceRound.objects.in_use().filter(customer=customer_id, satisfaction__isnull=False)
    stars = list(rounds.order_by("-created_at", "-pk").values_list("satisfaction", flat=True)[:RECENT])
    return _mean(stars)


def true_satisfaction(ids: Collection[int], /) -> dict[int, dict[str, Any]]:
    """What the satisfaction of these customers should say, in one query."""
    rounds = ServiceRound.objects.in_use().filter(customer__in=ids, satisfaction__isnull=False)
    stars: dict[int, list[int]] = {pk: [] for pk in ids}
    for customer_id, star in rounds.order_by("-created_at", "-pk").values_list("customer", "satisfaction"):
        if len(stars[customer_id]) < RECENT:
            stars[customer_id].append(star)
    return {pk: {"satisfaction": _mean(found)} for pk, found in stars.items()}


def _mean(stars: list[int]) -> Decimal | None:
    return (Decimal(sum(stars)) / len(stars)).quantize(Decimal("0.01")) if stars else None


def is_late(ticket: ServiceTicket, now: datetime) -> bool:
    """Whether a ticket's present step took, or takes, longer than its target."""
    if ticket.step == Step.CREATED:
        return ticket.assign_by is not None and now > ticket.assign_by
    if ticket.handle_by is None:
        return False
    return (ticket.handled_at or now) > ticket.handle_by


def late(rows: Any, now: datetime) -> Any:
    """The tickets that wait longer than their target allows."""
    return rows.at(Step.CREATED).filter(assign_by__lt=now) | rows.at(Step.ASSIGNED).filter(handle_by__lt=now)


def ticket_events(customer: Any, user: Any, before: datetime | None, limit: int) -> list[Event]:
    """A customer's tickets on its timeline, as far as the user sees them."""
    rows = ServiceTicket.objects.visible_to(user).filter(customer=customer)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    return [
        {
            "kind": "ticket",
            "time": ticket.created_at,
            "icon": "headset",
            "title": _("Service ticket %(number)s") % {"number": ticket.number},
            "text": f"{ticket.get_step_display()} · {ticket.overview}",
            "amount": None,
            "whole_day": False,
            "by": ticket.created_by_id,
            "model": ticket.label(),
            "pk": ticket.pk,
        }
        for ticket in rows.order_by("-created_at", "-pk")[:limit]
    ]


customer_events("ticket", ServiceTicket._meta.verbose_name_plural, ticket_events, VIEW)
