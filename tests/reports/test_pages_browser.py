"""Reports in a real browser: pictures and tables in both themes and widths, by mouse, by keyboard, without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guanxi.jobs.models import Job
from guanxi.jobs.queue import claim
from guanxi.jobs.run import Run
from guanxi.parameters.models import Parameter
from guanxi.reports import answering
from guanxi.reports.report import reports
from guanxi.reports.tasks import count
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import FULL, SCREENS
from tests.reports.ten_customers import build

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = "period=custom&begin=2026-11-01&end=2026-11-23"
ADDRESSES = {"composition": "?group=level", "contribution": f"?{NOVEMBER}&idle=on", "service": "", "losses": ""}


@pytest.fixture
def company():
    return build()


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_report_is_accessible_and_hovering_breaks_no_policy(open_page, company, width, dark):
    page = open_page(company.chief, width=width, dark=dark)
    for name in reports if FULL or (width, dark) == (1440, False) else ["contribution"]:
        page.goto(f"/reports/{name}/{ADDRESSES[name]}")
        pictures = page.locator("[data-echarts]")
        for place in range(pictures.count()):
            pictures.nth(place).locator("canvas").first.wait_for()
            pictures.nth(place).hover()
        page.locator(".sumr summary").first.click()
        assert axe_faults(page) == [], name
        look(page, f"report-{name}-{width}-{'dark' if dark else 'light'}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_choice_asks_at_once_and_what_is_empty_stays_out_of_the_address(open_page, company):
    page = open_page(company.chief)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.get_by_label("金额区间").first.select_option("5000-")
    page.wait_for_url("**band=5000-*")
    assert "q=" not in page.url
    assert "湘江" in page.locator("[data-sheet=customers] tbody").inner_text()
    assert page.locator("[data-sheet=customers] tbody tr").count() == 1


def test_boxes_of_a_filter_ask_when_it_closes(open_page, company):
    page = open_page(company.chief)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.locator("#chip-level summary").click()
    page.locator(f"#chip-level input[value='{company.silver.pk}']").check()
    page.locator("h1").click()
    page.wait_for_url(f"**level={company.silver.pk}*")
    assert page.locator("[data-sheet=customers] tbody tr").count() == 2


def test_a_bar_leads_to_the_orders_counted(open_page, company):
    page = open_page(company.chief)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.locator("#chart-top canvas").first.wait_for()
    page.locator("#chart-top [data-as=table]").focus()
    page.keyboard.press("Enter")
    page.locator("#chart-top tbody a").first.press("Enter")
    page.wait_for_url("**/customers/orders/?**")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert "5,000.01" in page.locator("#list").inner_text()


def test_on_paper_there_are_figures_and_tables_without_controls(open_page, company):
    page = open_page(company.chief)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.emulate_media(media="print")
    assert not page.locator("#ask").is_visible()
    assert not page.locator("[data-act=print]").is_visible()
    assert page.locator("#chart-bands [data-table]").is_visible()
    assert page.locator("[data-sheet=customers] table").is_visible()


def test_without_script_it_is_asked_and_read(open_page, company):
    page = open_page(company.chief, script=False)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.get_by_label("金额区间").first.select_option("5000-")
    page.get_by_role("button", name="应用").last.click()
    assert "band=5000-" in page.url
    assert page.locator("#chart-top [data-table]").is_visible()


def test_a_file_is_taken_from_the_page(open_page, company):
    taker = cast.make_user("taker", "reports.view_contribution", "reports.export_contribution", scope="all")
    page = open_page(taker)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.get_by_text("导出", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_text("导出为 CSV").click()
    assert "5000.01" in saved.value.path().read_text("utf-8-sig")


def test_very_many_rows_are_waited_for_and_shown_when_they_are_counted(open_page, company):
    with cast.change() as change:
        change.create(Parameter, key=answering.AT_ONCE.key, value=3)
    page = open_page(company.chief)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    page.get_by_text("正在后台统计").wait_for()
    assert axe_faults(page) == []
    job = claim("tester", at=timezone.now() + timedelta(seconds=1))
    assert job is not None
    count(Run(job, at=timezone.now(), clock=timezone.now))
    Job.objects.filter(pk=job.pk).update(state="done")
    page.get_by_text("后台统计于").wait_for()
    page.locator("#chart-top canvas").first.wait_for()
    assert "18,500.52" in page.locator("[data-sheet=customers] tfoot").inner_text()
    assert axe_faults(page) == []


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_goods_stand_beside_customers_and_a_phone_shows_rows_as_cards(open_page, company, width, dark):
    page = open_page(company.chief, width=width, dark=dark)
    page.goto(f"/reports/contribution/?{NOVEMBER}")
    row = page.locator("[data-sheet=customers] tbody tr").first
    expect(row).to_contain_text("5,000.01")
    frame = page.locator("[data-sheet=customers] .tw")
    if width == 390:
        assert frame.evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing to scroll sideways for"
    page.get_by_label("分组").select_option("goods")
    page.wait_for_url("**group=goods*")
    page.locator("[data-sheet=goods]").get_by_text("轴承").first.wait_for()
    page.locator("[data-echarts] canvas").first.wait_for()
    assert page.get_by_label("金额区间").count() == 0
    assert axe_faults(page) == []
    look(page, f"report-goods-{width}-{'dark' if dark else 'light'}")
    page.locator("[data-sheet=goods] tbody a").first.click()
    page.wait_for_url("**lines__goods=*")
    assert page.locator("#rows tbody tr, tbody tr").count() == 8
