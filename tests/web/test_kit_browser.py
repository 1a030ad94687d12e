"""The kit in a real browser: lists, drawers, refusals, the back button, phones, no script."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.access.models import Department
from guanxi.web import registry
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import LOOKS
from tests.web.kit import KitResource

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.kit")]

VERBS = ["view", "create", "edit", "bin", "move", "top"]


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(registry._resources, Department, KitResource.instance)


@pytest.fixture
def owner(transactional_db):
    return cast.make_user("owner", *[f"access.{verb}_department" for verb in VERBS], scope="all")


@pytest.fixture
def departments(owner):
    with cast.change() as change:
        return change.create_many(Department, [{"name": f"Department {n:02}", "position": n % 7} for n in range(45)])


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_every_page_of_the_kit_is_clean(open_page, owner, departments, width, dark, language):
    page = open_page(owner, width=width, dark=dark, language=language)
    one = departments[-1].pk
    addresses = {
        "list": "/kit/",
        "nothing": "/kit/?position.from=99",
        "record": f"/kit/{one}/tab/details/",
        "history": f"/kit/{one}/tab/history/",
        "form": "/kit/new/",
        "verb": f"/kit/{one}/move/",
        "selection": f"/kit/move/?id={one}&id={departments[0].pk}",
    }
    for name, address in addresses.items():
        page.goto(address, wait_until="networkidle")
        assert axe_faults(page) == [], address
        look(page, f"kit-{name}-{width}{'-dark' if dark else ''}")


def test_the_count_comes_after_the_rows(open_page, owner, departments):
    page = open_page(owner)
    page.goto("/kit/")
    expect(page.locator("#total")).to_contain_text("45")
    expect(page.locator("#pager a", has_text=re.compile("^3$"))).to_be_visible()


def test_a_drawer_opens_refuses_saves_and_gives_way_to_the_back_button(open_page, owner, departments):
    page = open_page(owner)
    page.goto("/kit/?view=top")
    page.click("#create")
    drawer = page.locator("#drawer")
    expect(drawer.locator("form")).to_be_visible()
    drawer.locator("[name=position]").fill("7")
    drawer.locator(".btn-p").click()
    expect(drawer.locator(".err")).to_be_visible()
    expect(drawer.locator("[name=position]")).to_have_value("7")
    drawer.locator("[name=name]").fill("West")
    drawer.locator(".btn-p").click()
    page.wait_for_url(re.compile(r"/kit/\d+/$"))
    expect(page.locator("h1")).to_have_text("West")
    page.go_back()
    expect(page).to_have_url(re.compile("view=top"))
    expect(drawer).not_to_be_visible()


def test_the_back_button_closes_a_drawer(open_page, owner, departments):
    page = open_page(owner)
    page.goto("/kit/")
    page.click("#create")
    expect(page.locator("#drawer form")).to_be_visible()
    page.go_back()
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page.locator("#list")).to_be_visible()
    page.go_forward()
    expect(page.locator("form [name=name]")).to_be_visible()


def test_a_selection_is_moved_from_the_bar(open_page, owner, departments):
    page = open_page(owner)
    page.goto("/kit/?sort=name")
    page.locator("tbody .ck").nth(0).check()
    page.locator("tbody .ck").nth(1).check()
    bar = page.locator("[data-bulk]")
    expect(bar).to_contain_text("2")
    bar.get_by_role("button").filter(has_text="Move").click()
    expect(page.locator("#drawer form, form.form").first).to_be_visible()


def test_without_script_a_list_filters_and_a_form_saves(open_page, owner, departments):
    page = open_page(owner, script=False)
    page.goto("/kit/?position.from=3&position.to=3")
    expect(page.locator("tbody tr")).to_have_count(6)
    page.goto("/kit/new/")
    page.fill("[name=name]", "West")
    page.fill("[name=position]", "1")
    page.locator("main form .btn-p").click()
    expect(page.locator("h1")).to_have_text("West")
