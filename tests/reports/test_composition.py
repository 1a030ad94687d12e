"""客户构成 of the ten customers."""

import pytest

from tests import cast
from tests.reports.asking import answer, asked, assert_every_mark_leads_to_its_rows, figures
from tests.reports.ten_customers import VIEWS

pytestmark = pytest.mark.django_db


def test_by_level_those_without_one_count_as_ungraded(company):
    question = asked("composition", company.chief)
    found = question.report.answer(question)
    # gold: 华星 启明 云栖 南粤; silver: 远望 太湖; none: 紫金 湘江; neither the merged nor the binned one
    assert [row[:2] for row in found.tables["groups"]] == [
        (company.gold.pk, 4),
        (company.silver.pk, 2),
        (None, 2),
    ]
    assert [str(row[2]) for row in found.tables["groups"]] == ["50.0", "25.0", "25.0"]
    sheet = question.report.sheets(question, found)[0]
    assert [row[0].value for row in sheet.rows] == ["金", "银", "未分级"]


@pytest.mark.parametrize("group", ["level", "area", "credit", "manager", "state", "industry", "source"])
def test_every_grouping_counts_every_customer_once_and_leads_to_them(company, group):
    found = answer("composition", company.chief, f"group={group}")
    assert sum(row[1] for row in found.tables["groups"]) == 8
    for user in (company.chief, company.li):
        assert assert_every_mark_leads_to_its_rows(asked("composition", user, f"group={group}")) >= 3


def test_figures(company):
    assert figures(answer("composition", company.chief)) == {"customers": 8, "new": 8, "pool": 1}
    assert figures(answer("composition", company.li)) == {"customers": 3, "new": 3, "pool": 0}


def test_filters_narrow_it(company):
    assert figures(answer("composition", company.chief, f"level={company.silver.pk}"))["customers"] == 2
    assert figures(answer("composition", company.chief, "manager=none"))["customers"] == 1
    assert figures(answer("composition", company.li, f"manager={company.wang.pk}"))["customers"] == 0


def test_the_pool_is_counted_for_those_who_may_claim_from_it(company):
    claimer = cast.make_user("claimer", *VIEWS, "customers.claim_customer")
    assert figures(answer("composition", claimer)) == {"customers": 1, "new": 1, "pool": 1}


def test_a_few_kinds_make_a_pie_many_do_not(company):
    def kinds(group):
        question = asked("composition", company.chief, f"group={group}")
        found = question.report.answer(question)
        return [
            chart.kind for chart in question.report.charts(question, found, question.report.sheets(question, found))
        ]

    assert kinds("level") == ["bar", "pie"]
    assert kinds("area") == ["bar"]
