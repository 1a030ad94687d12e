"""Funnel, trend, load, punctuality and comparison of people, by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guanxi.reports.dashboard import funnel, service, team, trend
from guanxi.reports.periods import Period
from guanxi.retention import actions as retention
from guanxi.service import actions as tickets
from guanxi.service.models import ServiceTicket
from tests.cast import NOW
from tests.customers.company import make_customer, make_order, pay
from tests.reports.dashboard.company import (
    TODAY,
    archive,
    customers_and_orders,
    do,
    entry,
    make_chance,
    make_company,
    make_ticket,
)
from tests.system.company import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company()


class TestTheFunnel:
    @pytest.fixture(autouse=True)
    def chances(self, company):
        """Li: 2 waiting, 1 developing, 1 lost, 1 won; Zhao: 1 won. One of Li's came 365 days ago, too early."""
        for name, end, amount in [("甲", "", "1"), ("乙", "", "2"), ("丙", "developing", "4"), ("丁", "lost", "8")]:
            make_chance(name, company.li, end=end, amount=amount)
        make_chance("戊", company.li, end="won", amount="16")
        make_chance("己", company.zhao, end="won", amount="32")
        make_chance("早", company.li, end="developing", at=NOW - timedelta(days=365))
        make_chance("旧", company.li, end="developing", at=NOW - timedelta(days=364), amount="64")

    def steps(self, user, days="365"):
        found = funnel.funnel(user, days, today=TODAY)
        return [(step.count, step.amount, step.share) for step in found]

    def test_each_step_has_its_share_of_the_one_before(self, company):
        assert self.steps(company.chief) == [
            (7, Decimal("127.00"), None),
            (5, Decimal("124.00"), Decimal("71.4")),
            (3, Decimal("56.00"), Decimal("60.0")),
            (2, Decimal("48.00"), Decimal("66.7")),
        ]

    def test_of_ninety_days_and_of_whom_one_sees(self, company):
        assert [count for count, *_more in self.steps(company.li, "90")] == [5, 3, 2, 1]
        assert [count for count, *_more in self.steps(company.wang, "90")] == [5, 3, 2, 1]
        assert [count for count, *_more in self.steps(company.zhao, "90")] == [1, 1, 1, 1]

    def test_nothing_has_no_share(self, company):
        early = funnel.funnel(company.chief, "90", today=date(2020, 1, 1))
        assert [(step.count, step.share) for step in early] == [(0, None)] * 4

    def test_steps_lead_to_their_chances(self, company, client):
        client.force_login(company.chief)
        for step in funnel.funnel(company.chief, "365", today=TODAY):
            page = client.get("/marketing/chances/", step.params).content.decode()
            assert page.count('<tr id="row-') == step.count


class TestTheTrend:
    def test_twelve_months_beside_the_twelve_before(self, company):
        customers_and_orders(company)
        now, before = trend.trend(company.chief, today=TODAY, amounts=True)
        assert [month.period.begins for month in now][:2] == [date(2025, 12, 1), date(2026, 1, 1)]
        assert now[-1] == trend.MonthOfOrders(Period(date(2026, 11, 1), TODAY), Decimal("1300.30"))
        assert now[-2] == trend.MonthOfOrders(Period(date(2026, 10, 1), date(2026, 10, 31)), Decimal("450.00"))
        assert before[-1] == trend.MonthOfOrders(Period(date(2025, 11, 1), date(2025, 11, 30)), Decimal("7.00"))
        counted = trend.trend(company.chief, today=TODAY, amounts=False)
        assert [month.value for months in counted for month in months if month.value] == [2, 3, 1]

    def test_of_whom_one_sees(self, company):
        customers_and_orders(company)
        assert [trend.trend(who, today=TODAY, amounts=True)[0][-1].value for who in (company.li, company.zhao)] == [
            Decimal("300.30"),
            Decimal("1000.00"),
        ]

    def test_whoever_may_not_see_amounts_sees_how_many_orders(self, company, client, time_machine):
        time_machine.move_to(NOW, tick=False)
        customers_and_orders(company)
        client.force_login(company.clerk)
        page = client.get("/cards/trend/").content.decode()
        assert "每月成交订单数" in page
        assert "1,300.30" not in page
        client.force_login(company.chief)
        assert "1,300.30" in client.get("/cards/trend/").content.decode()


