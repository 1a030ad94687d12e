"""The own access tokens in a real browser: made, shown once, revoked."""

import pytest
from playwright.sync_api import expect

from guanxi.api.models import CREATE, REVOKE, VIEW, Token
from tests import cast
from tests.api.caller import Caller, make_token
from tests.chromium import axe_faults, look
from tests.full import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_a_token_is_made_shown_once_and_revoked(open_page, transactional_db, width, dark, language):
    person = cast.make_user("lisiyuan", CREATE, VIEW, REVOKE, "customers.view_customer", scope="all")
    make_token(person, scope="read")
    page = open_page(person, width=width, dark=dark, language=language)
    name = f"tokens-{width}{'-dark' if dark else ''}"
    page.goto("/account/tokens/")
    page.click(".ph .btn-p")
    look(page, f"{name}-new")
    assert axe_faults(page) == []
    page.fill("[name=name]", "ERP")
    page.click("main .drw-f .btn-p")
    secret = page.locator("#token").inner_text()
    look(page, f"{name}-shown")
    assert axe_faults(page) == []
    assert Caller(secret).get("/customers/").status_code == 200
    page.click(".drw-f .btn-p")
    expect(page.locator(".rows-i")).to_have_count(2)
    look(page, name)
    assert axe_faults(page) == []
    page.locator(".rows-i .btn").first.click()
    page.click("#confirm-yes")
    expect(page.locator(".toast").first).to_be_visible()
    assert Token.objects.get(name="ERP").revoked_at is not None
    page.goto("/system/tokens/")
    look(page, f"{name}-all")
    assert axe_faults(page) == []
