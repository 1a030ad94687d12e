"""Which customers the loss rule meets, and what is said of loss cases elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from guanxi.customers.models import Customer, Order
from guanxi.customers.registry import Event, customer_events
from guanxi.kernel.days import months_before, start_of
from guanxi.retention.models import VIEW, LossCase, LossThreshold
from guanxi.retention.parameters import LOSS_MONTHS


@dataclass(frozen=True)
class LossRule:
    """How many months customers may go without a paid order; `by_level` maps a level's id to its own number."""

    months: int
    by_level: Mapping[int, int]

    def groups(self) -> list[tuple[int, Q]]:
        """Each number of months with the condition of the customers that it holds for."""
        own = [(months, Q(level=level)) for level, months in sorted(self.by_level.items())]
        others = Q(level__isnull=True) | ~Q(level__in=list(self.by_level))
        return [*own, (self.months, others)]


def loss_rule() -> LossRule:
    """The rule as administrators set it."""
    thresholds = LossThreshold.objects.in_use().values_list("level", "months")
    return LossRule(LOSS_MONTHS.read(), dict(thresholds))


def fading(rows: Any, *, today: date, months: int) -> Any:
    """The customers that began, and last paid an order, more than so many months ago, or never did.

    A day exactly so many months ago is still within them.
    """
    cutoff = months_before(today, months)
    earlier = Order.objects.in_use().filter(customer=OuterRef("pk"), ordered_at__lt=cutoff)
    began = Q(since__lt=cutoff) | Exists(earlier.exclude(state=Order.State.CANCELLED))
    unpaid = Q(last_paid_at__isnull=True) | Q(last_paid_at__lt=cutoff)
    return rows.filter(unpaid).filter(began)


def left_alone(*, today: date, months: int) -> Exists:
    """The condition that a person won the customer back within so many months."""
    since = start_of(months_before(today, months))
    by_hand = LossCase.objects.in_use().filter(
        customer=OuterRef("pk"), won_back_by__isnull=True, won_back_at__gte=since
    )
    return Exists(by_hand)


def orders_since(case: LossCase) -> Any:
    """The fully paid orders dated after the day on which the case was opened, the first one first."""
    orders = Order.objects.in_use().filter(customer=case.customer_id, state=Order.State.PAID)
    return orders.filter(ordered_at__gt=case.opened_on).order_by("ordered_at", "pk")


def standing_cases(customer_ids: Collection[int]) -> Any:
    """The cases of these customers that are not won back."""
    return LossCase.objects.standing().filter(customer__in=customer_ids)


def at_risk(user: Any) -> Any:
    """The open cases of one's own customers, the longest without an order first, those who never ordered last."""
    mine = LossCase.objects.in_use().filter(owner=user, state=LossCase.State.OPEN)
    return mine.select_related("customer").order_by(F("last_paid_at").asc(nulls_last=True), "pk")


def case_events(customer: Customer, user: Any, before: datetime | None, limit: int) -> list[Event]:
    """A customer's loss cases on its timeline, as far as the user sees them."""
    rows = LossCase.objects.visible_to(user).filter(customer=customer)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    return [
        {
            "kind": "loss",
            "time": case.created_at,
            "icon": "trending-down",
            "title": _("Churn warning"),
            "text": str(case.get_state_display()),
            "amount": None,
            "whole_day": False,
            "by": case.created_by_id,
            "model": case.label(),
            "pk": case.pk,
        }
        for case in rows.order_by("-created_at", "-pk")[:limit]
    ]


customer_events("loss", LossCase._meta.verbose_name_plural, case_events, VIEW)
