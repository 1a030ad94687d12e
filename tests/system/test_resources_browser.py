"""资源管理 in a real Chromium: a link of one's own, order and names, by keyboard, at two widths."""

import pytest
from playwright.sync_api import Page, expect

from guanxi.access.models import MenuItem
from tests.chromium import axe_faults, look
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/system/resources/"


@pytest.fixture
def admin(transactional_db):
    return prepare()


def add_link(page: Page, directory: MenuItem) -> None:
    page.locator(f"#below-{directory.pk}").focus()
    page.keyboard.press("Enter")
    page.fill("#drawer [name=label_zh]", "内网")
    page.fill("#drawer [name=url]", "javascript:alert(1)")
    page.locator("#drawer .drw-f .btn-p").click()
    expect(page.locator("#id_url_error")).to_be_visible()
    expect(page.locator("#drawer [name=label_zh]")).to_have_value("内网")
    page.fill("#drawer [name=url]", "https://example.com/")
    page.locator("#drawer [name=icon][value=world]").check()
    page.locator("#drawer .drw-f .btn-p").click()
    expect(page.locator("#toasts")).to_contain_text("已保存")


def test_a_directory_gets_a_link_and_a_menu_another_name_and_place(admin, open_page):
    page = open_page(admin)
    page.goto(PAGE)
    system = MenuItem.objects.get(key="system")
    add_link(page, system)
    link = MenuItem.objects.get(label_zh="内网")
    shown = page.locator(".nav a", has_text="内网")
    expect(shown).to_have_attribute("rel", "noopener noreferrer")
    role = MenuItem.objects.get(key="system.role")
    page.locator(f"#edit-{role.pk}").click()
    page.fill("#drawer [name=label_zh]", "岗位")
    page.locator("#drawer .drw-f .btn-p").click()
    expect(page.locator(".nav")).to_contain_text("岗位")
    up = page.locator(f"#row-{link.pk}").get_by_role("button", name="上移“内网”")
    up.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}#row-{link.pk}")
    expect(page.locator(f"#row-{link.pk}")).to_be_visible()
    page.locator(f"#row-{link.pk} [aria-label='删除 内网']").click()
    page.locator("#drawer .drw-f .btn-dp").click()
    expect(page.locator(".nav a", has_text="内网")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_tree_is_for_everyone_to_use(admin, open_page, width, dark):
    page = open_page(admin, width=width, dark=dark)
    role = MenuItem.objects.get(key="system.role")
    page.goto(f"{PAGE}?open={role.pk}")
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    look(page, f"resources-{width}-{'dark' if dark else 'light'}")
    page.goto(f"{PAGE}new/?kind=link")
    assert axe_faults(page) == []
    look(page, f"resources-new-{width}-{'dark' if dark else 'light'}")


def test_it_works_without_script(admin, open_page):
    page = open_page(admin, script=False)
    page.goto(PAGE)
    role = MenuItem.objects.get(key="system.role")
    page.locator(f"#row-{role.pk} .twist").click()
    expect(page.locator(f"#row-{MenuItem.objects.get(key='access.grant_role').pk}")).to_be_visible()
