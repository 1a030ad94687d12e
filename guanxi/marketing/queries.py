"""Reads of marketing that are used twice or span models."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from guanxi.customers.registry import Event, customer_events, customer_part, customer_touch, keeps_from_pool
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
    """A customer's chances on its timeline, as far as the user sees them."""
    rows = SaleChance.objects.visible_to(user).filter(customer=customer)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    return [
        {
            "kind": "chance",
            "time": chance.created_at,
            "icon": "target-arrow",
            "title": _("Sale chance %(number)s") % {"number": chance.number},
            "text": " · ".join(filter(None, [chance.get_stage_display(), chance.summary])),
            "amount": None,
            "whole_day": False,
            "by": chance.created_by_id,
            "model": chance.label(),
            "pk": chance.pk,
        }
        for chance in rows.order_by("-created_at", "-pk")[:limit]
    ]


def has_open_chance() -> Exists:
    """The condition, over customers, that a chance of theirs is not decided."""
    open_stages = [SaleChance.Stage.NEW, SaleChance.Stage.DEVELOPING]
    return Exists(SaleChance.objects.in_use().filter(customer=OuterRef("pk"), stage__in=open_stages))


customer_events("chance", SaleChance._meta.verbose_name_plural, chance_events, "marketing.view_salechance")
customer_part(SaleChance)
customer_part(DevelopmentPlan, "chance__customer")
customer_touch(DevelopmentPlan, path="chance__customer", moment="done_at")
keeps_from_pool(has_open_chance)
