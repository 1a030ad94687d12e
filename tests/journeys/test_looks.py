"""Every page of every resource in a real browser: for everyone to use, quiet, and within the width of a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from guanxi.accounts.models import User
from guanxi.dictionary.actions import fill_dictionary
from guanxi.web.panels import tabs_of
from guanxi.web.resource import Resource
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import FULL, SCREENS
from tests.promises.test_every_resource import FACTORIES, RESOURCES

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROWEST = 320


@pytest.fixture
def owner(transactional_db: None) -> User:
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True, real_name="李思远")


def pages_of(resource: Resource, record: Any, user: User) -> Iterator[tuple[str, str]]:
    """Every address of a resource that draws a page, with the name of its picture."""
    yield "list", resource.url("list")
    yield "nothing", f"{resource.url('list')}?page=400"
    if resource.board:
        yield "board", f"{resource.url('list')}?as=board"
    for tab in [one.name for one in tabs_of(resource)]:
        yield f"tab-{tab}", resource.url("panel", record.pk, tab)
    kind = type(resource)
    if kind.restore:
        yield "in-bin", f"{resource.url('list')}?view=bin"
    yield from ((verb, resource.url(verb, record.pk)) for verb in ("edit", "bin") if getattr(kind, verb))
    if kind.create:
        yield "create", resource.url("create")
    for action in resource.actions:
        yield action.verb, resource.url(action.verb, record.pk)
        if action.bulk:
            yield f"bulk-{action.verb}", f"{resource.url(f'bulk-{action.verb}')}?id={record.pk}"


def too_wide(page: Page) -> int:
    """By how many pixels a page can be scrolled sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def covered(page: Page) -> list[str]:
    """Texts of cards that lie below the button of their card; of a bare icon what is drawn counts, not where one may touch."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".tb.cards tbody tr")].flatMap((row) => {
            const button = row.querySelector(":scope > td:last-child .btn");
            if (!button) return [];
            const over = (button.matches(".btn-i") ? button.firstElementChild : button).getBoundingClientRect();
            return [...row.children].filter((cell) => !cell.contains(button)).map((cell) => {
                const range = document.createRange();
                range.selectNodeContents(cell);
                return [cell, range.getBoundingClientRect()];
            }).filter(([, text]) => text.width && text.left < over.right && over.left < text.right
                && text.top < over.bottom && over.top < text.bottom).map(([cell]) => cell.textContent.trim());
        })"""
    )
    return found


@pytest.mark.parametrize(("width", "dark"), SCREENS)
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.key)
def test_every_page_is_clean(open_page, owner, resource, width, dark):
    for number in range(3):
        record = FACTORIES[resource.model](owner, number)
    if type(resource).restore:
        with cast.change() as change:
            type(resource).bin(FACTORIES[resource.model](owner, 9), change=change)
    page = open_page(owner, width=width, dark=dark, language="en" if dark else "zh-CN")
    for place, (name, address) in enumerate(pages_of(resource, record, owner)):
        if not FULL and place % 2 != dark:
            continue
        page.goto(address)
        assert axe_faults(page) == [], address
        assert too_wide(page) <= 0, address
        if FULL:
            look(page, f"{resource.key}-{name}-{width}{'-dark' if dark else ''}")
        if width < 600:
            assert covered(page) == [], address
            page.set_viewport_size({"width": NARROWEST, "height": 640})
            assert too_wide(page) <= 0, f"{address} at {NARROWEST}"
            page.set_viewport_size({"width": width, "height": 844})


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_pages_of_no_resource_are_clean(open_page, owner, watch, width, dark):
    watch.expected.add(404)
    page = open_page(owner, width=width, dark=dark)
    for name, address in [
        ("home", reverse("account:home")),
        ("search", "/search/?q=zz"),
        ("gone", "/customers/999999/"),
    ]:
        page.goto(address)
        assert axe_faults(page) == [], address
        assert too_wide(page) <= 0, address
        look(page, f"{name}-{width}{'-dark' if dark else ''}")
