"""The cards of customers on the start page: one's own who need attention today."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers import queries
from guanxi.customers.models import Customer
from guanxi.customers.resources.attention import due, returning
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import FieldClass
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url, own_work

VIEW = "customers.view_customer"
EDIT = "customers.edit_customer"
SHOWN = 6


def _mine(request: HttpRequest) -> Any:
    return Customer.objects.visible_to(request.user).filter(manager=request.user.pk)


def _soon(request: HttpRequest) -> Mapping[str, Any]:
    rule, today = queries.pool_rule(), company_day(timezone.now())
    rows = returning(_mine(request))
    first = rows.select_related("level").order_by(F("last_touched_at").asc(nulls_first=True), "pk")[:SHOWN]
    return {
        "customers": [(customer, _days_left(customer, rule, today)) for customer in first],
        "amounts": FieldClass.AMOUNT not in reach_of(request.user).masked,
        "count": count_of(rows),
        "all": list_url("customers:customer-list", {"view": "returning", "manager": request.user.pk}),
    }


def _days_left(customer: Customer, rule: Any, today: date) -> int:
    due = queries.falls_due(customer, rule)
    return max((due - today).days, 0) if due else 0


def _follow_ups(request: HttpRequest) -> Mapping[str, Any]:
    rows = due(_mine(request))
    return {
        "customers": list(rows.select_related("level").order_by("next_follow_up", "pk")[:SHOWN]),
        "today": company_day(timezone.now()),
        "count": count_of(rows),
        "all": list_url("customers:customer-list", {"view": "due", "manager": request.user.pk}),
    }


def _keeps_customers(user: Any) -> bool:
    return own_work(user) and user.has_perm(EDIT)


home_card(
    HomeCard(
        "follow-ups",
        _("My follow-ups that are due"),
        "customers/card_follow_ups.html",
        _follow_ups,
        VIEW,
        place=12,
        suits=_keeps_customers,
    )
)
home_card(
    HomeCard(
        "returning",
        _("My customers that return to the public pool soon"),
        "customers/card_returning.html",
        _soon,
        VIEW,
        place=16,
        suits=_keeps_customers,
    )
)
