"""The style guide in Chromium: every component, clean under the policy and for everyone to use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.template import engines
from playwright.sync_api import Page, expect

from tests.cast import make_user
from tests.chromium import axe_faults, look
from tests.full import SCREENS

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


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_component_is_clean(guide: Callable[..., Page], width: int, dark: bool) -> None:
    page = guide(width=width, dark=dark)
    look(page, f"styleguide-{width}-{'dark' if dark else 'light'}")
    assert axe_faults(page) == []


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_a_page_without_the_shell_is_clean(guide: Callable[..., Page], width: int, dark: bool) -> None:
    page = guide(width=width, dark=dark)
    page.goto("/styleguide/?part=plain")
    look(page, f"plain-{width}-{'dark' if dark else 'light'}")
    assert axe_faults(page) == []
    page.fill("#password", "secret")
    page.click("[data-act=show-password]")
    assert page.get_attribute("#password", "type") == "text"


def test_nothing_scrolls_sideways_at_320(guide: Callable[..., Page]) -> None:
    page = guide(width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_picker_follows_the_keys(guide: Callable[..., Page]) -> None:
    page = guide()
    box = page.locator("#page_manager-box")
    box.fill("王")
    expect(page.locator("#page_manager-list [role=option]")).to_have_text(["王若溪"])
    box.press("Enter")
    expect(box).to_have_value("王若溪")
    assert page.input_value("select#page_manager") == "2"
    box.fill("")
    box.press("Tab")
    assert page.input_value("select#page_manager") == ""


def test_the_picker_waits_for_an_input_method(guide: Callable[..., Page]) -> None:
    page = guide()
    asked: list[str] = []
    page.on("request", lambda request: "options" in request.url and asked.append(request.url))
    box = page.locator("#page_manager-box")
    box.focus()
    box.evaluate(
        """box => {
          box.value = "wang";
          box.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
          box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true}));
        }"""
    )
    page.wait_for_timeout(400)
    assert asked == []
    box.evaluate('box => { box.value = "王"; box.dispatchEvent(new CompositionEvent("compositionend")); }')
    expect(page.locator("#page_manager-list [role=option]")).to_have_text(["王若溪"])


def test_a_form_with_typing_asks_once_before_it_goes(guide: Callable[..., Page]) -> None:
    page = guide()
    page.click("#open-drawer")
    drawer = page.locator("#drawer")
    expect(drawer.locator("[name=name]")).to_be_focused()
    page.keyboard.type("云栖")
    page.keyboard.press("Escape")
    expect(page.locator("#confirm")).to_be_visible()
    assert axe_faults(page) == []
    page.click("#confirm-no")
    expect(drawer.locator("[name=name]")).to_have_value("云栖")
    drawer.locator("[data-act=close-drawer]").first.click()
    page.click("#confirm-yes")
    expect(drawer).not_to_be_visible()
    expect(page.locator("#open-drawer")).to_be_focused()
    assert "panel" not in page.url


def test_a_lost_connection_keeps_what_was_typed(guide: Callable[..., Page], watch: Any) -> None:
    page = guide()
    page.click("#open-drawer")
    page.fill("#drawer [name=email]", "x")
    page.route("**/styleguide/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.click("#drawer .btn-p")
    expect(page.locator("#redbar")).to_be_visible()
    watch.faults[:] = [fault for fault in watch.faults if "ERR_FAILED" not in fault and "Failed to fetch" not in fault]
    page.unroute("**/styleguide/")
    page.click("#redbar [data-act=retry]")
    expect(page.locator("#drawer .err").first).to_be_visible()
    expect(page.locator("#drawer [name=email]")).to_have_value("x")
    expect(page.locator("#redbar")).not_to_be_visible()


def test_an_ended_session_asks_for_the_password_and_sends_again(guide: Callable[..., Page], watch: Any) -> None:
    watch.expected.add(401)
    page = guide()
    page.click("#open-drawer")
    page.fill("#drawer [name=email]", "x")
    form = "<form method='post' action='/again/'><label>Password <input type='password' name='p'></label><button>Go</button></form>"
    page.route("**/styleguide/", lambda route: route.fulfill(status=401, body=form))
    headers = {"X-CSRFToken": "new", "X-Signed-In": page.locator("body").get_attribute("data-me") or ""}
    page.route("**/again/", lambda route: route.fulfill(status=204, headers=headers))
    page.click("#drawer .btn-p")
    expect(page.locator("#signin")).to_be_visible()
    page.route("**/styleguide/", lambda route: route.fulfill(status=204))
    page.fill("#signin [name=p]", "secret")
    with page.expect_request(lambda request: request.method == "POST" and "styleguide" in request.url) as sent:
        page.click("#signin button")
    assert sent.value.headers["x-csrftoken"] == "new"
    assert "email=x" in (sent.value.post_data or "")


def test_a_refused_request_says_so_in_a_toast(guide: Callable[..., Page], watch: Any) -> None:
    watch.expected.add(403)
    page = guide()
    page.route(
        "**part=form", lambda route: route.fulfill(status=403, body="<!doctype html><title>403</title><h1>No</h1>")
    )
    page.click("#open-drawer")
    expect(page.locator(".toast.bad")).to_be_visible()
    expect(page.locator("#drawer")).not_to_be_visible()
    page.wait_for_function("!location.hash")


def test_dangerous_acts_are_confirmed(guide: Callable[..., Page]) -> None:
    page = guide()
    page.click("#confirm-sample button")
    expect(page.locator("#confirm-no")).to_be_focused()
    expect(page.locator("#confirm-yes")).to_have_text("删除 3 个客户")
    page.keyboard.press("Escape")
    expect(page.locator("#confirm")).not_to_be_visible()
    with page.expect_navigation():
        page.click("#confirm-sample button")
        page.click("#confirm-yes")


def test_order_lines_add_up(guide: Callable[..., Page]) -> None:
    page = guide()
    expect(page.locator("[data-total]")).to_have_text("286,400.00")
    page.locator("[name='lines-0-quantity']").press("Enter")
    page.fill("[name='lines-1-quantity']", "２")
    page.fill("[name='lines-1-unit_price']", "1,000.10")
    expect(page.locator("[data-total]")).to_have_text("288,400.20")
    page.locator("[data-act=drop-line]").first.click()
    expect(page.locator("[data-total]")).to_have_text("2,000.20")
    page.fill("[name='lines-1-discount']", "5000")
    expect(page.locator("[data-total]")).to_have_text("0.00")
    assert "-" not in page.locator("[data-amount]").last.inner_text()


def test_boxes_of_a_tree_stand_for_what_hangs_below(guide: Callable[..., Page]) -> None:
    page = guide()
    head = page.locator("[data-tree] > li").first.locator(".tn .ck").first
    assert head.evaluate("box => box.indeterminate")
    head.click()
    assert page.locator("[data-tree] > li").first.locator(".ck:not(:checked)").count() == 0


def test_keys_act_unless_somebody_types(guide: Callable[..., Page]) -> None:
    page = guide()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.keyboard.press("/")
    expect(page.locator("[data-search]").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


@pytest.mark.parametrize("prefix", ["", "__Host-"])
def test_theme_density_and_menu_stay_as_chosen(
    guide: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    """A neighbour's cookie counts for nothing where the names bind ours to this host."""
    env: Any = engines["jinja2"]
    monkeypatch.setitem(env.env.globals, "cookie_prefix", prefix)
    page = guide()
    page.locator(".top details summary").click()
    page.click("[data-act=theme][data-value=dark]")
    page.click("[data-act=density][data-value=compact]")
    page.keyboard.press("Escape")
    page.click("[data-act=side]")
    cookies = {one["name"]: (one["secure"], one["path"]) for one in page.context.cookies() if "guanxi_" in one["name"]}
    assert cookies == {f"{prefix}guanxi_{name}": (bool(prefix), "/") for name in ("theme", "density", "side")}
    if prefix:
        page.evaluate("document.cookie = 'guanxi_theme=light;path=/'")
    page.reload()
    assert page.evaluate("({...document.documentElement.dataset})") == {
        "wish": "dark",
        "cookies": prefix,
        "theme": "dark",
        "density": "compact",
        "side": "narrow",
    }


@pytest.mark.parametrize("width", [1440, 1100, 390])
def test_the_menu_of_the_person_is_in_sight(guide: Callable[..., Page], width: int) -> None:
    page = guide(width=width)
    if width < 1024:
        page.click(".tabbar a[href='#side']")
    page.click(".me")
    menu = page.locator(".side details[open] .pop-b")
    box = menu.bounding_box()
    assert box
    assert box["width"] >= 200
    assert menu.evaluate(
        "menu => { const {right, top, height} = menu.getBoundingClientRect();"
        " return menu.contains(document.elementFromPoint(right - 12, top + height / 2)); }"
    )
    assert axe_faults(page) == []


def test_a_toast_offers_to_undo(guide: Callable[..., Page]) -> None:
    page = guide()
    page.evaluate("crm.toast({text: '已删除 3 个客户', undo: {url: '/styleguide/', label: '撤销'}})")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("已删除 3 个客户")
    assert axe_faults(page) == []
    with page.expect_request(lambda request: request.method == "POST"):
        toast.get_by_text("撤销").click()
    expect(toast).to_have_count(0)
