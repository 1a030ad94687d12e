"""Orders in Chromium: nothing of an amount is cut off, on a phone and beside a line at fault."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.cast import make_user
from tests.customers.company import make_customer, make_order, pay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "element => element.scrollWidth > element.clientWidth + 1"


@pytest.fixture
def seller(transactional_db):
    return make_user("陈嘉木", "customers.view_customer", "customers.edit_order", scope="all")


def wide(page: Page, selector: str) -> bool:
    return any(page.locator(selector).evaluate_all(f"all => all.map({WIDE})"))


def test_a_phone_shows_every_amount_of_an_order(seller, open_page):
    line = {"goods": "工业网关", "quantity": Decimal("12345.678"), "unit": "台", "unit_price": Decimal("98765.43")}
    order = make_order(make_customer(), lines=[{**line, "discount": Decimal(5)}])
    pay(order, "12345678.90")
    page = open_page(seller, width=390)
    page.goto(f"/customers/orders/{order.pk}/")
    expect(page.locator("tbody .c-money").first).to_be_visible()
    assert not wide(page, ".tw")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_line_at_fault_does_not_widen_the_lines(seller, open_page, width):
    page = open_page(seller, width=width)
    page.goto("/customers/orders/new/")
    page.fill("[name=lines-0-goods]", "工业网关")
    page.fill("[name=lines-0-unit_price]", "98765.43")
    page.fill("[name=lines-0-quantity]", "很多")
    page.fill("[name=lines-0-discount]", "一些")
    page.locator("main form").first.evaluate("form => { form.noValidate = true; }")
    page.locator("main form .btn-p").click()
    expect(page.locator(".lines .err")).to_have_count(2)
    assert not wide(page, ".lines")


def test_heads_of_lines_mark_what_is_required(seller, open_page):
    page = open_page(seller)
    page.goto("/customers/orders/new/")
    assert page.locator(".lines thead .req").all_inner_texts() == ["商品", "数量", "单价"]
    page.set_viewport_size({"width": 1440, "height": 900})
    star = "element => getComputedStyle(element, '::after').content"
    assert page.locator(".lines thead .req").first.evaluate(star) == '"*"'


def test_a_phone_shows_the_open_tab(seller, open_page):
    customer = make_customer()
    page = open_page(seller, width=390)
    page.goto(f"/customers/{customer.pk}/tab/history/")
    seen = """link => { const strip = link.parentElement.getBoundingClientRect(), own = link.getBoundingClientRect();
        return own.left >= strip.left - 1 && own.right <= strip.right + 1; }"""
    assert page.locator(".views [aria-current]").evaluate(seen)
    assert page.locator(".views").evaluate("strip => strip.scrollLeft") > 0


def test_lines_are_added_up_to_the_most_that_an_order_has(seller, open_page):
    page = open_page(seller)
    page.goto("/customers/orders/new/")
    page.evaluate("document.querySelector('[name=lines-TOTAL_FORMS]').value = 499")
    adder = page.locator("[data-act=add-line]")
    adder.click()
    expect(page.locator("[data-line]")).to_have_count(2)
    expect(adder).to_be_disabled()
    page.locator("[data-line] input.in").last.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(2)
