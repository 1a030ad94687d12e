"""A day of each role in the demo company, by the names that it prints: what they see, do, and are refused."""

import re
import sqlite3
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.customers.models import Customer, Order
from guanxi.demo.people import PASSWORD
from guanxi.history.models import ChangeSet
from guanxi.kernel.days import company_day
from guanxi.kernel.phones import show_phone
from guanxi.service.models import ServiceTicket
from tests.chromium import axe_faults, said
from tests.journeys.test_first_customer import pick, save
from tests.journeys.test_looks import too_wide
from tests.told import bring_back, told_company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHARE = 0.06
SELLING = ["figures", "due-plans", "follow-ups", "at-risk", "returning"]
COMPANY = ["funnel", "trend", "sellers", "service-load", "risk"]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[sqlite3.Connection]:
    """The demo company, told once for this file and kept aside, for each test leaves the database empty."""
    with django_db_blocker.unblock(), told_company(SHARE) as kept:
        yield kept


@pytest.fixture(autouse=True)
def company(transactional_db: None, told: sqlite3.Connection) -> None:
    """Every test here begins with the company as it was told."""
    bring_back(told)


def printed_names(role: str) -> list[str]:
    """The user names of a role, from what the demo prints."""
    said = StringIO()
    call_command("demo", sign_ins=True, stdout=said)
    lines = [line.split() for line in said.getvalue().splitlines() if PASSWORD in line]
    return [words[0] for words in lines if words[-1] == role]


def come_in(page: Page, role: str, **having: Any) -> User:
    """Sign in as the first one of a role, as the demo says, and wait until every card has come."""
    names = printed_names(role)
    user = User.objects.filter(username__in=names, **having).order_by("pk").first()
    assert user is not None, role
    page.goto("/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-p")
    expect(page.locator("h1")).to_contain_text(user.real_name)
    expect(page.locator(".home [data-wait]")).to_have_count(0)
    expect(page.locator(".hc").first).to_be_visible()
    assert axe_faults(page) == []
    assert too_wide(page) <= 0
    return user


def menu_of(page: Page) -> list[str]:
    found: list[str] = page.locator("#side .nav a").evaluate_all("all => all.map(one => one.title)")
    return found


def cards_of(page: Page) -> list[str]:
    found: list[str] = page.locator(".hc").evaluate_all("all => all.map(one => one.id.replace('card-', ''))")
    return found


