"""The timeline of a customer: what happened, newest first, from all apps that know of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.access.reach import reach_of
from guanxi.customers import registry
from guanxi.customers.models import Customer, Interaction
from guanxi.customers.registry import Event, Source, customer_events
from guanxi.history.models import Change
from guanxi.kernel.days import company_day, start_of
from guanxi.kernel.fields import FieldClass
from guanxi.kernel.text import listed

READ = "customers.view_customer"
ICONS = {
    Interaction.Kind.CALL: "phone-call",
    Interaction.Kind.VISIT: "map-pin",
    Interaction.Kind.WECHAT: "message",
    Interaction.Kind.MEETING: "users",
    Interaction.Kind.EMAIL: "mail",
}


@dataclass(frozen=True)
class Timeline:
    """One stretch of a timeline; `before` asks for the next one, None at the end."""

    events: list[Event]
    before: datetime | None


def timeline(
    customer: Customer,
    *,
    user: Any,
    before: datetime | None = None,
    kinds: Collection[str] = (),
    limit: int = 30,
) -> Timeline:
    """The newest events before a moment, of these kinds or of all that the user may see."""
    found: list[Event] = []
    unread: list[datetime] = []
    for source in shown_sources(user):
        if kinds and source.kind not in kinds:
            continue
        events = list(source.events(customer, user, before, limit))
        found += events
        if len(events) >= limit:
            unread.append(events[-1]["time"])
    found.sort(key=lambda event: event["time"], reverse=True)
    unread += [event["time"] for event in found[limit : limit + 1]]
    if not unread:
        return Timeline(found, None)
    # Events of one moment stay together: else the next stretch would skip some of them.
    shown = [event for event in found if event["time"] > max(unread)]
    if not shown:
        return timeline(customer, user=user, before=before, kinds=kinds, limit=limit * 2)
    return Timeline(shown, max(unread) + timedelta(microseconds=1))


def shown_sources(user: Any) -> list[Source]:
    """The kinds of events that a user may see."""
    return [source for source in registry.sources if not source.permission or user.has_perm(source.permission)]


def _event(kind: str, record: Any, time: datetime, **fields: Any) -> Event:
    blank = {"text": "", "amount": None, "whole_day": False, "by": record.created_by_id}
    return {**blank, "kind": kind, "time": time, "model": record.label(), "pk": record.pk, **fields}


def _interactions(customer: Customer, _user: Any, before: datetime | None, limit: int) -> list[Event]:
    rows: Any = customer.interactions.in_use().order_by("-happened_at", "-pk")
    rows = rows.filter(happened_at__lt=before) if before else rows
    return [
        _event(
            "interaction",
            row,
            row.happened_at,
            icon=ICONS[Interaction.Kind(row.kind)],
            title=row.get_kind_display(),
            text=" · ".join(filter(None, [row.place, row.overview])),
            follow_up=row.next_follow_up,
        )
        for row in rows[:limit]
    ]


def _orders(customer: Customer, user: Any, before: datetime | None, limit: int) -> list[Event]:
    rows = _days_before(customer.orders.in_use(), "ordered_at", before)
    return [
        _event(
            "order",
            row,
            row.entered or start_of(row.ordered_at),
            icon="receipt",
            title=_("Order %(number)s") % {"number": row.number},
            text=row.get_state_display(),
            amount=_shown(row.total, user),
            whole_day=row.entered is None,
        )
        for row in rows[:limit]
    ]


def _payments(customer: Customer, user: Any, before: datetime | None, limit: int) -> list[Event]:
    rows = _days_before(customer.payments.in_use().select_related("order"), "paid_at", before)
    return [
        _event(
            "payment",
            row,
            row.entered or start_of(row.paid_at),
            icon="cash" if row.amount > 0 else "arrow-back-up",
            title=_("Payment received") if row.amount > 0 else _("Refund"),
            text=_("Order %(number)s") % {"number": row.order.number},
            amount=_shown(row.amount, user),
            whole_day=row.entered is None,
        )
        for row in rows[:limit]
    ]


def _changes(customer: Customer, _user: Any, before: datetime | None, limit: int) -> list[Event]:
    rows = Change.objects.filter(model=Customer.label(), record_id=customer.pk).select_related("change_set")
    rows = rows.filter(change_set__at__lt=before) if before else rows
    return [
        {
            "kind": "change",
            "time": row.change_set.at,
            "icon": "circle-plus" if row.act == Change.Act.CREATE else "edit",
            "title": row.get_act_display(),
            "text": _fields_of(row),
            "amount": None,
            "whole_day": False,
            "by": row.change_set.by_id,
            "model": row.model,
            "pk": row.record_id,
        }
        for row in rows.order_by("-change_set__at", "-pk")[:limit]
    ]


def _fields_of(change: Change) -> str:
    """Which fields a change touched, by their labels; never their values."""
    if change.act != Change.Act.UPDATE:
        return ""
    fields = [Customer._meta.get_field(name) for name in change.after if name != "name_key"]
    return listed(getattr(field, "verbose_name", field.name) for field in fields)


def _days_before(rows: Any, field: str, before: datetime | None) -> Any:
    """The rows that stand before a moment, the latest first; `entered` is when, for one entered on its own day.

    What was entered later stands at the beginning of its day: nobody knows at what hour it was.
    """
    own_day = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
    rows = rows.annotate(own_day=own_day).annotate(entered=Case(When(own_day=F(field), then=F("created_at"))))
    rows = rows.order_by(f"-{field}", F("entered").desc(nulls_last=True), "-pk")
    if before is None:
        return rows
    day = company_day(before)
    if start_of(day) >= before:
        return rows.filter(**{f"{field}__lt": day})
    earlier = Q(entered__lt=before) | Q(entered__isnull=True)
    return rows.filter(Q(**{f"{field}__lt": day}) | earlier, **{f"{field}__lte": day})


def _shown(amount: Any, user: Any) -> Any:
    return None if FieldClass.AMOUNT in reach_of(user).masked else amount


customer_events("interaction", gettext_lazy("Interactions"), _interactions, READ)
customer_events("order", gettext_lazy("Orders"), _orders, READ)
customer_events("payment", gettext_lazy("Payments"), _payments, READ)
customer_events("change", gettext_lazy("Changes"), _changes)
