"""客户流失, worked out by hand: the borders of the month, those won back, prospects that never ordered."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanxi.dictionary.actions import create_entry
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase
from tests import cast
from tests.customers.company import make_customer, make_order, pay
from tests.reports.asking import answer, asked, assert_every_mark_leads_to_its_rows, figures
from tests.reports.ten_customers import VIEWS

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 9, 1, 2, tzinfo=UTC)
LAST_OF_OCTOBER = datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
FIRST_OF_NOVEMBER = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 00:00:00 in Shanghai


class Company:
    """Four customers who ordered, of whom two were lost this month and one of these won back; two prospects."""

    def __init__(self):
        self.chief = cast.make_user("chief", holds_all=True)
        self.li, self.wang = cast.make_user("li", *VIEWS), cast.make_user("wang", *VIEWS)
        with cast.change() as change:
            self.price = create_entry(type="loss_reason", label_zh="价格", label_en="Price", change=change)
            self.moved = create_entry(type="loss_reason", label_zh="搬迁", label_en="Moved", change=change)
            self.gold = create_entry(type="customer_level", label_zh="金", label_en="Gold", change=change)
        self.october = self.case("October", self.li, level=self.gold)
        self.november = self.case("November", self.li, level=self.gold)
        self.returned = self.case("Returned", self.wang)
        self.risk = self.case("Risk", self.wang)
        self.prospect = self.case("Prospect", self.li, ordered=False)
        self.cold = self.case("Cold", self.li, ordered=False)
        self.confirm(self.october, self.price, LAST_OF_OCTOBER)
        self.confirm(self.november, self.price, FIRST_OF_NOVEMBER)
        self.confirm(self.returned, self.moved, datetime(2026, 11, 10, 4, tzinfo=UTC))
        self.confirm(self.cold, self.moved, datetime(2026, 11, 11, 4, tzinfo=UTC))
        with cast.change(at=datetime(2026, 11, 20, 4, tzinfo=UTC)) as change:
            retention.win_back(self.returned, reason="visited", change=change)
        make_customer("Regular", manager=self.li, at=OPENED)
        order = make_order(make_customer("Loyal", manager=self.wang, at=OPENED), ordered_at=date(2026, 11, 2))
        pay(order, "100", date(2026, 11, 2))

    def case(self, name, manager, *, ordered=True, level=None):
        customer = make_customer(name, manager=manager, since=date(2020, 1, 1), level=level, at=OPENED)
        if ordered:
            day = date(2026, 1, 5)
            pay(make_order(customer, ordered_at=day), "100", day)
        with cast.change(at=OPENED) as change:
            assert retention.open_cases([customer.pk], months=6, today=date(2026, 9, 1), change=change) == 1
        return LossCase.objects.get(customer=customer)

    def confirm(self, case, reason, at):
        with cast.change(at=at) as change:
            retention.confirm_loss(case, reason=reason, change=change)


build = Company


def test_the_figures_of_the_month(company):
    # Lost: November at midnight and Returned. Ever ordered: October, November, Returned, Risk, Loyal; 2 of 5 are 40 %.
    assert figures(answer("losses", company.chief)) == {
        "at_risk": 1,
        "confirmed": 2,
        "won_back": 1,
        "rate": Decimal("40.0"),
        "prospects": 1,
        "given_up": 1,
    }


def test_a_second_before_midnight_is_the_month_before(company):
    found = answer("losses", company.chief)
    assert (found.figures["confirmed"].before, found.figures["confirmed"].year_before) == (0, 0)  # to the 23rd
    october = answer("losses", company.chief, "period=custom&begin=2026-10-01&end=2026-10-31")
    assert figures(october)["confirmed"] == 1
    assert [row[2] for row in october.tables["rows"]] == [company.october.customer.number]


def test_by_month_every_month_stands_in_its_place(company):
    found = answer("losses", company.chief, "period=quarter&group=month")
    assert [row[:2] + row[3:] for row in found.tables["groups"]] == [
        (date(2026, 10, 1), 1, 0),
        (date(2026, 11, 1), 2, 1),
    ]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("reason", {"价格": (2, 0), "搬迁": (1, 1)}),
        ("customer__level", {"金": (2, 0), "未分级": (1, 1)}),
        ("owner", {"li": (2, 0), "wang": (1, 1)}),
    ],
)
def test_by_reason_level_and_manager(company, group, expected):
    question = asked("losses", company.chief, f"period=quarter&group={group}")
    sheet = question.report.sheets(question, question.report.answer(question))[0]
    assert {row[0].value: (row[1].value, row[3].value) for row in sheet.rows} == expected


def test_the_lost_customers_one_by_one(company):
    question = asked("losses", company.chief, "period=quarter")
    cases = question.report.sheets(question, question.report.answer(question))[1]
    shown = [[cell.value for cell in row] for row in cases.rows]
    number = company.november.customer.number
    assert shown[1] == [number, "November", "li", date(2026, 1, 5), "价格", date(2026, 11, 1)]
    assert [row[1] for row in shown] == ["Returned", "November", "October"]


def test_prospects_never_count_in_losses_and_rate(company):
    found = answer("losses", company.chief, "period=year&group=reason")
    assert figures(found)["confirmed"] == 3
    assert company.cold.customer.number not in [row[2] for row in found.tables["rows"]]


def test_everybody_sees_the_cases_of_their_own(company):
    assert figures(answer("losses", company.li))["confirmed"] == 1
    # of li's two who ordered, one was lost this month
    assert figures(answer("losses", company.li))["rate"] == Decimal("50.0")
    assert figures(answer("losses", cast.make_user("stranger", *VIEWS)))["confirmed"] == 0


@pytest.mark.parametrize("group", ["month", "reason", "customer__level", "owner"])
def test_every_mark_leads_to_exactly_its_rows(company, group):
    for user in (company.chief, company.wang):
        question = asked("losses", user, f"period=year&group={group}")
        assert assert_every_mark_leads_to_its_rows(question) >= 7


def test_filters_narrow_cases_and_the_customers_of_the_rate(company):
    found = figures(answer("losses", company.chief, f"customer__level={company.gold.pk}"))
    assert (found["confirmed"], found["rate"]) == (1, Decimal("50.0"))
    assert figures(answer("losses", company.chief, f"owner={company.wang.pk}"))["rate"] == Decimal("33.3")
    assert figures(answer("losses", company.chief, f"reason={company.price.pk}"))["confirmed"] == 1
