"""The main tasks by keyboard alone, and where the focus goes."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.customers.models import Customer, Interaction, Order
from guanxi.dictionary.actions import fill_dictionary
from tests import cast
from tests.chromium import axe_faults, said
from tests.customers.company import make_customer
from tests.promises.records import make_chance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(transactional_db: None) -> User:
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True, real_name="李思远")


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus stands on something."""
    for _step in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of reach of the Tab key")


def test_a_customer_is_entered_found_and_edited_by_keyboard(open_page, owner):
    page = open_page(owner)
    page.goto("/customers/")
    page.keyboard.press("c")
    expect(page.locator("#drawer [name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#create")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer [name=name]")).to_be_focused()
    page.keyboard.type("云栖智造")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))

    page.keyboard.press("e")
    expect(page.locator("#drawer [name=name]")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("科技")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("云栖智造科技")

    page.keyboard.press("Control+k")
    page.keyboard.type("yqzz")
    expect(page.locator("#palette [data-option]").first).to_contain_text("云栖智造科技")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))

    page.goto("/customers/")
    page.keyboard.press("/")
    page.keyboard.type("云栖")
    page.wait_for_url(re.compile("q="))
    expect(page.locator("[data-search]").first).to_be_focused()
    page.keyboard.press("Escape")
    tab_to(page, "#list tbody .nm")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))


def test_an_interaction_and_an_order_are_entered_by_keyboard(open_page, owner):
    customer = make_customer(manager=owner)
    page = open_page(owner)
    page.goto(f"/customers/{customer.pk}/")
    tab_to(page, "#compose")
    page.keyboard.type("确认报价")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tl")).to_contain_text("确认报价")
    assert Interaction.objects.get().overview == "确认报价"

    page.goto(f"/customers/orders/new/?customer={customer.pk}")
    tab_to(page, "[name=lines-0-goods]")
    page.keyboard.type("网关")
    page.keyboard.press("Enter")
    expect(page.locator("[name=lines-1-goods]")).to_be_focused()
    page.keyboard.type("相机")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=lines-0-goods]")).to_be_focused()
    for number in range(2):
        page.locator(f"[name=lines-{number}-quantity]").focus()
        page.keyboard.type("2")
        page.locator(f"[name=lines-{number}-unit_price]").focus()
        page.keyboard.type("1.2万")
        page.keyboard.press("Tab")
        expect(page.locator(f"[name=lines-{number}-unit_price]")).to_have_value("12,000")
    expect(page.locator("[data-total]")).to_have_text("48,000.00")
    page.keyboard.press("Control+Enter")
    said(page)
    assert Order.objects.get().total == 48_000


def test_a_card_moves_by_its_menu_and_says_why_it_does_not(open_page, owner):
    chance = make_chance(owner, 1)
    page = open_page(owner)
    page.goto("/marketing/chances/?as=board")
    tab_to(page, f"#card-{chance.pk} summary")
    page.keyboard.press("Enter")
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(f"#card-{chance.pk} details")).not_to_have_attribute("open", "")
    expect(page.locator(f"#card-{chance.pk} summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, f"#move-{chance.pk}-lost")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer [name=reason]")).to_be_focused()
    page.keyboard.press("Escape")

    page.keyboard.press("Escape")
    with cast.change() as change:
        change.update(chance, stage="new", assigned_to=None, assigned_at=None)
    page.reload()
    card, lane = page.locator(f"#card-{chance.pk}"), page.locator("[data-lane=won] [data-cards]")
    start, end = card.bounding_box(), lane.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 60)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 20, steps=12)
    page.mouse.move(end["x"] + 60, end["y"] + 24, steps=4)
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("开发中")
    expect(page.locator("[data-lane=new]").locator(f"#card-{chance.pk}")).to_be_visible()


def test_likes_show_while_one_types_and_are_no_obstacle(open_page, owner):
    make_customer("云栖智造", manager=owner, phone="13800138000")
    page = open_page(owner)
    page.goto("/customers/")
    page.keyboard.press("c")
    expect(page.locator("#drawer [name=name]")).to_be_focused()
    page.keyboard.type("云栖酒店")
    page.locator("#drawer [name=phone]").fill("138 0013 8000")
    page.keyboard.press("Tab")
    expect(page.locator("#likes")).to_contain_text("云栖智造")
    assert axe_faults(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    assert Customer.objects.filter(name="云栖酒店").exists()
