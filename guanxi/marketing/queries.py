"""Reads of marketing that are used twice or span models."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from guanxi.customers.registry import Event, customer_events, customer_touch, keeps_from_pool
from guanxi.marketing.models import DevelopmentPlan, SaleChance

SHOWN = 50


@dataclass(frozen=True)
class DuePlans:
    """Open plan items of one user: late, today's, this week's and later ones, each by date."""

    late: list[DevelopmentPlan]
    today: list[DevelopmentPlan]
    week: list[DevelopmentPlan]
    later: list[DevelopmentPlan]

    def __len__(self) -> int:
        return len(self.late) + len(self.today) + len(self.week) + len(self.later)


def due_plans(user: Any, *, today: date, most: int = SHOWN) -> DuePlans:
    """The next open plan items of the chances that are assigned to a user, the late ones first."""
    mine = open_plans(user)
    first = sorted(mine.values_list("planned_on", "pk"))[:most]
    found = mine.filter(pk__in=[pk for _day, pk in first]).select_related("chance")
    plans = sorted(found, key=lambda plan: (plan.planned_on, plan.pk))
    week = today + timedelta(days=7)
    return DuePlans(
        late=[plan for plan in plans if plan.planned_on < today],
        today=[plan for plan in plans if plan.planned_on == today],
        week=[plan for plan in plans if today < plan.planned_on <= week],
        later=[plan for plan in plans if plan.planned_on > week],
    )


def open_plans(user: Any) -> QuerySet[Any]:
    """The open plan items of the chances that are assigned to a user."""
    chances = SaleChance.objects.visible_to(user).filter(assigned_to=user, stage=SaleChance.Stage.DEVELOPING)
    # The chances first, and no order: else SQLite walks the open plans of the whole company for the user's.
    ids = list(chances.values_list("pk", flat=True))
    found: QuerySet[Any] = DevelopmentPlan.objects.visible_to(user).open().filter(chance__in=ids)
    return found


def plans_of(chance: SaleChance) -> QuerySet[Any]:
    """Its plan items: those still to be done first, the earliest first; then what was done, in that order."""
    rows: QuerySet[Any] = DevelopmentPlan.objects.in_use().filter(chance=chance)
    return rows.order_by(F("done_at").asc(nulls_first=True), "planned_on", "pk")


def unassigned(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The chances that wait for somebody to be assigned."""
    return rows.filter(stage=SaleChance.Stage.NEW)


def chance_events(customer: Any, user: Any, before: datetime | None, limit: int) -> list[Event]:
    """When a customer's chances began and were won, as far as the user sees them."""
    rows = SaleChance.objects.visible_to(user).filter(customer=customer)
    won = Q(stage=SaleChance.Stage.WON)
    if before is not None:
        rows, won = rows.filter(created_at__lt=before), won & Q(closed_at__lt=before)
    # The newest events belong to the chances of the newest moment: one query for beginnings and wins.
    latest = rows.annotate(latest=Case(When(won, then=F("closed_at")), default=F("created_at")))
    told = [event for chance in latest.order_by("-latest", "-pk")[:limit] for event in _of_chance(chance)]
    found = [event for event in told if before is None or event["time"] < before]
    return sorted(found, key=lambda event: event["time"], reverse=True)[:limit]


def _of_chance(chance: SaleChance) -> Iterator[Event]:
    text = " · ".join(filter(None, [chance.get_stage_display(), chance.summary]))
    title = _("Sale chance %(number)s") % {"number": chance.number}
    yield _event("chance", chance, chance.created_at, "target-arrow", title, text, chance.created_by_id)
    if chance.stage == SaleChance.Stage.WON and chance.closed_at is not None:
        title = _("Sale chance %(number)s won") % {"number": chance.number}
        yield _event("chance", chance, chance.closed_at, "trophy", title, chance.summary, chance.assigned_to_id)


def plan_events(customer: Any, user: Any, before: datetime | None, limit: int) -> list[Event]:
    """The steps of development that were carried out; those closed with their chance were not."""
    rows = DevelopmentPlan.objects.visible_to(user).filter(chance__customer=customer, done_at__isnull=False)
    rows = rows.select_related("chance")
    rows = rows.exclude(effect="").filter(done_at__lt=before) if before else rows.exclude(effect="")
    return [
        _event(
            "plan",
            plan,
            plan.done_at,
            "checklist",
            _("Plan item done"),
            f"{plan.item} · {plan.effect}",
            plan.chance.assigned_to_id,
        )
        for plan in rows.order_by("-done_at", "-pk")[:limit]
    ]


def _event(kind: str, record: Any, time: datetime, icon: str, title: str, text: str, by: int | None) -> Event:
    plain = {"amount": None, "whole_day": False, "model": record.label(), "pk": record.pk}
    return {**plain, "kind": kind, "time": time, "icon": icon, "title": title, "text": text, "by": by}


def has_open_chance() -> Exists:
    """The condition, over customers, that a chance of theirs is not decided."""
    open_stages = [SaleChance.Stage.NEW, SaleChance.Stage.DEVELOPING]
    return Exists(SaleChance.objects.in_use().filter(customer=OuterRef("pk"), stage__in=open_stages))


customer_events("chance", SaleChance._meta.verbose_name_plural, chance_events, "marketing.view_salechance")
customer_events("plan", DevelopmentPlan._meta.verbose_name_plural, plan_events, "marketing.view_salechance")
customer_touch(DevelopmentPlan, path="chance__customer", moment="done_at")
keeps_from_pool(has_open_chance)
