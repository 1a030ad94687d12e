"""The card of retention on the start page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import FieldClass
from guanxi.retention import queries
from guanxi.retention.models import KEEP
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url, own_work

SHOWN = 6


def _at_risk(request: HttpRequest) -> Mapping[str, Any]:
    rows = queries.at_risk(request.user)
    return {
        "cases": list(rows[:SHOWN]),
        "today": company_day(timezone.now()),
        "amounts": FieldClass.AMOUNT not in reach_of(request.user).masked,
        "count": count_of(rows),
        "all": list_url("retention:losscase-list", {"view": "open", "owner": request.user.pk}),
    }


home_card(
    HomeCard(
        "at-risk",
        _("My customers at risk"),
        "retention/card_at_risk.html",
        _at_risk,
        KEEP,
        place=14,
        suits=own_work,
    )
)
