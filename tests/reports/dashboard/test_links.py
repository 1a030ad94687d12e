"""The cards of the start page lead to the reports that they sum up, for whoever may open them."""

import pytest
from django.urls import reverse

from tests import cast
from tests.reports.dashboard.company import READS
from tests.system.company import client_of

pytestmark = pytest.mark.django_db
CARDS = {
    "figures": ("contribution", "service", "losses"),
    "trend": ("contribution",),
    "sellers": ("contribution",),
    "service-load": ("service",),
    "risk": ("losses",),
}


@pytest.mark.parametrize("card", CARDS)
def test_a_card_leads_to_its_reports_of_the_same_period(card):
    user = cast.make_user("chief", *READS, *(f"reports.view_{name}" for name in CARDS[card]), scope="all")
    page = client_of(user).get(reverse("account:home-card", args=[card]), {"period": "year"}).content.decode()
    for name in CARDS[card]:
        period = {"figures": "year", "trend": "12-months"}.get(card, "month")
        assert f'href="{reverse(f"reports:{name}")}?period={period}"' in page


@pytest.mark.parametrize("card", CARDS)
def test_nobody_is_led_to_a_report_that_they_may_not_open(card):
    user = cast.make_user("clerk", *READS, scope="all")
    page = client_of(user).get(reverse("account:home-card", args=[card])).content.decode()
    assert "/reports/" not in page
