"""The style guide in Chromium: every component, clean under the policy and for everyone to use."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import make_user
from tests.chromium import axe_faults, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guide(open_page: Callable[..., Page], settings: Any) -> Callable[..., Page]:
    """The guide, open for a user."""
    settings.DEBUG = True
    user = make_user("lisiyuan", real_name="李思远")

    def open_guide(**options: Any) -> Page:
        page = open_page(user, **options)
        page.goto("/styleguide/")
        return page

    return open_guide


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_every_component_is_clean(guide: Callable[..., Page], width: int, dark: bool) -> None:
    page = guide(width=width, dark=dark)
    look(page, f"styleguide-{width}-{'dark' if dark else 'light'}")
    assert axe_faults(page) == []


def test_nothing_scrolls_sideways_at_320(guide: Callable[..., Page]) -> None:
    page = guide(width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