def refused(page: Page, path: str, status: int) -> None:
    """The address answers with this status, and a page that says so and leads home."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, path
    expect(page.locator("main .num").first).to_have_text(str(status))
    expect(page.locator("main a[href='/']").first).to_be_visible()


def test_the_administrator_resets_a_password_and_stays_administrator(open_page, watch):
    page = open_page(language="zh-CN")
    me = come_in(page, "系统管理员")
    assert menu_of(page) == [
        *("工作台", "营销机会", "客户开发计划", "客户", "客户流失管理", "流失期限", "导入"),
        *("服务创建", "服务分配", "服务处理", "服务反馈", "服务归档", "服务时限", "工作日历"),
        *("客户贡献分析", "客户构成分析", "客户服务分析", "客户流失分析"),
        # The dictionary stands in two directories, as in the design.
        *("数据字典", "用户", "部门", "角色", "权限检查", "资源管理", "数据字典", "参数设置", "操作日志", "登录日志"),
        *("在线会话", "任务监控", "访问令牌"),
    ]
    assert cards_of(page) == ["figures", "system", "unassigned-tickets", "unassigned-chances", *COMPANY]

    clerk = User.objects.get(username="chenjiamu")
    page.goto("/system/users/?q=陈嘉木")
    page.locator("#list tbody .nm").click()
    page.get_by_label("更多").click()
    page.click("#do-reset")
    save(page)
    password = page.locator("#one-time").inner_text()
    assert axe_faults(page) == []
    clerk.refresh_from_db()
    assert clerk.check_password(password)
    assert clerk.must_change_password
    page.goto(f"/system/users/{me.pk}/disable/")
    page.locator("main form .btn-p, main form .btn-dp").click()
    expect(page.locator("main .notice.bad, main .err").first).to_be_visible()
    me.refresh_from_db()
    assert me.is_active
    watch.expected.add(404)
    refused(page, "/customers/999999/", 404)


def test_the_manager_hands_a_customer_to_another_seller_of_the_group(open_page, watch):
    page = open_page(width=390, language="en")
    me = come_in(page, "销售主管")
    assert me.real_name == "顾远志"
    assert menu_of(page) == [
        *("Home", "Sale chances", "Development plans", "Customers", "Loss management", "Loss thresholds", "Imports"),
        *("Service creation", "Customer contribution", "Customer composition", "Customer service", "Customer churn"),
    ]
    assert cards_of(page) == [*SELLING, "unassigned-chances", *COMPANY]

    customer = Customer.objects.filter(manager__roles__name="销售").first()
    others = User.objects.filter(username__in=printed_names("销售")).exclude(pk=customer.manager_id)
    successor = others.order_by("pk").first()
    page.goto(f"/customers/{customer.pk}/")
    page.get_by_label("More").first.click()
    page.click("#do-assign")
    pick(page, "to", successor.real_name)
    assert axe_faults(page) == []
    save(page)
    said(page)
    customer.refresh_from_db()
    assert customer.manager == successor
    watch.expected |= {403, 404}
    outside = Customer.objects.filter(manager__department__name="客户成功部").first()
    refused(page, f"/customers/{outside.pk}/", 404)
    refused(page, "/system/users/", 403)
    assert ChangeSet.objects.filter(by=me, state=ChangeSet.State.REFUSED).exists()


def test_the_seller_calls_a_customer_and_cannot_open_those_of_colleagues(open_page, watch):
    page = open_page(width=390, language="zh-CN")
    me = come_in(page, "销售", pk__in=Customer.objects.exclude(manager=None).values("manager"))
    assert menu_of(page) == [
        *("工作台", "营销机会", "客户开发计划", "客户", "客户流失管理", "导入", "服务创建"),
        *("客户贡献分析", "客户构成分析", "客户流失分析"),
    ]
    assert cards_of(page) == [*SELLING, "funnel", "trend"]

    page.goto("/customers/?view=mine")
    page.locator("#list tbody .nm").first.click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    customer = Customer.objects.get(pk=page.url.rstrip("/").rpartition("/")[2])
    today = company_day(timezone.now())
    page.fill("#compose", "电话确认了下周的现场调试")
    page.fill(".comp [name=next_follow_up]", today.isoformat())
    page.locator(".comp .btn-p").click()
    expect(page.locator(".tl")).to_contain_text("电话确认了下周的现场调试")
    page.goto("/customers/?view=due")
    expect(page.locator("#list tbody")).to_contain_text(customer.name)
    customer.refresh_from_db()
    assert (customer.manager, customer.next_follow_up) == (me, today)
    watch.expected |= {403, 404}
    refused(page, f"/customers/{customer.pk}/assign/", 403)
    colleagues = Customer.objects.filter(manager__department=me.department).exclude(manager=me).first()
    refused(page, f"/customers/{colleagues.pk}/", 404)


def test_the_account_manager_notes_a_request_and_does_not_assign_it(open_page, watch):
    page = open_page(language="en")
    me = come_in(page, "客户经理")
    assert menu_of(page) == [
        *("Home", "Sale chances", "Development plans", "Customers", "Loss management", "Imports"),
        *("Service creation", "Service handling", "Service feedback"),
        *("Customer contribution", "Customer composition", "Customer service", "Customer churn"),
    ]
    assert cards_of(page) == [*SELLING, "my-tickets", "feedback-tickets", *COMPANY]

    customer = Customer.objects.filter(manager__department=me.department).first()
    page.goto("/service/tickets/")
    page.click("#create")
    pick(page, "customer", customer.name)
    pick(page, "kind", "Suggestion")
    page.fill("#drawer [name=overview]", "Monthly report by mail")
    page.fill("#drawer [name=request_text]", "Send the downtime report on the first of each month")
    save(page)
    page.wait_for_url(re.compile(r"/service/tickets/\d+/"))
    ticket = ServiceTicket.objects.latest("pk")
    assert (ticket.customer, ticket.created_by, ticket.step) == (customer, me, "created")
    expect(page.locator("#do-assign")).to_have_count(0)
    watch.expected |= {403, 404}
    refused(page, f"/service/assignment/{ticket.pk}/assign/", 403)
    outside = Customer.objects.filter(manager__department__name="华南销售部").first()
    refused(page, f"/customers/{outside.pk}/", 404)


def test_the_service_desk_sees_everybody_and_neither_phones_nor_amounts(open_page, watch):
    page = open_page(width=390, language="zh-CN")
    me = come_in(page, "客服")
    assert menu_of(page) == [
        *("工作台", "客户", "服务创建", "服务分配", "服务处理", "服务反馈", "服务归档", "服务时限", "工作日历"),
        *("客户贡献分析", "客户构成分析", "客户服务分析"),
    ]
    assert cards_of(page) == ["figures", "my-tickets", "unassigned-tickets", "feedback-tickets", "service-load"]

    order = Order.objects.filter(customer__phone__startswith="0", total__gt=0, paid__gt=0).latest("ordered_at")
    customer = order.customer
    assert customer.manager_id != me.pk
    secrets = [customer.phone, show_phone(customer.phone), f"{order.total:,.2f}", f"{customer.paid_total:,.2f}"]
    for path in [
        f"/customers/{customer.pk}/",
        f"/customers/{customer.pk}/tab/details/",
        f"/customers/{customer.pk}/tab/payments/",
        f"/customers/orders/{order.pk}/",
        f"/customers/?q={customer.number}",
        "/reports/contribution/?period=12-months",
    ]:
        page.goto(path)
        shown = page.locator("main").inner_text()
        for secret in secrets:
            assert secret not in shown, path
    page.goto(f"/customers/{customer.pk}/tab/details/")
    expect(page.locator("main")).to_contain_text(f"{customer.phone[:3]}****{customer.phone[-4:]}")
    assert axe_faults(page) == []
    page.goto(f"/customers/{customer.pk}/")
    page.fill("#compose", "客户来电询问备件")
    page.locator(".comp .btn-p").click()
    expect(page.locator(".tl")).to_contain_text("客户来电询问备件")
    watch.expected.add(403)
    refused(page, f"/customers/{customer.pk}/edit/", 403)
    refused(page, "/marketing/chances/", 403)


def test_the_head_of_the_company_reads_everything_and_writes_nothing(open_page, watch):
    page = open_page(language="en")
    come_in(page, "高管")
    assert menu_of(page) == [
        *("Home", "Sale chances", "Customers", "Loss management", "Loss thresholds", "Imports", "Service creation"),
        *("Service targets", "Working calendar"),
        *("Customer contribution", "Customer composition", "Customer service", "Customer churn"),
        *("Dictionary", "Users", "Departments", "Roles", "Dictionary"),
    ]
    assert cards_of(page) == ["figures", "at-risk", *COMPANY]

    page.goto("/customers/")
    expect(page.locator("#total")).to_contain_text(str(Customer.objects.in_use().count()))
    expect(page.locator("#create")).to_have_count(0)
    page.goto("/reports/contribution/?period=12-months")
    assert axe_faults(page) == []
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_text("As a CSV file").click()
    assert saved.value.path().stat().st_size > 100
    watch.expected.add(403)
    refused(page, "/customers/new/", 403)
    refused(page, "/system/log/", 403)
