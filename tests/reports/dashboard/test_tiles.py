"""Each tile by hand: month borders in Shanghai, what counts and what does not, whose rows, who sees amounts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanxi.customers.models import Customer
from guanxi.reports.dashboard.tiles import TILES, Figure, figures, read_kind
from guanxi.reports.periods import Period
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase
from tests.cast import NOW
from tests.customers.company import make_customer
from tests.reports.dashboard.company import (
    FIRST,
    SECOND,
    TODAY,
    archive,
    customers_and_orders,
    do,
    lose,
    make_chance,
    make_company,
    make_ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company()


def of(user, kind="month"):
    """Each tile's value now and before."""
    return {one.tile.name: (one.now, one.before) for one in figures(user, kind, today=TODAY)}


def test_customers_and_money_of_a_month(company):
    customers_and_orders(company)
    chief = of(company.chief)
    assert chief["new-customers"] == (4, 0), "A, B, C, F; not E in the bin; D came after the 23rd of October"
    assert chief["paid-amount"] == (Decimal("1300.30"), Decimal("50.00"))
    assert chief["received"] == (Decimal("1480.30"), Decimal("50.00")), "300.30 + 1000 + 300 - 120"
    assert "paid-orders" not in chief


def test_a_year_ends_where_the_other_one_did(company):
    customers_and_orders(company)
    year = of(company.chief, "year")
    assert year["new-customers"] == (5, 0)
    assert year["paid-amount"] == (Decimal("1750.30"), Decimal("0.00")), "the 7 of 30 November came later in 2025"


def test_everybody_counts_what_they_may_see(company):
    customers_and_orders(company)
    li, wang, zhao = of(company.li), of(company.wang), of(company.zhao)
    assert (li["new-customers"], wang["new-customers"], zhao["new-customers"]) == ((2, 0), (2, 0), (1, 0))
    assert li["paid-amount"] == (Decimal("300.30"), Decimal("50.00"))
    assert wang["paid-amount"] == li["paid-amount"], "the 400 of D are of the 31st of October"
    assert zhao["received"] == (Decimal("1000.00"), Decimal("0.00"))


def test_whoever_may_not_see_amounts_counts_orders(company):
    customers_and_orders(company)
    clerk = of(company.clerk)
    assert clerk["paid-orders"] == (3, 1)
    assert clerk.keys() & {"paid-amount", "received"} == set()


def test_chances_of_a_month(company):
    make_chance("甲", company.li, at=FIRST)
    make_chance("乙", company.li, at=FIRST - SECOND, end="won", closed=FIRST)
    make_chance("丙", company.li, at=FIRST - SECOND, end="won", closed=FIRST - SECOND)
    make_chance("丁", company.zhao, end="lost")
    assert of(company.chief)["new-chances"] == (2, 0)
    assert of(company.chief)["won-chances"] == (1, 0), "乙; 丙 was won on the 31st of October"
    assert of(company.li)["new-chances"] == (1, 0)
    assert of(company.chief, "quarter")["won-chances"] == (2, 0)


def test_tickets_of_a_month(company):
    customer = make_customer("A", manager=company.li)
    early = FIRST - timedelta(days=10)
    for at, closed in [(early, early), (early, FIRST), (FIRST, NOW)]:
        archive(make_ticket(customer, company.li, at=at, handler=company.li), company.li, at=closed)
    make_ticket(customer, company.zhao)
    assert of(company.chief)["new-tickets"] == (2, 2)
    assert of(company.chief)["closed-tickets"] == (2, 1)
    assert of(company.zhao)["closed-tickets"] == (0, 0)


def test_losses_of_a_month(company):
    for name, at in [("A", FIRST), ("B", FIRST - timedelta(days=9)), ("C", NOW)]:
        lose(name, company.li, at=at)
    won_back = LossCase.objects.get(customer__name="C")
    do(retention.win_back, won_back, reason="谈妥", by=company.li)
    lose("D", company.li, bought=False)
    assert of(company.chief)["losses"] == (2, 1), "A, and C although won back; D never bought: a prospect"
    assert of(company.zhao)["losses"] == (0, 0)


def test_the_change_in_percent():
    def change(now, before):
        return Figure(TILES[0], now, before, Period(TODAY, TODAY)).change

    assert change(6, 5) == Decimal("20.0")
    assert change(Decimal("100.00"), Decimal("300.00")) == Decimal("-66.7")
    assert change(0, 4) == Decimal("-100.0")
    assert change(3, 3) == 0
    assert change(10005, 10000) == Decimal("0.1"), "half up, as in the reports"
    assert [change(5, 0), change(0, 0), change(Decimal(1), Decimal(-1))] == [None, None, None]


def test_all_tiles_are_read_by_one_query(company):
    customers_and_orders(company)
    assert of(company.chief)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        of(company.chief)
    assert len(queries) == 1


def test_each_tile_leads_to_exactly_the_rows_that_it_counts(company, client):
    customers_and_orders(company)
    make_chance("甲", company.li, at=FIRST)
    make_chance("乙", company.li, end="won")
    customer = Customer.objects.get(name="A")
    archive(make_ticket(customer, company.li, handler=company.li), company.li)
    lose("G", company.li)
    client.force_login(company.chief)
    for one in figures(company.chief, "month", today=TODAY):
        page = client.get(reverse(one.tile.view), one.params).content.decode()
        rows = one.tile.rows(company.chief, one.period)
        assert page.count('<tr id="row-') == rows.count() > 0, one.tile.name
        assert all(f'id="row-{pk}"' in page for pk in rows.values_list("pk", flat=True))


def test_what_is_no_period_counts_as_a_month():
    assert [read_kind(text) for text in ("year", "", "decade", "__class__")] == ["year", "month", "month", "month"]
