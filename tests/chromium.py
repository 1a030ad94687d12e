"""A real Chromium beside a live server; a test fails on any script error, policy report or stray request."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.full import FULL

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / ".cache" / "axe" / "axe.min.js"
LOOKS = ROOT / "build" / "looks"
PICTURES = not os.environ.get("CI") or FULL
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
"""The shell has no window of its own around the page, which costs the others most of a second for each browser."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
HEIGHTS = {1440: 900, 390: 844, 320: 640}
EXPECTED = {422}  # a form with faults, a conflict: an answer, not an accident
REPORT_POLICY = """document.addEventListener("securitypolicyviolation", event =>
  console.error("policy report:", event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber))"""


def find_chromium() -> str | None:
    """Return the path of Chromium: the one GUANXI_CHROMIUM names, else the machine's."""
    named = os.environ.get("GUANXI_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


@dataclass
class Watch:
    """Whatever went wrong in the pages of one test."""

    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=lambda: set(EXPECTED))

    def follow(self, context: BrowserContext) -> None:
        """Note the faults of every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        answered = message.text.startswith("Failed to load resource: the server responded with a status of")
        if message.type == "error" and not answered:
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"localhost", "127.0.0.1"}:
            self.faults.append(f"stray request: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, started once; without one a test fails in CI and is skipped elsewhere."""
    path = find_chromium()
    if path is None:
        sentence = "Chromium is not here: install the package chromium, or name it in GUANXI_CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def watch() -> Watch:
    """What the test's pages did wrong so far; `watch.expected.add(404)` allows an answer."""
    return Watch()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`open_page(user=None, width=1440, dark=False, language="zh-CN", script=True)`: a new browser with one page."""
    contexts: list[BrowserContext] = []

    def new_page(
        user: Any = None, *, width: int = 1440, dark: bool = False, language: str = "zh-CN", script: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            locale=language,
            timezone_id="Asia/Shanghai",
            has_touch=width < 600,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch.follow(context)
        context.add_init_script(REPORT_POLICY)
        if user is not None:
            sign_in(context, live_server.url, user)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()
    assert not watch.faults, "\n".join(watch.faults)


def sign_in(context: BrowserContext, address: str, user: Any) -> None:
    """Give a browser the session of a user, without the form."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def said(page: Page) -> None:
    """Wait until the server has said that it is done, and take its word away: the next wait is for the next word."""
    word = page.locator("[data-toast]").first
    expect(word).to_be_visible()
    word.evaluate("() => document.querySelectorAll('[data-toast]').forEach(one => one.remove())")


def axe_faults(page: Page, scope: str = "html") -> list[str]:
    """Return the accessibility violations of a page, one line each: rule, what it says, where."""
    if not AXE.exists():
        pytest.fail("axe-core is not here: run `make setup`.", pytrace=False)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("scope => axe.run(scope, {resultTypes: ['violations']})", scope)
    return [
        f"{rule['id']}: {rule['help']}: {'; '.join(str(node['target']) for node in rule['nodes'][:5])}"
        for rule in found["violations"]
    ]


def look(page: Page, name: str) -> Path:
    """Save a picture of the whole page as build/looks/<name>.png; in CI nobody would look at it."""
    path = LOOKS / f"{name}.png"
    if not PICTURES:
        return path
    LOOKS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path
