"""权限检查, what a change of a role does, and hidden values, in a real Chromium: for everyone to use, at two widths."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.accounts.models import User
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.system.resources.revealing import REVEAL
from tests import cast
from tests.chromium import axe_faults, look
from tests.customers.company import make_customer
from tests.full import SCREENS
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIEW, EDIT = "customers.view_customer", "customers.edit_customer"


@pytest.fixture
def admin(transactional_db):
    found = prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    return found


@pytest.fixture
def company(admin):
    east, west = cast.make_department("华东销售部"), cast.make_department("华西销售部")
    keeper = cast.make_user("li.ming", VIEW, department=east, real_name="李明")
    mate = cast.make_user("wang.fang", VIEW, EDIT, scope="department", department=west, real_name="王芳")
    customer = make_customer(by=admin, manager=admin, name="海星软件有限公司", phone="13805718888")
    with cast.change() as change:
        change.update(customer, manager=keeper)
    return {"customer": customer, "keeper": keeper, "mate": mate}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def name(kind, width, dark):
    return f"{kind}-{width}-{'dark' if dark else 'light'}"


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_a_question_is_asked_and_answered(admin, company, open_page, width, dark):
    page = open_page(admin, width=width, dark=dark)
    page.goto("/system/access-check/")
    assert axe_faults(page) == []
    look(page, name("access-check-empty", width, dark))
    page.goto(f"/system/access-check/?who={company['mate'].pk}&what=nothing-like-it")
    expect(page.locator("#id_what_error")).to_be_visible()
    assert axe_faults(page) == []
    page.fill("[name=what]", company["customer"].number)
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.locator("main")).to_contain_text("不可以：王芳")
    expect(page.locator("main")).to_contain_text("李明 (华东销售部)")
    assert axe_faults(page) == []
    assert fits(page)
    look(page, name("access-check", width, dark))
    page.goto(f"/system/access-check/?who={company['keeper'].pk}&what=/customers/{company['customer'].pk}/")
    expect(page.locator("main")).to_contain_text("可以：李明")
    look(page, name("access-check-yes", width, dark))
    page.locator("#verb-edit").click()
    expect(page.locator("main")).to_contain_text("不可以：李明没有权限")


def test_a_user_is_chosen_from_those_that_the_server_feeds(admin, company, open_page):
    page = open_page(admin)
    page.goto("/system/access-check/")
    box = page.get_by_role("combobox", name=re.compile("用户"))
    box.click()
    box.fill("王芳")
    page.get_by_role("option", name="王芳").click()
    page.fill("[name=what]", company["customer"].name)
    page.get_by_role("button", name="检查").click()
    expect(page.locator("main")).to_contain_text("不可以：王芳")


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_the_summary_of_a_role_says_what_its_members_notice(admin, company, open_page, width, dark):
    role = company["mate"].roles.get()
    page = open_page(admin, width=width, dark=dark)
    page.goto(f"/system/roles/{role.pk}/")
    page.select_option("[name=scope]", "all")
    page.locator("[name=masks][value=phone]").check()
    page.get_by_role("button", name="保存权限").click()
    expect(page.locator("#outlook")).to_contain_text("王芳")
    expect(page.locator("#outlook")).to_contain_text("新看到")
    assert axe_faults(page) == []
    assert fits(page)
    look(page, name("outlook", width, dark))
    role.refresh_from_db()
    assert role.scope == "department"


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_a_hidden_value_is_shown_once(company, open_page, width, dark):
    clerk = cast.make_user("clerk", VIEW, REVEAL, scope="all", masks=["phone"])
    page = open_page(User.objects.get(pk=clerk.pk), width=width, dark=dark)
    page.goto(f"/customers/{company['customer'].pk}/tab/details/")
    button = page.get_by_role("button", name="显示：电话").first
    expect(button).to_be_visible()
    assert axe_faults(page) == []
    assert fits(page)
    look(page, name("hidden-fields", width, dark))
    button.click()
    expect(page.locator("#revealed")).to_contain_text("138 0571 8888")
    assert axe_faults(page) == []
    look(page, name("revealed", width, dark))
    assert ChangeSet.objects.filter(verb="reveal", by=clerk).count() == 1
