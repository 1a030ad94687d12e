"""系统管理: an administrator opens a branch: its department, role, first user, words and rules; the log tells all of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.access.models import MenuItem
from guanxi.accounts.models import User
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import ChangeSet
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.customers.company import make_customer
from tests.journeys.test_first_customer import save
from tests.journeys.test_looks import too_wide
from tests.system.company import prepare
from tests.system.test_administration_browser import create_department, create_role, create_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = "a-sentence-of-my-own-42"


@pytest.fixture
def admin(transactional_db: None) -> User:
    user = prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    return user


def come_in_first(page: Page, username: str, password: str) -> None:
    """Sign in with a one-time password and choose an own one."""
    page.goto("/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main .btn-p")
    page.wait_for_url("**/account/password/**")
    for name, text in {"old": password, "new": OWN, "confirm": OWN}.items():
        page.fill(f"[name={name}]", text)
    page.click("main .drw-f .btn-p")
    said(page)


def menu_of(page: Page) -> list[str]:
    found: list[str] = page.locator("#side .nav a").evaluate_all("all => all.map(one => one.title)")
    return found


def edit_menu(page: Page, item: MenuItem, *, label_en: str = "", hidden: bool = False) -> None:
    page.goto("/system/resources/")
    page.click(f"#edit-{item.pk}")
    expect(page.locator("#drawer form")).to_be_visible()
    if label_en:
        page.fill("#drawer [name=label_en]", label_en)
    page.locator("#drawer [name=hidden]").set_checked(hidden)
    save(page)
    expect(page.locator("#toasts")).to_contain_text("已保存")


def test_a_branch_is_opened_and_its_first_user_sees_what_was_granted(open_page, admin, watch):
    desk = open_page(admin, language="zh-CN")
    create_department(desk, "宁波办事处")
    create_role(desk, "办事处查看员")
    password = create_user(desk, "li.ming", "办事处查看员", "宁波办事处")
    user = User.objects.get(username="li.ming")
    make_customer("宁波海曙精密", manager=user)
    make_customer("别处的客户", manager=admin)

    theirs = open_page(width=390, language="en")
    come_in_first(theirs, "li.ming", password)
    assert menu_of(theirs) == ["Home", "Customers"]
    theirs.goto("/customers/")
    expect(theirs.locator("#list tbody .nm")).to_have_text(["宁波海曙精密"])
    expect(theirs.locator("#create")).to_have_count(0)
    assert axe_faults(theirs) == []
    watch.expected.add(403)
    for path in ("/system/roles/", "/customers/new/", "/system/log/"):
        answer = theirs.goto(path)
        assert answer is not None
        assert answer.status == 403, path

    customers = MenuItem.objects.get(key="customers.customer")
    edit_menu(desk, customers, label_en="Clients")
    theirs.goto("/")
    assert menu_of(theirs) == ["Home", "Clients"]
    edit_menu(desk, customers, hidden=True)
    theirs.goto("/")
    assert menu_of(theirs) == ["Home"]
    # Hidden is not forbidden: who may see customers still reaches them by the address.
    theirs.goto("/customers/")
    expect(theirs.locator("#list tbody .nm")).to_have_text(["宁波海曙精密"])
    assert ChangeSet.objects.filter(by=user, state=ChangeSet.State.REFUSED).count() == 3


def test_words_and_rules_are_kept_and_the_log_leaves_with_all_of_it(open_page, admin):
    desk = open_page(admin, width=390, language="zh-CN")
    desk.goto("/dictionary/?type=lose_reason")
    desk.click("#create")
    desk.fill("#drawer [name=label_zh]", "交期太长")
    desk.fill("#drawer [name=label_en]", "Delivery takes too long")
    save(desk)
    expect(desk.locator("#toasts")).to_contain_text("已保存")
    assert DictionaryEntry.objects.get(label_zh="交期太长").type == "lose_reason"
    desk.goto("/dictionary/?type=lose_reason")
    expect(desk.locator("main")).to_contain_text("交期太长")
    assert axe_faults(desk) == []
    assert too_wide(desk) <= 0

    desk.goto("/system/parameters/")
    field = desk.locator("[name='company.short_name']")
    field.fill("启明宁波")
    desk.locator("main .form-f .btn-p").click()
    expect(desk.locator("#toasts")).to_contain_text("已保存")
    desk.goto("/")
    expect(desk.locator(".brand")).to_contain_text("启明宁波")

    desk.goto("/system/log/")
    expect(desk.locator("#list tbody")).to_contain_text("交期太长")
    desk.locator("#list tbody tr", has_text="交期太长").locator(".nm").click()
    expect(desk.locator("main")).to_contain_text("Delivery takes too long")
    assert axe_faults(desk) == []
    look(desk, "journey-log-390-zh-CN")
    desk.goto("/system/log/")
    desk.locator("summary", has_text="导出").click()
    with desk.expect_download() as saved:
        desk.get_by_role("button", name="导出为 CSV").click()
    assert re.search(r"\.csv$", saved.value.suggested_filename)
    lines = saved.value.path().read_text("utf-8-sig").splitlines()
    assert any("交期太长" in line and "系统管理员" in line for line in lines)
