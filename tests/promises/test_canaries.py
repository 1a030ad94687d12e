"""Stored scripts in every text field: no page of any role runs one, whatever it shows and wherever it shows it."""

import re
import sqlite3
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from guanxi.accounts.models import User
from guanxi.demo.people import POSTS
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources
from tests.full import FULL
from tests.promises import canaries
from tests.promises.canaries import LONG, MIDDLE, PROGRAMS_OWN, business_models, canary, poison, texts_of
from tests.told import bring_back, told_company

browser = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROLES = [post.name for post in POSTS] if FULL else ["系统管理员"]
MOST = 1_000 if FULL else 14
"""The most pages of one role."""
LEFT_OUT = re.compile(r"/(logout|export|sample|restore|refused|language)/|/static/|^/api/")
"""What is no page, or would end the session."""
HIT = """window.hit = () => console.error("a stored script ran")"""
FOUND = """() => [...document.querySelectorAll(".hit, [onerror], [onload], a[href^='javascript:' i]")]
  .map(one => one.outerHTML.slice(0, 200))"""
SETTLED = """() => !document.querySelector("[data-wait], .htmx-request")"""


@pytest.fixture(scope="module")
def poisoned(django_db_setup: None, django_db_blocker: Any) -> Iterator[sqlite3.Connection]:
    """The demo company with a stored script in every text."""
    with django_db_blocker.unblock(), told_company(0.02, then=poison) as kept:
        yield kept


class Crawl:
    """One person's way through every page that they find or may open."""

    def __init__(self, page: Page, user: User) -> None:
        self.page = page
        self.user = user
        self.waiting = deque(["/", "/search/?q=hit", *self._declared()])
        self.seen: set[str] = set()
        self.found: list[str] = []

    def _declared(self) -> Iterator[str]:
        """Every page of every resource that the person may open, of the first record that they see."""
        for resource in all_resources:
            if not resource.may(self.user, "view"):
                continue
            yield resource.url("list")
            if resource.board:
                yield f"{resource.url('list')}?as=board"
            if resource.may(self.user, "restore"):
                yield f"{resource.url('list')}?view=bin"
            if resource.may(self.user, "create"):
                yield resource.url("create")
            record = resource.rows(self.user).order_by("pk").first()
            if record is None:
                continue
            yield from (resource.url("panel", record.pk, tab.name) for tab in tabs_of(resource) if self._opens(tab))
            yield from (resource.url(verb, record.pk) for verb in ("edit", "bin") if resource.may(self.user, verb))
            for action in resource.offered(self.user, record):
                yield resource.url(action.verb, record.pk)

    def _opens(self, tab: Any) -> bool:
        return not tab.permission or self.user.has_perm(tab.permission)

    def walk(self, most: int) -> int:
        """Open one address of every kind, ids and values apart; returns how many pages were opened."""
        opened = 0
        while self.waiting and opened < most:
            address = self.waiting.popleft()
            kind = re.sub(r"\d+", "#", re.sub(r"=[^&]*", "", address))
            if kind in self.seen or LEFT_OUT.search(address):
                continue
            self.seen.add(kind)
            opened += 1
            self._open(address)
        return opened

    def _open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_function(SETTLED)
        self._look(address)
        self._hover(address)
        links = self.page.evaluate("() => [...document.links].map(one => one.href)")
        origin = self.page.evaluate("location.origin")
        for link in links:
            parts = urlsplit(link)
            if link.startswith(origin) and parts.path:
                self.waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _hover(self, address: str) -> None:
        """Ask every chart what it says below the mouse."""
        charts = self.page.locator("canvas, [data-chart] svg")
        for number in range(min(charts.count(), 3)):
            if charts.nth(number).is_visible():
                charts.nth(number).hover(force=True)
                self._look(f"{address} chart {number}")

    def _look(self, where: str) -> None:
        self.found += [f"{where}: {one}" for one in self.page.evaluate(FOUND)]

    def open_parts(self) -> None:
        """The drawer of a new record, and what the palette finds."""
        for address in ("/customers/", "/marketing/chances/", "/service/tickets/"):
            if address not in self.seen:
                continue
            self.page.goto(address)
            if self.page.locator("#create").count():
                self.page.click("#create")
                expect(self.page.locator("#drawer form")).to_be_visible()
                self._look(f"{address} drawer")
                self.page.keyboard.press("Escape")
        self.page.goto("/")
        self.page.wait_for_function(SETTLED)  # or what is found waits behind every card
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type("hit")
        expect(self.page.locator("#palette [data-option]").first).to_be_visible()
        self._look("palette")


class TestCrawl:
    pytestmark = browser

    @pytest.mark.parametrize("role", ROLES)
    def test_no_stored_script_runs(self, open_page, transactional_db, poisoned, watch, role, record_property):
        bring_back(poisoned)
        users = User.objects.in_use().filter(is_active=True)
        post = next(number for number, one in enumerate(POSTS) if one.name == role)
        roles = list(users.filter(roles__isnull=False).values_list("roles", flat=True).distinct().order_by("roles"))
        user = users.filter(roles=roles[post]).order_by("pk").first()
        page = open_page(user, language="zh-CN")
        page.add_init_script(HIT)
        crawl = Crawl(page, user)
        pages = crawl.walk(MOST)
        crawl.open_parts()
        record_property("crawl", f"{role}: {pages} pages, {len(crawl.found)} executions, {len(watch.faults)} reports")
        assert crawl.found == []
        assert pages >= MOST if not FULL else pages > 60

    def test_one_that_came_through_would_be_seen(self, open_page, transactional_db, poisoned, watch):
        bring_back(poisoned)
        user = User.objects.in_use().filter(roles__holds_all=True).first()
        page = open_page(user)
        page.add_init_script(HIT)
        watch.expected.add(404)
        page.goto("/account/profile/")
        assert page.evaluate(FOUND) == []
        page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", MIDDLE)
        page.wait_for_timeout(200)
        assert len(page.evaluate(FOUND)) == 1
        assert [one for one in watch.faults if "policy report" in one]
        watch.faults.clear()


def test_every_text_takes_a_canary_or_is_the_programs_own():
    texts = [field for model in business_models() for field in texts_of(model)]
    assert len(texts) > 80
    short = [str(field) for field in texts if "<u class=hit" not in canary(field) and "class=hit" not in canary(field)]
    assert all(one.endswith(("code", "prefix")) for one in short), short
    names = {f"{m._meta.label_lower}.{f.name}" for m in business_models() for f in m._meta.concrete_fields}
    assert names >= PROGRAMS_OWN
    assert LONG in {canary(field) for field in texts}
    assert names >= canaries.LINKS
