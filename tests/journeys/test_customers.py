"""客户管理: a week with one customer, from the public pool to its payments; a double entry is merged, a slip undone."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.customers.models import Contact, Customer, Interaction, Order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.kernel.days import company_day
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.customers.company import make_contact, make_customer
from tests.journeys.test_first_customer import pick, save
from tests.journeys.test_looks import too_wide
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELLER = [
    *(f"customers.{verb}_customer" for verb in ("view", "create", "edit", "claim", "return", "bin", "merge")),
    *(f"customers.edit_{part}" for part in ("contact", "interaction", "order")),
    "customers.pay_order",
]


@pytest.fixture
def admin(transactional_db: None) -> User:
    user = prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    return user


@pytest.fixture
def seller(admin: User) -> User:
    return cast.make_user("wangruoxi", *SELLER, real_name="王若溪")


def more(page: Page, verb: str) -> None:
    """Choose a verb of the record, wherever it stands."""
    link = page.locator(f"#do-{verb}")
    if not link.is_visible():
        page.locator(".rec-a details", has=link).locator("summary").click()
    link.click()
    expect(page.locator("#drawer form")).to_be_visible()


def tab(page: Page, customer: Customer, name: str) -> None:
    page.goto(f"/customers/{customer.pk}/tab/{name}/")
    assert axe_faults(page) == [], name
    assert too_wide(page) <= 0, name


def claim_from_the_pool(page: Page, customer: Customer) -> None:
    page.goto("/customers/?view=pool")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("#list tbody .nm").click()
    page.wait_for_url(f"**/customers/{customer.pk}/")
    expect(page.locator(".notice.info")).to_be_visible()
    more(page, "claim")
    save(page)
    said(page)


def get_to_know(page: Page, customer: Customer) -> None:
    """A contact, then a visit with the day of the next call."""
    tab(page, customer, "contact")
    page.click("#new-contact, .empty .btn-p")
    page.fill("#drawer [name=name]", "陈晓雨")
    page.fill("#drawer [name=mobile]", "139")
    save(page)
    expect(page.locator("#drawer .err")).to_be_visible()
    page.fill("#drawer [name=mobile]", "139 0571 8899")
    save(page)
    said(page)
    tab(page, customer, "interaction")
    page.click("#new-interaction, .empty .btn-p")
    page.select_option("#drawer [name=kind]", "visit")
    page.fill("#drawer [name=overview]", "看了三号产线，约下周报价")
    page.fill("#drawer [name=next_follow_up]", (company_day(timezone.now()) + timedelta(days=7)).isoformat())
    save(page)
    said(page)


def sell(page: Page, customer: Customer) -> Order:
    """An order of two lines."""
    tab(page, customer, "order")
    page.click("#new-order, .empty .btn-p")
    page.wait_for_url("**/customers/orders/new/**")
    page.fill("[name='lines-0-goods']", "工业网关")
    page.fill("[name='lines-0-quantity']", "10")
    page.fill("[name='lines-0-unit_price']", "1280")
    page.click("[data-act=add-line]")
    page.fill("[name='lines-1-goods']", "安装调试")
    page.fill("[name='lines-1-quantity']", "1")
    page.fill("[name='lines-1-unit_price']", "2000")
    page.fill("[name='lines-1-discount']", "300")
    expect(page.locator("[data-total]")).to_have_text("14,500.00")
    assert axe_faults(page) == []
    save(page)
    said(page)
    return Order.objects.get()


def book(page: Page, order: Order, verb: str, amount: str) -> None:
    page.goto(f"/customers/orders/{order.pk}/")
    more(page, verb)
    page.fill("#drawer [name=amount]", amount)
    save(page)
    said(page)
    order.refresh_from_db()


def test_from_the_pool_to_the_payments(open_page, seller):
    customer = make_customer("杭州云栖智造", phone="0571-88886666")
    page = open_page(seller, width=390, language="zh-CN")
    claim_from_the_pool(page, customer)
    get_to_know(page, customer)
    order = sell(page, customer)
    book(page, order, "pay", "5000")
    assert (order.state, order.paid) == ("partly_paid", 5000)
    book(page, order, "pay", "9500")
    assert (order.state, order.total) == ("paid", 14500)
    book(page, order, "refund", "300")
    assert order.paid == Decimal(14200)

    page.goto(f"/customers/{customer.pk}/")
    for number in range(2, page.locator("[data-tab][id^=tab-]").count() + 1):
        page.click(f"#tab-{number}")
        expect(page.locator(f"#tab-{number}")).to_have_attribute("aria-current", "page")
        assert axe_faults(page) == [], number
        assert too_wide(page) <= 0, number
        expect(page.locator("#tab h2").first).to_have_text(
            page.locator(f"#tab-{number}").inner_text().rstrip("0123456789\n ")
        )
    # In a hurry: the second click comes before the answer to the first.
    page.evaluate("for (const one of ['#tab-1', '#tab-3']) document.querySelector(one).click()")
    expect(page.locator("#tab-3")).to_have_attribute("aria-current", "page")
    tab(page, customer, "payments")
    for amount in ("5,000.00", "9,500.00", "300.00", "14,200.00"):
        expect(page.locator("#tab")).to_contain_text(amount)
    number_box = page.locator(".owed .mono").bounding_box()
    assert number_box is not None
    assert number_box["height"] < 40, "the number of an order stands in one line"
    look(page, "journey-payments-390-zh-CN")
    customer.refresh_from_db()
    assert (customer.manager, customer.received_total, customer.outstanding) == (seller, 14200, 300)
    assert customer.next_follow_up == company_day(timezone.now()) + timedelta(days=7)
    assert Contact.objects.get().mobile == "13905718899"
    assert Interaction.objects.get().kind == "visit"


def test_a_double_entry_is_merged_and_the_merge_undone_from_the_log(open_page, admin, seller):
    kept = make_customer("杭州云栖智造", manager=seller, phone="0571-88886666")
    double = make_customer("云栖智造（杭州）", manager=seller, phone="0571-88880000")
    person = make_contact(double, "王建国", mobile="13805712233")
    page = open_page(seller, language="en")
    page.goto(f"/customers/{kept.pk}/")
    more(page, "merge")
    pick(page, "other", double.name)
    save(page)
    choice = page.locator("#drawer [name=phone][value=theirs]")
    expect(choice).to_be_attached()
    assert axe_faults(page) == []
    choice.check()
    save(page)
    said(page)
    page.goto(f"/customers/{kept.pk}/")
    expect(page.locator("#main aside")).to_contain_text("王建国")
    kept.refresh_from_db()
    assert kept.phone.endswith("88880000")

    desk = open_page(admin, width=390, language="zh-CN")
    act = ChangeSet.objects.get(verb="merge")
    desk.goto("/system/log/?verb=merge")
    desk.locator(f"#row-{act.pk} .nm").click()
    more(desk, "undo")
    expect(desk.locator("#drawer")).to_contain_text("王建国")
    save(desk)
    said(desk)
    person.refresh_from_db()
    kept.refresh_from_db()
    assert person.customer == double
    assert kept.phone.endswith("88886666")
    assert set(Customer.objects.in_use()) == {kept, double}


def test_what_was_deleted_by_mistake_comes_back_from_the_bin(open_page, seller):
    customer = make_customer("杭州云栖智造", manager=seller)
    make_contact(customer, "王建国", mobile="13805712233")
    page = open_page(seller, language="en")
    page.goto(f"/customers/{customer.pk}/")
    more(page, "bin")
    save(page)
    said(page)
    page.goto("/customers/")
    expect(page.locator("#list tbody tr")).to_have_count(0)
    page.goto("/bin/")
    expect(page.locator(".rows-i")).to_have_count(1)
    assert axe_faults(page) == []
    page.locator(".rows-i button").click()
    form = page.locator("main form .btn-p")
    if re.search(r"/restore/", page.url):
        form.click()
    said(page)
    page.goto(f"/customers/{customer.pk}/")
    expect(page.locator("#main aside")).to_contain_text("王建国")
    assert Customer.objects.get().binned_in is None