class TestTheLoadOfService:
    @pytest.fixture(autouse=True)
    def tickets(self, company):
        """Targets of 2 and 8 working hours. Li has two, one late; Zhao one; one waits for a handler, late."""
        do(tickets.create_target, kind=entry("service_type"), response_hours=Decimal(2), handling_hours=Decimal(8))
        customer = make_customer("A", manager=company.li)
        old = NOW - timedelta(days=7)
        make_ticket(customer, company.li, at=old)
        make_ticket(customer, company.li, handler=company.li, at=old)
        make_ticket(customer, company.li, handler=company.li)
        make_ticket(customer, company.zhao, handler=company.zhao)
        in_time = make_ticket(customer, company.zhao, handler=company.zhao, at=old)
        archive(in_time, company.zhao, at=old + timedelta(hours=1))
        archive(make_ticket(customer, company.zhao, handler=company.zhao, at=old), company.zhao)

    def test_it_counts_by_step_and_by_handler(self, company):
        found = service.load(company.chief, now=NOW)
        assert [(step.of, step.count, step.late) for step in found.steps] == [
            ("created", 1, 1),
            ("assigned", 3, 1),
            ("processed", 0, 0),
            ("fed_back", 0, 0),
        ]
        assert [(one.of, one.count, one.late) for one in found.handlers] == [(company.li, 2, 1), (company.zhao, 1, 0)]
        assert (found.total, found.more) == (4, False)

    def test_what_is_late_leads_to_those_of_its_step(self, company):
        page = client_of(company.chief).get("/cards/service-load/").content.decode()
        for step in ("created", "assigned"):
            assert f"/service/tickets/?view=late&amp;step={step}" in page
        assert "step=processed" in page
        assert "view=late&amp;step=processed" not in page

    def test_of_what_one_sees(self, company):
        assert service.load(company.zhao, now=NOW).total == 1
        assert service.load(company.wang, now=NOW).total == 3

    def test_no_more_than_the_cap_are_looked_at(self, company, monkeypatch):
        monkeypatch.setattr(service, "CAP", 2)
        found = service.load(company.chief, now=NOW)
        assert (found.total, found.more) == (3, True)

    def test_how_many_were_in_time_this_month(self, company):
        kept = service.punctuality(company.chief, today=TODAY)
        assert (kept.handled, kept.in_time, kept.share) == (2, 1, Decimal("50.0"))
        assert service.punctuality(company.li, today=TODAY).share is None
        assert ServiceTicket.objects.filter(handled_at__isnull=False).count() == 2


class TestPeople:
    def test_who_sold_most_this_month(self, company):
        customers_and_orders(company)
        period, found = team.sellers(company.chief, today=TODAY)
        assert (period.begins, period.ends) == (date(2026, 11, 1), TODAY)
        assert [(one.user, one.count, one.total) for one in found] == [
            (company.zhao, 1, Decimal("1000.00")),
            (company.li, 2, Decimal("300.30")),
        ]
        assert [one.user for one in team.sellers(company.wang, today=TODAY)[1]] == [company.li]

    def test_the_order_of_salespeople_tells_no_amounts_to_whom_they_are_hidden(self, company):
        customers_and_orders(company)
        page = client_of(company.clerk).get("/cards/sellers/").content.decode()
        assert page.index(str(company.li)) < page.index(str(company.zhao)), (
            "by orders: 2 and 1; by amounts: 300 and 1000"
        )
        assert "1,000" not in page

    def test_the_order_of_customers_at_risk_tells_none_either(self, company):
        for name, totals in [("甲一", ["900"]), ("乙二", ["10", "20"])]:
            customer = make_customer(name, manager=company.li, since=date(2020, 1, 1))
            for total in totals:
                pay(make_order(customer, ordered_at=date(2026, 1, 5), total=total), total, paid_at=date(2026, 1, 5))
            do(retention.open_cases, [customer.pk], months=6, today=TODAY)
        seen = {who: client_of(who).get("/cards/risk/").content.decode() for who in (company.chief, company.clerk)}
        assert seen[company.chief].index("甲一") < seen[company.chief].index("乙二")
        assert seen[company.clerk].index("乙二") < seen[company.clerk].index("甲一")
        assert "-paid_total" not in seen[company.clerk]

    def test_whose_large_customers_are_at_risk(self, company):
        for name, owner, total in [("A", company.li, "50"), ("C", company.zhao, "1000"), ("D", company.wang, "400")]:
            customer = make_customer(name, manager=owner, since=date(2020, 1, 1))
            pay(make_order(customer, ordered_at=date(2026, 1, 5), total=total), total, paid_at=date(2026, 1, 5))
            do(retention.open_cases, [customer.pk], months=6, today=TODAY)
        make_customer("B", manager=company.li)
        assert [customer.name for customer in team.at_risk(company.chief)] == ["C", "D", "A"]
        assert [customer.name for customer in team.at_risk(company.wang)] == ["D", "A"]
        assert [customer.name for customer in team.at_risk(company.li)] == ["A"]
