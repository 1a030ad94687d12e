"""The sales funnel: how far the chances came that were entered in a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.marketing.models import SaleChance
from guanxi.reports.answers import share
from guanxi.reports.periods import Period, last_days

Stage = SaleChance.Stage
DAYS: Mapping[str, int] = {"90": 90, "365": 365}
USUAL = "365"
STEPS: list[tuple[Any, list[str]]] = [
    (_("Entered"), []),
    (_("Assigned"), [Stage.DEVELOPING, Stage.WON, Stage.LOST]),
    (_("Decided"), [Stage.WON, Stage.LOST]),
    (_("Won"), [Stage.WON]),
]
"""Each step of the funnel with the stages that came so far; none means all."""


@dataclass(frozen=True)
class FunnelStep:
    """How many chances came so far, what they may bring, and which share of the step before that is, in percent."""

    label: Any
    count: int
    amount: Decimal
    share: Decimal | None
    params: Mapping[str, Any]


def read_days(text: str) -> str:
    """The length that an address asks for; what is none counts as a year."""
    return text if text in DAYS else USUAL


def funnel(user: Any, days: str, *, today: date) -> list[FunnelStep]:
    """The steps of the chances within reach that were entered in so many days."""
    period = last_days(DAYS[days], today)
    first, last = period.moments
    rows = SaleChance.objects.visible_to(user).filter(created_at__gte=first, created_at__lt=last)
    found = rows.order_by().values_list("stage").annotate(count=Count("pk"), amount=Sum("expected_amount"))
    by_stage = {stage: (count, amount or Decimal("0.00")) for stage, count, amount in found}
    steps: list[FunnelStep] = []
    for label, stages in STEPS:
        steps.append(_step(label, stages, by_stage, period, steps[-1].count if steps else None))
    return steps


def _step(
    label: Any, stages: list[str], by_stage: Mapping[str, tuple[int, Decimal]], period: Period, before: int | None
) -> FunnelStep:
    counted = [by_stage[stage] for stage in (stages or Stage.values) if stage in by_stage]
    count = sum(count for count, _amount in counted)
    amount = sum((amount for _count, amount in counted), start=Decimal("0.00"))
    return FunnelStep(label, count, amount, share(count, before), {"stage": stages, **period.params("created_at")})
