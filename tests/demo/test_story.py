"""One telling of the story: reproducible, and all of it or nothing."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q

from guanxi.accounts.models import User
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.demo.story import fill
from guanxi.history.models import ChangeSet
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.retention.models import LossCase
from guanxi.service.models import ServiceTicket
from guanxi.web.context import IS_DEMO

TODAY = date(2026, 11, 25)
SHARE = 0.01


def _portrait() -> dict[str, Any]:
    """All that a company is, but for its passwords and the moment of its installation."""
    fields = {
        Customer: ("number", "name", "manager__username", "level__label_zh", "paid_total", "created_at", "phone"),
        Contact: ("name", "mobile", "customer__name", "created_at"),
        Interaction: ("happened_at", "overview", "next_follow_up", "created_by__username"),
        Order: ("number", "ordered_at", "total", "state", "paid_at", "salesperson__username"),
        Payment: ("order__number", "paid_at", "amount"),
        SaleChance: ("number", "customer_name", "stage", "expected_amount", "assigned_to__username"),
        ServiceTicket: ("number", "overview", "step", "assigned_to__username", "satisfaction", "handle_by"),
        LossCase: ("customer__name", "state", "owner__username", "opened_on", "note"),
        DevelopmentPlan: ("chance__number", "item", "planned_on", "effect"),
    }
    portrait: dict[str, Any] = {
        model.__name__: list(model.objects.order_by("pk").values_list(*names)) for model, names in fields.items()
    }
    acts = ChangeSet.objects.filter(~Q(verb="sync")).order_by("at", "pk")
    return portrait | {"acts": list(acts.values_list("at", "by__username", "verb", "subject"))}


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_the_same_seed_and_day_tell_the_same_company():
    portraits = []
    for seed in (7, 7, 8):
        call_command("flush", interactive=False, verbosity=0)
        call_command("sync", verbosity=0)
        list(fill(today=TODAY, seed=seed, share=SHARE))
        portraits.append(_portrait())
    assert portraits[0] == portraits[1]
    assert portraits[0]["Customer"] != portraits[2]["Customer"]


@pytest.mark.django_db(transaction=True)
def test_a_telling_that_is_broken_off_leaves_nothing():
    call_command("sync", verbosity=0)
    months = fill(today=TODAY, seed=7, share=SHARE)
    next(months)
    assert Customer.objects.count() == 0 < User.objects.count()
    next(months)
    assert Customer.objects.exists()
    months.close()
    assert not User.objects.exists()
    assert not Customer.objects.exists()
    assert not IS_DEMO.read()
