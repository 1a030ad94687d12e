"""客户服务, worked out by hand: working hours over a weekend, limits, feedback, months."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanxi.dictionary.actions import create_entry
from guanxi.reports.report import difference, reports
from guanxi.service import actions as service
from tests import cast
from tests.customers.company import make_customer
from tests.reports.asking import answer, asked, assert_every_mark_leads_to_its_rows, figures
from tests.reports.ten_customers import VIEWS

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    """A moment in Shanghai."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


class Company:
    """Tickets of one handler; the company works 9 to 18, Monday to Friday. 2026-11-06 is a Friday."""

    def __init__(self):
        self.chief = cast.make_user("chief", holds_all=True)
        self.zhao = cast.make_user("zhao", *VIEWS, "service.process_serviceticket", real_name="zhao")
        self.customer = make_customer("Cloud")
        with cast.change() as change:
            self.ask = create_entry(type="service_type", label_zh="询问", label_en="Ask", change=change)
            self.grumble = create_entry(type="service_type", label_zh="抱怨", label_en="Grumble", change=change)
            service.create_target(kind=self.ask, response_hours=Decimal(1), handling_hours=Decimal(2), change=change)
        # Friday 17:00 to Monday 10:00 are 2 working hours; handled after 1 hour, within 2: in time; 5 stars
        self.weekend = self.ticket(self.ask, at(6, 17), at(9, 10), at(9, 11), stars=5)
        # assigned after 1 hour; handled after 4 hours: late; 4 stars
        self.late = self.ticket(self.ask, at(10, 9), at(10, 10), at(10, 14), stars=4)
        # without a limit, still being handled
        self.open = self.ticket(self.grumble, at(12, 9), at(12, 9, 30))
        # nobody yet
        self.waiting = self.ticket(self.grumble, at(13, 9))
        # of October
        self.october = self.ticket(self.ask, datetime(2026, 10, 31, 15, 59, tzinfo=UTC))

    def ticket(self, kind, created, assigned=None, handled=None, stars=None):
        with cast.change(by=self.chief, at=created) as change:
            made = service.create_ticket(
                customer=self.customer, kind=kind, overview="o", request_text="r", change=change
            )
        if assigned:
            with cast.change(by=self.chief, at=assigned) as change:
                service.assign_ticket(made, to=self.zhao, change=change)
        if handled:
            with cast.change(by=self.zhao, at=handled) as change:
                service.process_ticket(made, handling="done", change=change)
        if stars:
            with cast.change(by=self.chief, at=handled) as change:
                service.feedback_ticket(made, result="said", satisfaction=stars, change=change)
        return made


@pytest.fixture
def company():
    return Company()


def test_the_figures_of_the_month(company):
    # responses: 2, 1 and half an hour, 3.5 / 3 = 1.2; handling: 1 and 4 hours, 2.5; one of two in time; 4.5 stars
    assert figures(answer("service", company.chief)) == {
        "tickets": 4,
        "response": Decimal("1.2"),
        "handling": Decimal("2.5"),
        "in_time": Decimal("50.0"),
        "satisfaction": Decimal("4.50"),
    }


def test_by_type_with_the_measures_of_each(company):
    rows = answer("service", company.chief, "group=kind").tables["groups"]
    assert sorted(rows) == sorted(
        [
            (company.ask.pk, 2, Decimal("50.0"), Decimal("1.5"), Decimal("2.5"), Decimal("50.0"), Decimal("4.50")),
            (company.grumble.pk, 2, Decimal("50.0"), Decimal("0.5"), None, None, None),
        ],
        key=lambda row: row[0],
    )


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("step", {"已分配": 1, "已创建": 1, "已反馈": 2}),
        ("satisfaction", {"5 星": 1, "4 星": 1, "未评": 2}),
        ("assigned_to", {"zhao": 3, "尚未分配": 1}),
        ("month", {"2026-11": 4}),
    ],
)
def test_every_grouping(company, group, expected):
    question = asked("service", company.chief, f"group={group}")
    sheet = question.report.sheets(question, question.report.answer(question))[0]
    assert {row[0].value: row[1].value for row in sheet.rows} == expected


def test_a_ticket_that_was_sent_back_tells_nothing_of_the_response(company):
    with cast.change(by=company.chief, at=at(16, 10)) as change:
        made = service.create_ticket(
            customer=company.customer, kind=company.ask, overview="o", request_text="r", change=change
        )
        service.assign_ticket(made, to=company.zhao, change=change)
    with cast.change(by=company.zhao, at=at(16, 11)) as change:
        service.process_ticket(made, handling="done", change=change)
    with cast.change(by=company.chief, at=at(18, 11)) as change:
        service.return_ticket(made, reason="not yet", change=change)
    assert figures(answer("service", company.chief))["response"] == Decimal("1.2")


def test_a_month_begins_at_midnight_in_the_company(company):
    found = answer("service", company.chief, "period=quarter&group=month")
    assert [row[:2] for row in found.tables["groups"]] == [(date(2026, 10, 1), 1), (date(2026, 11, 1), 4)]


@pytest.mark.parametrize("group", ["kind", "step", "satisfaction", "assigned_to", "month"])
def test_every_mark_leads_to_exactly_its_rows(company, group):
    for user in (company.chief, company.zhao):
        question = asked("service", user, f"period=quarter&group={group}")
        assert assert_every_mark_leads_to_its_rows(question) >= 2


def test_everybody_sees_the_tickets_within_their_reach(company):
    assert figures(answer("service", company.zhao))["tickets"] == 3
    assert figures(answer("service", cast.make_user("stranger", *VIEWS)))["tickets"] == 0


@pytest.mark.parametrize(("name", "now", "side"), [("response", 2, "dn"), ("response", 1, "up"), ("tickets", 2, "up")])
def test_more_is_worse_where_less_is_better(name, now, side):
    measure = next(one for one in reports["service"].figures if one.name == name)
    said = difference(measure, Decimal(now), Decimal("1.5"))
    assert said[0] == side
    assert said[1].startswith("↑" if now > 1 else "↓")
