"""Lists in Chromium: filters, views, order and pages change the rows, keep the address and the place of the cursor."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.access.models import Department
from guanxi.web import registry
from tests import cast
from tests.web.kit import KitResource

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.kit")]


@pytest.fixture
def page(monkeypatch, open_page, transactional_db):
    monkeypatch.setitem(registry._resources, Department, KitResource.instance)
    owner = cast.make_user("owner", "access.view_department", "access.move_department", scope="all")
    with cast.change() as change:
        change.create_many(Department, [{"name": f"Department {n:02}", "position": n % 7} for n in range(45)])
    page = open_page(owner)
    page.goto("/kit/")
    return page


def test_a_filter_narrows_the_rows_and_names_itself(page):
    page.click("#chip-position summary")
    box = page.locator("#filters [name='position.from']")
    box.fill("6")
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page).to_have_url(re.compile(r"position\.from=6"))
    expect(page.locator("#filters .chipw.on")).to_have_count(1)
    expect(box).to_be_focused()
    expect(box).to_have_value("6")


def test_the_back_button_brings_the_page_before(page):
    expect(page.locator("#pager a", has_text=re.compile("^2$"))).to_be_visible()
    first = page.locator("tbody .nm").first.inner_text()
    page.locator("#pager a", has_text=re.compile("^2$")).click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("tbody .nm").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator("tbody .nm").first).to_have_text(first)
    expect(page.locator("#total")).to_contain_text("45")


def test_an_order_keeps_the_cursor_on_its_head(page):
    head = page.locator("thead a").first
    head.click()
    expect(page).to_have_url(re.compile("sort="))
    expect(page.locator("thead a").first).to_be_focused()


def test_a_selection_takes_a_range_with_shift(page):
    boxes = page.locator("tbody .ck")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("4")
    page.click("[data-act=select-none]")
    expect(page.locator("[data-bulk]")).not_to_be_visible()
