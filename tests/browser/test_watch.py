"""The browser's own test kit: each kind of accident in a page is seen."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.chromium import Watch, axe_faults, look

PAGE = "<!doctype html><html lang=zh><head><title>t</title></head><body><main><h1>t</h1>{}</main></body></html>"
POLICY = {"content-type": "text/html", "content-security-policy": "default-src 'none'; script-src 'self'"}


def _visit(chromium: Browser, watch: Watch, body: str, headers: dict[str, str] | None = None, status: int = 200) -> Any:
    context = chromium.new_context()
    watch.follow(context)

    def answer(route: Route) -> None:
        route.fulfill(status=status, body=PAGE.format(body), headers=headers or {"content-type": "text/html"})

    context.route("http://localhost/", answer)
    context.route("http://example.com/**", lambda route: route.abort())
    page = context.new_page()
    page.goto("http://localhost/")
    return page


@pytest.mark.parametrize(
    ("body", "headers", "fault"),
    [
        ("<script>console.error('no')</script>", None, "console: no"),
        ("<script>throw Error('thrown')</script>", None, "script error: .*thrown"),
        ("<p style='color:red'>x</p>", POLICY, "console: .*Content Security Policy"),
        ("<img alt='' src='http://example.com/x.png'>", None, "stray request: http://example.com/x.png"),
    ],
)
def test_an_accident_is_seen(
    chromium: Browser, watch: Watch, body: str, headers: dict[str, str] | None, fault: str
) -> None:
    page = _visit(chromium, watch, body, headers)
    page.wait_for_timeout(50)
    page.context.close()
    assert any(re.match(fault, line) for line in watch.faults), watch.faults


def test_an_unexpected_answer_is_seen_and_an_expected_one_is_not(chromium: Browser, watch: Watch) -> None:
    _visit(chromium, watch, "", status=404).context.close()
    assert watch.faults == ["404: GET http://localhost/"]
    watch.faults.clear()
    _visit(chromium, watch, "", status=422).context.close()
    assert watch.faults == []


def test_axe_works_under_a_strict_policy(chromium: Browser, watch: Watch) -> None:
    page = _visit(chromium, watch, "<p>x</p>", POLICY)
    assert axe_faults(page) == []
    page.context.close()
    page = _visit(chromium, watch, "<img src='data:,'>")
    assert [line.split(":")[0] for line in axe_faults(page)] == ["image-alt"]
    page.context.close()


def test_a_picture_is_kept(chromium: Browser, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.chromium.LOOKS", tmp_path)
    monkeypatch.setattr("tests.chromium.PICTURES", True)
    page = _visit(chromium, watch, "<p>x</p>")
    assert look(page, "one").read_bytes().startswith(b"\x89PNG")
    page.context.close()
