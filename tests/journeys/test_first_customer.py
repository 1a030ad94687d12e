"""A salesperson's way from sign-in to the first order, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.customers.models import Customer, Order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from tests import cast
from tests.chromium import axe_faults, look, said

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-enough-sentence-7"
SELLER = [
    *(f"marketing.{verb}_salechance" for verb in ("view", "create", "edit", "bin", "assign", "develop")),
    *("customers.view_customer", "customers.create_customer", "customers.edit_customer"),
    *("customers.edit_contact", "customers.edit_interaction", "customers.edit_order", "customers.pay_order"),
]


@pytest.fixture
def seller(transactional_db) -> User:
    with cast.change() as change:
        fill_dictionary(change=change)
    user = cast.make_user("lisiyuan", *SELLER, real_name="李思远")
    with cast.change() as change:
        change.update(user, password=hashed(user, PASSWORD))
    return user


def hashed(user: User, password: str) -> str:
    user.set_password(password)
    stored = user.password
    user.refresh_from_db()
    return stored


def sign_in_by_hand(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/login/"))
    page.fill("[name=login], [name=username]", "lisiyuan")
    page.fill("[name=password]", PASSWORD)
    page.check("[name=remember]")
    page.click("main button[type=submit], main .btn-p")
    expect(page.locator("h1")).to_contain_text("李思远")


def save(page: Page) -> None:
    page.locator("form[data-form]:visible .drw-f .btn-p, form[data-form]:visible .drw-f .btn-dp").first.click()


def pick(page: Page, name: str, text: str) -> None:
    """Choose in a picker: a box that script makes of a select fed by the server, or a plain select."""
    expect(page.locator(f"form [name={name}]").first).to_be_attached()
    expect(page.locator(f"form select[data-combobox][data-url][name={name}]:not(.combo *)")).to_have_count(0)
    box = page.locator(f"form [data-for={name}] input, form input[role=combobox][id*={name}]").first
    if box.count():
        box.fill(text)
        page.locator("[role=option]", has_text=text).first.click()
    else:
        page.locator(f"form select[name={name}]").select_option(label=text)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_sign_in_to_the_first_order(open_page, seller, width, language):
    page = open_page(width=width, language=language)
    sign_in_by_hand(page)

    page.goto("/marketing/chances/")
    page.click("#create")
    page.fill("#drawer [name=customer_name]", "杭州云栖智造科技有限公司")
    page.fill("#drawer [name=contact_name]", "王建国")
    page.fill("#drawer [name=contact_phone]", "12345")
    page.fill("#drawer [name=expected_amount]", "12万")
    save(page)
    expect(page.locator("#drawer .err")).to_be_visible()
    expect(page.locator("#drawer [name=customer_name]")).to_have_value("杭州云栖智造科技有限公司")
    page.fill("#drawer [name=contact_phone]", "138 0571 2233")
    save(page)
    page.wait_for_url(re.compile(r"/marketing/chances/\d+/$"))
    chance = SaleChance.objects.get()
    assert (chance.stage, chance.contact_phone, chance.expected_amount) == ("new", "13805712233", 120000)
    assert axe_faults(page) == []

    page.click("#do-assign")
    expect(page.locator("#drawer form")).to_be_visible()
    pick(page, "to", "李思远")
    save(page)
    expect(page.locator(".step.cur, .steps [aria-current=step]")).to_be_visible()

    page.click("#new-plan, .empty .btn-p")
    page.fill("#drawer [name=item]", "电话回访二期报价")
    page.fill("#drawer [name=planned_on]", (timezone.localdate() + timedelta(days=1)).isoformat())
    save(page)
    expect(page.locator(".plan")).to_contain_text("电话回访二期报价")
    page.locator("[id^=finish-]").click()
    page.fill("#drawer [name=effect]", "约了现场拜访")
    save(page)
    expect(page.locator(".plan")).to_contain_text("约了现场拜访")
    assert DevelopmentPlan.objects.get().done_at

    page.click("#do-win")
    save(page)
    expect(page.locator("#do-win")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    customer = Customer.objects.get()
    assert (customer.name, customer.manager) == ("杭州云栖智造科技有限公司", seller)

    page.goto(f"/customers/{customer.pk}/")
    expect(page.locator("h1")).to_have_text("杭州云栖智造科技有限公司")
    expect(page.locator("#main aside")).to_contain_text("王建国")
    page.fill("#compose", "确认二期报价")
    page.locator(".comp .btn-p").click()
    expect(page.locator(".tl")).to_contain_text("确认二期报价")
    look(page, f"journey-customer-{width}-{language}")

    page.goto(f"/customers/{customer.pk}/tab/order/")
    page.click("#new-order, .empty .btn-p")
    expect(page.locator("[name='lines-0-goods']")).to_be_visible()
    page.fill("[name='lines-0-goods']", "MES 采集网关")
    page.fill("[name='lines-0-quantity']", "40")
    page.fill("[name='lines-0-unit_price']", "7160")
    expect(page.locator("[data-total]")).to_have_text("286,400.00")
    save(page)
    said(page)
    order = Order.objects.get()
    assert (order.total, order.state, order.salesperson) == (286400, "unpaid", seller)

    page.goto(f"/customers/orders/{order.pk}/")
    page.click("#do-pay")
    expect(page.locator("#drawer [name=amount]")).to_have_value(re.compile("286400"))
    save(page)
    said(page)
    order.refresh_from_db()
    assert order.state == "paid"
    customer.refresh_from_db()
    assert customer.paid_total == 286400
    page.goto("/customers/?q=yunqi")
    expect(page.locator("tbody tr")).to_have_count(1)
    look(page, f"journey-list-{width}-{language}")
