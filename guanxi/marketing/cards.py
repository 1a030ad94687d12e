"""The cards of marketing on the start page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import FieldClass
from guanxi.marketing import queries
from guanxi.marketing.models import ASSIGN, DEVELOP, SaleChance
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url, own_work

SHOWN = 6


def _due(request: HttpRequest) -> Mapping[str, Any]:
    today = company_day(timezone.now())
    return {
        "due": queries.due_plans(request.user, today=today, most=SHOWN),
        "next": "/",
        "count": count_of(queries.open_plans(request.user)),
        "all": list_url("marketing:development-list", {"view": "mine"}),
    }


def _unassigned(request: HttpRequest) -> Mapping[str, Any]:
    rows = queries.unassigned(SaleChance.objects.visible_to(request.user))
    return {
        "chances": list(rows.select_related("source").order_by("created_at", "pk")[:SHOWN]),
        "amounts": FieldClass.AMOUNT not in reach_of(request.user).masked,
        "count": count_of(rows),
        "all": list_url("marketing:salechance-list", {"view": "waiting"}),
    }


home_card(
    HomeCard("due-plans", _("My development plans"), "marketing/card_due.html", _due, DEVELOP, place=10, suits=own_work)
)
home_card(
    HomeCard(
        "unassigned-chances",
        _("Chances that wait for assignment"),
        "marketing/card_unassigned.html",
        _unassigned,
        ASSIGN,
        place=30,
    )
)
