"""Redaction and parameters in a real Chromium: for everyone to use, at two widths."""

import pytest
from playwright.sync_api import expect

from guanxi.history.models import ChangeSet
from tests.chromium import axe_faults, look
from tests.customers.company import make_contact, make_customer
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(transactional_db):
    return prepare()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_contact_is_blanked_from_its_tab(admin, open_page, width, dark):
    contact = make_contact(make_customer(by=admin, manager=admin), "王建国", mobile="13805712233")
    page = open_page(admin, width=width, dark=dark)
    page.goto(f"/customers/contacts/{contact.pk}/tab/personal/")
    assert axe_faults(page) == []
    page.click("#redact")
    page.locator("[name=names][value=mobile]").check()
    page.fill("[name=reason]", "本人要求删除")
    page.fill("[name=confirmation]", "王")
    page.locator(".drw-f .btn-dp").click()
    expect(page.locator("#id_confirmation_error")).to_be_visible()
    assert axe_faults(page) == []
    look(page, f"redaction-{width}-{'dark' if dark else 'light'}")
    page.fill("[name=confirmation]", "王建国")
    page.locator(".drw-f .btn-dp").click()
    expect(page.locator("main")).to_contain_text("本人要求删除")
    assert ChangeSet.objects.filter(verb="redact").count() == 1


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)])
def test_the_rule_of_numbers_is_previewed(admin, open_page, width, dark):
    page = open_page(admin, width=width, dark=dark)
    page.goto("/system/parameters/")
    page.fill("[name='numbers.customer_prefix']", "C-")
    page.select_option("[name='numbers.customer_day']", "none")
    page.get_by_role("button", name="预览编号").click()
    expect(page.locator("#examples")).to_contain_text("C-0001")
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    look(page, f"parameters-{width}-{'dark' if dark else 'light'}")
