"""Undo in a real Chromium: from the toast, and from the log with its preview."""

import pytest
from playwright.sync_api import expect

from guanxi.customers import actions
from guanxi.history.models import ChangeSet
from tests import cast
from tests.chromium import axe_faults, look
from tests.customers.company import make_customer
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(transactional_db):
    return prepare()


def edited(admin):
    customer = make_customer(by=admin, manager=admin, phone="13805712233")
    with cast.change("edit", by=admin) as change:
        actions.edit_customer(customer, change=change, phone="13900001111", name="云栖科技")
    return customer, ChangeSet.objects.get(verb="edit")


def test_an_act_is_looked_at_and_undone_from_the_log(admin, open_page):
    customer, act = edited(admin)
    page = open_page(admin)
    page.goto("/system/log/?verb=edit")
    page.locator(f"#row-{act.pk} a.nm, #row-{act.pk} th a").first.click()
    page.locator("#do-undo").focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("139 0000 1111")
    expect(drawer).to_contain_text("云栖智造")
    drawer.get_by_role("button", name="撤销").click()
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    page.goto(f"/system/log/{act.pk}/")
    expect(page.locator("main")).to_contain_text("已被撤销")
    expect(page.locator("#do-undo")).to_have_count(0)
    customer.refresh_from_db()
    assert customer.name == "云栖智造"


def test_the_toast_of_an_act_undoes_it(admin, open_page):
    customer = make_customer(by=admin, manager=admin)
    page = open_page(admin)
    page.goto(f"/customers/{customer.pk}/return/")
    page.fill("[name=reason]", "客户换了行业")
    page.locator("form.form .btn-p, form.form .btn-dp").click()
    toast = page.locator("#toasts form button", has_text="撤销")
    toast.click()
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    customer.refresh_from_db()
    assert customer.manager == admin


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_preview_is_for_everyone_to_read(admin, open_page, width, dark):
    customer, act = edited(admin)
    with cast.change("edit", by=admin) as change:
        actions.edit_customer(customer, change=change, name="云栖集团")
    page = open_page(admin, width=width, dark=dark)
    page.goto(f"/system/log/{act.pk}/undo/")
    expect(page.locator("main")).to_contain_text("之后又改动过")
    assert axe_faults(page) == []
    look(page, f"undo-{width}-{'dark' if dark else 'light'}")
    page.goto("/customers/")
    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出为 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert "云栖集团" in download.value.path().read_text("utf-8")
    page.locator("summary", has_text="导出").click()
    look(page, f"export-{width}-{'dark' if dark else 'light'}")
