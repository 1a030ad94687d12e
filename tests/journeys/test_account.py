"""基础模块: the first days of a new colleague at their own door, in a real browser."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from guanxi.accounts.models import Session, SignIn, TryCount, User
from tests.chromium import axe_faults, look, said
from tests.journeys.test_looks import too_wide
from tests.system.door import PASSWORD, code_of, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = "a-sentence-of-my-own-42"
TRIES = 10


@pytest.fixture
def newcomer(transactional_db: None) -> User:
    """Somebody to whom an administrator gave a one-time password."""
    return make_person("lisiyuan", "customers.view_customer", real_name="李思远", must_change_password=True)


@pytest.fixture
def colleague(transactional_db: None) -> User:
    """Somebody who has chosen a password."""
    return make_person("lisiyuan", "customers.view_customer", real_name="李思远")


def knock(page: Page, password: str) -> None:
    page.fill("[name=username]", "lisiyuan")
    page.fill("[name=password]", password)
    page.click("main .btn-p")


def sign_out(page: Page) -> None:
    page.click("#side .me")
    page.click("#side form[action='/logout/'] button")
    expect(page).to_have_url(re.compile("/login/"))


def choose_password(page: Page, *, confirm: str = OWN) -> None:
    for name, text in {"old": PASSWORD, "new": OWN, "confirm": confirm}.items():
        page.fill(f"[name={name}]", text)
    page.click("main .drw-f .btn-p")


def set_codes_up(page: Page) -> str:
    """Turn two-factor codes on, as the page leads; returns the key."""
    page.goto("/account/second-factor/")
    secret = page.locator("#secret").inner_text()
    assert axe_faults(page) == []
    page.fill("#id_code", code_of(secret))
    page.click("main .drw-f .btn-p")
    expect(page.locator("#codes li")).to_have_count(10)
    page.click("#recovery .btn-p")
    expect(page.locator("#turn-off")).to_be_visible()
    return secret


def test_a_one_time_password_opens_nothing_until_it_is_changed(open_page, newcomer):
    page = open_page(width=390, language="zh-CN")
    page.goto("/customers/")
    knock(page, PASSWORD)
    expect(page).to_have_url(re.compile("/account/password/"))
    expect(page.locator("main .notice.warn")).to_be_visible()
    assert axe_faults(page) == []
    page.goto("/customers/")
    expect(page).to_have_url(re.compile("/account/password/"))
    choose_password(page, confirm="something-else-42")
    expect(page.locator("#id_confirm_error")).to_be_visible()
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    choose_password(page)
    said(page)
    page.goto("/customers/")
    expect(page).to_have_url(re.compile("/customers/$"))
    page.goto("/")
    page.goto("/#side")
    sign_out(page)
    page.goto("/")
    knock(page, PASSWORD)
    expect(page.locator(".err")).to_be_visible()
    knock(page, OWN)
    expect(page.locator("h1")).to_contain_text("李思远")
    assert too_wide(page) <= 0


def test_codes_guard_the_door_and_a_stranger_does_not_shut_the_owner_out(open_page, colleague, watch):
    watch.expected.add(429)
    page = open_page(language="en")
    page.goto("/login/")
    knock(page, PASSWORD)
    secret = set_codes_up(page)
    sign_out(page)

    stranger = open_page(width=390, language="en")
    stranger.goto("/login/")
    for number in range(TRIES + 1):
        knock(stranger, f"guess-number-{number}")
        expect(stranger.locator(".err")).to_be_visible()
        expect(stranger.locator("[name=password]")).to_have_value("")
        # Half an hour of patience between two guesses would be a long test.
        TryCount.objects.update(last_at=F("last_at") - timedelta(minutes=5))
    knock(stranger, PASSWORD)
    expect(stranger.locator(".err")).to_contain_text("minutes")
    assert axe_faults(stranger) == []
    assert SignIn.objects.filter(outcome=SignIn.Outcome.STOPPED).exists()

    knock(page, PASSWORD)
    expect(page.locator("[name=code]")).to_be_focused()
    assert axe_faults(page) == []
    page.fill("[name=code]", code_of(secret, steps=1))
    page.click("main .btn-p")
    expect(page.locator("h1")).to_contain_text("李思远")


def test_settings_hold_everywhere_and_one_ends_ones_other_sessions(open_page, colleague):
    home, desk = open_page(width=390, language="zh-CN"), open_page(language="zh-CN")
    for page in (home, desk):
        page.goto("/login/")
        knock(page, PASSWORD)
        expect(page.locator("h1")).to_contain_text("李思远")
    desk.goto("/account/profile/")
    desk.select_option("#id_density", "compact")
    desk.select_option("#id_time_zone", "America/New_York")
    desk.uncheck("#id_shortcuts")
    desk.click("main .drw-f .btn-p")
    expect(desk.locator(".toast")).to_be_visible()
    assert axe_faults(desk) == []
    home.goto("/")
    expect(home.locator("html")).to_have_attribute("data-density", "compact")
    home.keyboard.press("?")
    expect(home.locator("#keys")).not_to_be_visible()

    desk.goto("/account/sessions/")
    expect(desk.locator(".rows-i")).to_have_count(2)
    signed_in = Session.objects.latest("created_at").created_at.astimezone(ZoneInfo("America/New_York"))
    expect(desk.locator(".rows")).to_contain_text(f"{signed_in:%H:%M}")
    look(desk, "journey-sessions")
    desk.locator(".drw-f form button").click()
    desk.click("#confirm-yes")
    expect(desk.locator(".rows-i")).to_have_count(1)
    home.goto("/customers/")
    expect(home).to_have_url(re.compile("/login/"))
    assert axe_faults(home) == []
    desk.goto("/")
    expect(desk.locator("h1")).to_contain_text("李思远")
