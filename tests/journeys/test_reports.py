"""数据报表: a manager's Monday with the four reports, from the start page to the rows and the file."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.kernel.days import company_day
from guanxi.service import actions as service
from tests import cast
from tests.chromium import axe_faults, look
from tests.customers.company import make_customer, make_order
from tests.journeys.test_looks import too_wide
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORTS = ["contribution", "composition", "service", "losses"]
RIGHTS = [
    *(f"reports.{verb}_{name}" for verb in ("view", "export") for name in REPORTS),
    *("customers.view_customer", "service.view_serviceticket", "retention.view_losscase"),
]


@pytest.fixture
def manager(transactional_db: None) -> User:
    """A manager of a company that sold to three customers this month, and to one of them last quarter."""
    prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    user = cast.make_user("lisiyuan", *RIGHTS, scope="all", real_name="李思远")
    levels = list(DictionaryEntry.objects.filter(type="customer_level").order_by("position"))
    today = company_day(timezone.now())
    for number, (name, amount) in enumerate([("杭州云栖", "9000"), ("宁波海曙", "500.50"), ("苏州园区", "20000")]):
        customer = make_customer(name, level=levels[number % 2], manager=user)
        book(customer, amount, today)
    long_ago = today - timedelta(days=200)
    book(customer, "7000", long_ago)
    kind = DictionaryEntry.objects.filter(type="service_type").first()
    with cast.change("create", by=user, at=timezone.now()) as change:
        service.create_ticket(customer=customer, kind=kind, overview="网关离线", request_text="请派人", change=change)
    return user


def book(customer: Customer, amount: str, day: date) -> None:
    """An order of a day, paid on the same day."""
    order = make_order(customer, ordered_at=day, total=amount, at=timezone.now())
    with cast.change("pay", at=timezone.now()) as change:
        customers.pay_order(order, amount=Decimal(amount), paid_at=day, change=change)


def rows_of(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-sheet=customers] tbody th").all_inner_texts()
    return found


def test_contribution_from_the_start_page_to_the_orders_and_the_file(open_page, manager):
    page = open_page(manager, language="zh-CN")
    page.goto("/")
    expect(page.locator(".home [data-wait]")).to_have_count(0)
    expect(page.locator("#card-figures .kpi").first).to_be_visible()
    page.locator("#side .nav a", has_text="客户贡献分析").click()
    page.wait_for_url("**/reports/contribution/**")
    expect(page.locator("#chart-top canvas").first).to_be_visible()
    assert rows_of(page) == ["苏州园区", "杭州云栖", "宁波海曙"]
    expect(page.locator("[data-sheet=customers] tfoot")).to_contain_text("29,500.50")
    page.locator(".seg a", has_text="近 12 个月").click()
    page.wait_for_url("**period=12-months**")
    expect(page.locator("[data-sheet=customers] tfoot")).to_contain_text("36,500.50")
    assert axe_faults(page) == []
    look(page, "journey-contribution-1440-zh-CN")

    page.get_by_text("导出", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_text("导出为 Excel").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(BytesIO(saved.value.path().read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "苏州园区" in cells
    assert 27000 in [float(cell) for cell in cells if isinstance(cell, int | float)]

    chart = page.locator("#chart-top")
    chart.locator("[data-as=table]").click()
    expect(chart.locator("[data-table]")).to_be_visible()
    expect(chart.locator("[data-picture]")).to_be_hidden()
    chart.locator("tbody tr", has_text="苏州园区").locator("a").first.click()
    page.wait_for_url("**/customers/orders/?**")
    expect(page.locator("#list tbody tr")).to_have_count(2)


def test_composition_is_grouped_otherwise_and_leads_to_the_customers_of_a_bar(open_page, manager):
    page = open_page(manager, width=390, language="en")
    page.goto("/reports/composition/")
    expect(page.locator("[data-echarts] canvas").first).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_label("Group by").select_option("level")
    page.wait_for_url("**group=level**")
    expect(page.locator("[data-echarts] canvas").first).to_be_visible()
    assert too_wide(page) <= 0
    link = page.locator("[data-sheet] tbody tr a, [data-sheet] tbody th a").first
    row = link.locator("xpath=ancestor::tr")
    count = int(re.findall(r"\d+", row.locator("td").first.inner_text())[0])
    link.click()
    page.wait_for_url("**/customers/?**")
    expect(page.locator("#list tbody tr")).to_have_count(count)
    assert 0 < count < Customer.objects.count()


def test_service_and_losses_are_asked_for_another_period(open_page, manager):
    page = open_page(manager, language="en")
    for name, choice in [("service", "This year"), ("losses", "Last 12 months")]:
        page.goto("/reports/")
        page.locator(f"main a[href='/reports/{name}/']").click()
        page.locator(".seg a", has_text=choice).click()
        page.wait_for_url("**period=*")
        expect(page.locator("#found .sumr")).to_be_visible()
        page.locator(".sumr summary").first.click()
        expect(page.locator(".sumr details[open] .pop-b")).to_be_visible()
        assert axe_faults(page) == [], name
    page.goto("/reports/service/?period=year")
    page.locator(".sumr dd a").first.click()
    page.wait_for_url("**/service/**")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    # What cannot be meant is said, and what was asked stays.
    page.goto("/reports/service/?period=custom&begin=2026-11-20&end=2026-11-01")
    expect(page.locator("#ask .err").first).to_be_visible()
    expect(page.locator("#ask [name=begin]")).to_have_value("2026-11-20")
