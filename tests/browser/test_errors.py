"""The pages for what went wrong, in Chromium: clean under the policy and for everyone to use."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.chromium import Watch, axe_faults


@pytest.mark.parametrize("dark", [False, True])
def test_a_missing_page_says_so(open_page: Callable[..., Page], watch: Watch, dark: bool) -> None:
    watch.expected.add(404)
    page = open_page(dark=dark)
    answer = page.goto("/no-such-page/")
    assert answer
    assert answer.status == 404
    assert "script-src 'self'" in (answer.header_value("content-security-policy") or "")
    assert page.locator("h1").count() == 1
    assert axe_faults(page) == []
