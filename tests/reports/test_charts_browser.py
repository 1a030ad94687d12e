"""Charts in a real browser: drawn under the strict policy, in both themes, and followed by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.chromium import axe_faults, look
from tests.full import SCREENS

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ["bar", "across", "pie", "line", "funnel", "pareto"]


@pytest.fixture
def page_of(open_page, settings):
    """`page_of(width=…)`: the page of sample charts, all drawn."""
    settings.ROOT_URLCONF = "tests.reports.sample_pages"
    owner = cast.make_user("owner", holds_all=True)

    def opened(**options):
        page = open_page(owner, **options)
        page.goto("/sample-charts/")
        if options.get("script", True):
            page.locator("[data-drawn] canvas").nth(5).wait_for()
        return page

    return opened


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_kind_is_drawn_and_hovering_breaks_no_policy(page_of, width, dark):
    page = page_of(width=width, dark=dark)
    for kind in KINDS:
        page.locator(f"#chart-{kind} canvas").first.hover()
    assert axe_faults(page) == []
    look(page, f"charts-{width}-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chart_takes_the_colours_of_the_theme(page_of):
    page = page_of()
    assert page.locator("[data-drawn=light]").count() == 6
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.locator("[data-drawn=dark]").nth(5).wait_for()


def test_a_click_on_a_mark_follows_its_link(page_of):
    page = page_of()
    box = page.locator("#chart-across canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 20)
    page.wait_for_url("**/customers/?level=1")


def test_the_table_is_reached_by_keyboard_and_leads_to_the_same_rows(page_of):
    page = page_of()
    table = page.locator("#chart-across [data-table]")
    assert not table.is_visible()
    page.locator("#chart-across [data-as=table]").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert not page.locator("#chart-across canvas").first.is_visible()
    assert axe_faults(page, "#chart-across") == []
    page.locator("#chart-across a").nth(1).press("Enter")
    page.wait_for_url("**/customers/?level=2")


def test_a_share_of_a_pie_is_rounded_as_in_the_table(page_of):
    page = page_of()
    page.locator("#chart-pie canvas").first.wait_for()
    said = page.evaluate(
        """() => echarts.getInstanceByDom(document.querySelector("#chart-pie canvas").closest("[_echarts_instance_]"))
          .getOption().series[0].label.formatter({ value: 3, percent: 29.9 })"""
    )
    assert said == "30.0%"


def test_it_is_saved_as_a_picture(page_of):
    page = page_of()
    with page.expect_download() as saved:
        page.locator("#chart-pie [data-act=chart-save]").click()
    assert saved.value.suggested_filename == "客户构成.png"
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_it_follows_the_width_of_its_card(page_of):
    page = page_of()
    canvas = page.locator("#chart-bar canvas").first
    before = canvas.bounding_box()["width"]
    page.set_viewport_size({"width": 700, "height": 900})
    expect(canvas).not_to_have_css("width", f"{before:.0f}px")
    assert canvas.bounding_box()["width"] < 700


def test_without_script_the_table_says_it_all(page_of):
    page = page_of(script=False)
    assert page.locator("#chart-pareto [data-table]").is_visible()
    assert "76.1%" in page.locator("#chart-pareto").inner_text()
    assert page.locator(".js-only").first.is_hidden()
