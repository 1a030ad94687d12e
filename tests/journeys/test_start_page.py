"""The start page in a real browser: cards that come or say that they did not, arranged by keyboard, every role's own."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from guanxi.accounts.models import User
from guanxi.demo.story import fill
from guanxi.dictionary.actions import fill_dictionary
from guanxi.kernel.days import company_day
from guanxi.system.home_cards import all_cards
from guanxi.web.models import Preference
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.full import FULL, SCREENS
from tests.journeys.test_keyboard import tab_to
from tests.journeys.test_looks import too_wide
from tests.promises.records import make_chance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROLES = ["孙浩然", "周启明", "李思远", "王若溪", "唐静怡", "钱莉莉"]
"""One person of each role: 系统管理员, 高管, 销售主管, 销售, 客户经理, 客服."""


@pytest.fixture
def owner(transactional_db: None) -> User:
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True, real_name="李思远")


def come(page):
    """Wait until no card waits any more."""
    expect(page.locator(".home [data-wait]")).to_have_count(0)
    expect(page.locator(".hc").first).to_be_visible()


def names(page):
    return [one.get_attribute("id") for one in page.locator(".hc").all()]


def test_cards_are_moved_and_hidden_by_keyboard(open_page, owner):
    page = open_page(owner)
    page.goto("/")
    come(page)
    before = names(page)
    tab_to(page, "#arrange")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_visible()
    assert axe_faults(page, "#drawer") == []
    first, second = before[0].removeprefix("card-"), before[1].removeprefix("card-")
    page.focus(f"#down-{first}")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer [name=card]").first).to_have_value(second)
    expect(page.locator(f"#down-{first}")).to_be_focused()
    page.focus(f"[name=shown][value={second}]")
    page.keyboard.press("Space")
    page.locator("#drawer .btn-p").focus()
    page.keyboard.press("Enter")
    said(page)
    come(page)
    assert names(page) == [before[0], *before[2:]]
    assert Preference.objects.get().value["order"][:2] == [second, first]
    page.click("#arrange")
    page.click("#drawer [name=reset]")
    said(page)
    come(page)
    assert names(page) == before


def test_without_script_cards_are_links_and_are_arranged_by_forms(open_page, owner):
    make_chance(owner, 1)
    page = open_page(owner, script=False)
    page.goto("/")
    page.click("#card-funnel p .btn")
    expect(page.locator("#card-funnel table")).to_contain_text("100.0%")
    page.click("#card-funnel .seg a >> nth=0")
    assert page.url.endswith("/cards/funnel/?days=90")
    page.goto("/home/arrange/")
    page.click("ol li:first-child button[name=move]:not([disabled])")
    page.click(".btn-p")
    assert page.url.endswith("/")
    assert Preference.objects.count() == 1


def test_a_card_that_fails_says_so_and_is_asked_for_again(open_page, owner, watch, monkeypatch):
    def broken(_request):
        raise RuntimeError("gone")

    watch.expected.add(500)
    whole = all_cards["funnel"]
    monkeypatch.setitem(all_cards, "funnel", replace(whole, context=broken))
    page = open_page(owner)
    page.goto("/")
    card = page.locator("#card-funnel")
    expect(card.locator("[data-fail]")).to_be_visible()
    expect(card.locator("[data-wait]")).to_be_hidden()
    expect(page.locator("#card-figures .kpi")).to_have_count(8)
    expect(page.locator("#redbar")).to_be_hidden()
    assert axe_faults(page) == []
    monkeypatch.setitem(all_cards, "funnel", whole)
    card.locator("[data-act=card-again]").click()
    expect(card.locator("[data-fail]")).to_have_count(0)
    expect(card).to_contain_text("12")


def test_another_period_changes_one_card_and_keeps_the_focus(open_page, owner):
    page = open_page(owner)
    page.goto("/")
    come(page)
    page.focus("#figures-3")
    page.keyboard.press("Enter")
    expect(page.locator("#figures-3")).to_have_attribute("aria-current", "true")
    expect(page.locator("#figures-3")).to_be_focused()
    assert page.url.endswith("/")


def test_every_role_finds_a_start_page_of_its_own(open_page, transactional_db):
    call_command("sync", verbosity=0)
    list(fill(today=company_day(timezone.now()), seed=7, share=0.1))
    seen = set()
    for number, person in enumerate(ROLES):
        user = User.objects.get(real_name=person)
        for width, dark in SCREENS if FULL else [SCREENS[number % len(SCREENS)]]:
            page = open_page(user, width=width, dark=dark, language="en" if dark else "zh-CN")
            page.goto("/")
            come(page)
            seen.add(tuple(names(page)))
            assert axe_faults(page) == [], (person, width, dark)
            assert too_wide(page) <= 0, (person, width)
            if page.locator("canvas").count():
                page.locator("canvas").first.hover()
            look(page, f"start-{user.username}-{width}{'-dark' if dark else ''}")
    assert len(seen) >= 5, "what one sees follows from the role"
