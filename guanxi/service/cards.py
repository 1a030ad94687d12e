"""The cards of service on the start page: what waits for somebody to take the next step."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.days import company_day
from guanxi.service import queries
from guanxi.service.models import ASSIGN, FEEDBACK, PROCESS, ServiceTicket
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url, own_work

SHOWN = 6
Step = ServiceTicket.Step


def _card(rows: Any, order: Any, view: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The first tickets of a card, each with whether it is late, and where all of them are."""
    now = timezone.now()
    first = rows.select_related("customer", "kind").order_by(order, "pk")[:SHOWN]
    return {
        "tickets": [(ticket, queries.is_late(ticket, now)) for ticket in first],
        "today": company_day(now),
        "count": count_of(rows),
        "all": list_url(view, params),
    }


def _mine(request: HttpRequest) -> Mapping[str, Any]:
    rows = ServiceTicket.objects.visible_to(request.user).at(Step.ASSIGNED).filter(assigned_to=request.user)
    return _card(rows, F("handle_by").asc(nulls_last=True), "service:handling-list", {"view": "mine"})


def _unassigned(request: HttpRequest) -> Mapping[str, Any]:
    rows = ServiceTicket.objects.visible_to(request.user).at(Step.CREATED)
    return _card(rows, F("assign_by").asc(nulls_last=True), "service:assignment-list", {"view": "waiting"})


def _to_feed_back(request: HttpRequest) -> Mapping[str, Any]:
    rows = ServiceTicket.objects.visible_to(request.user).at(Step.PROCESSED)
    return _card(rows, "handled_at", "service:feedback-list")


home_card(
    HomeCard(
        "my-tickets",
        _("Tickets that wait for me"),
        "service/card_mine.html",
        _mine,
        PROCESS,
        place=20,
        suits=own_work,
    )
)
home_card(
    HomeCard(
        "unassigned-tickets",
        _("Tickets that wait for a handler"),
        "service/card_unassigned.html",
        _unassigned,
        ASSIGN,
        place=22,
    )
)
home_card(
    HomeCard(
        "feedback-tickets",
        _("Tickets that wait for feedback"),
        "service/card_feedback.html",
        _to_feed_back,
        FEEDBACK,
        place=24,
        suits=own_work,
    )
)
