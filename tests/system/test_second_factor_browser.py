"""Two-factor codes in a real browser: set up, out, in by code, in by recovery code; required; asked again."""

import re

import pytest
import segno
from playwright.sync_api import Page, expect

from guanxi.accounts.models import RecoveryCode, Session, User
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import LOOKS
from tests.system.company import prepare
from tests.system.door import PASSWORD, RECOVERY, code_of, guard_by_codes, make_person, wait_long

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def knock(page: Page, username: str = "lisiyuan") -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-p")


def enter(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.click("main .btn-p")


def leave(page: Page) -> None:
    page.context.request.post("/logout/", headers=token_of(page))
    page.context.clear_cookies(name=re.compile("sessionid"))


def token_of(page: Page) -> dict[str, str]:
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    return {"X-CSRFToken": token or "", "Referer": page.url}


def check(page: Page, name: str) -> None:
    look(page, name)
    assert axe_faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "the page scrolls sideways"


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_set_up_sign_out_and_in_by_a_code_and_by_a_recovery_code(open_page, transactional_db, width, dark, language):
    make_person(real_name="李思远")
    name = f"codes-{width}{'-dark' if dark else ''}-{language}"
    page = open_page(width=width, dark=dark, language=language)
    page.goto("/login/?next=/account/second-factor/")
    knock(page)
    expect(page.locator("#secret")).to_be_visible()
    check(page, f"{name}-set-up")
    secret = page.locator("#secret").inner_text()
    page.fill("#id_code", "000000")
    page.click("main .drw-f .btn-p")
    expect(page.locator("#id_code_error")).to_be_visible()
    expect(page.locator("#secret")).to_have_text(secret)
    check(page, f"{name}-refused")
    page.fill("#id_code", code_of(secret))
    page.click("main .drw-f .btn-p")
    expect(page.locator("#codes li")).to_have_count(10)
    check(page, f"{name}-recovery")
    codes = page.locator("#codes li").all_inner_texts()
    page.click("#recovery .btn-p")
    expect(page.locator("#turn-off")).to_be_visible()
    check(page, f"{name}-on")

    leave(page)
    page.goto("/search/?q=x")
    knock(page)
    expect(page).to_have_url(re.compile(r"/login/code/\?next=%2Fsearch"))
    expect(page.locator("[name=code]")).to_be_focused()
    check(page, f"{name}-code")
    enter(page, "000000")
    expect(page.locator(".err")).to_be_visible()
    expect(page.locator("[name=code]")).to_be_focused()
    check(page, f"{name}-code-refused")
    enter(page, code_of(secret, steps=1))
    expect(page).to_have_url(re.compile(r"/search/\?q=x$"))

    leave(page)
    page.goto("/login/")
    knock(page)
    enter(page, codes[0])
    expect(page.locator(".toast.warn")).to_contain_text("9")
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    page.goto("/account/second-factor/off/")
    check(page, f"{name}-off")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", codes[1])
    page.click("main .drw-f .btn-p")
    expect(page.locator("#secret")).to_be_visible()
    assert User.objects.get().second_factor_since is None


def test_the_key_is_the_one_in_the_picture(open_page, transactional_db):
    """The dark squares of the page are those of a QR code of the address with the key that stands below it."""
    person = make_person()
    page = open_page(person)
    page.goto("/account/second-factor/")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    path = page.locator("main svg path").get_attribute("d")
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", path or "")}
    assert drawn == dark_squares(f"otpauth://totp/Guanxi:lisiyuan?secret={secret}&issuer=Guanxi")


def dark_squares(text: str) -> set[tuple[int, int]]:
    rows = segno.make(text, micro=False).matrix_iter(border=4)
    return {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}


def test_a_role_that_requires_them_leads_there_first(open_page, transactional_db):
    person = make_person()
    with cast.change() as change:
        change.update(person.roles.get(), second_factor=True)
    page = open_page()
    page.goto("/")
    knock(page)
    expect(page).to_have_url(re.compile("/account/second-factor/$"))
    expect(page.locator("main .notice.warn")).to_be_visible()
    look(page, "codes-required")
    page.goto("/search/?q=x")
    expect(page).to_have_url(re.compile("/account/second-factor/$"))
    page.fill("#id_code", code_of(page.locator("#secret").inner_text()))
    page.click("main .drw-f .btn-p")
    page.click("#recovery .btn-p")
    page.goto("/search/?q=x")
    expect(page).to_have_url(re.compile("/search/"))


def test_it_works_without_script(open_page, transactional_db):
    page = open_page(script=False)
    make_person()
    page.goto("/login/?next=/account/second-factor/")
    knock(page)
    secret = page.locator("#secret").inner_text()
    page.fill("#id_code", code_of(secret))
    page.click("main .drw-f .btn-p")
    expect(page.locator("#codes li")).to_have_count(10)
    page.click(".me")
    page.context.clear_cookies(name="sessionid")
    page.goto("/search/")
    knock(page)
    enter(page, code_of(secret, steps=1))
    expect(page).to_have_url(re.compile("/search/$"))


def test_a_half_written_form_outlives_an_ended_session_through_both_steps(open_page, transactional_db, watch):
    watch.expected.add(401)
    with cast.change() as change:
        fill_dictionary(change=change)
    person = make_person("lisiyuan", *(f"customers.{verb}_customer" for verb in ("view", "create", "edit")))
    guard_by_codes(person)
    page = open_page(person, language="en")
    page.goto("/customers/new/")
    page.fill("#id_name", "云栖智造")
    Session.objects.all().delete()
    page.click("main .drw-f .btn-p")
    dialog = page.locator("#signin")
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator(".btn-p").click()
    expect(dialog.locator("[name=code]")).to_be_focused()
    look(page, "codes-dialog")
    assert axe_faults(page) == []
    dialog.locator("[name=code]").fill("000000")
    dialog.locator(".btn-p").click()
    expect(dialog.locator(".err")).to_be_visible()
    dialog.locator("[name=code]").fill(code_of())
    dialog.locator(".btn-p").click()
    expect(page).to_have_url(re.compile(r"/customers/\d+/"))
    assert Customer.objects.get().name == "云栖智造"


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_a_grave_step_asks_again_in_a_dialog_and_on_a_page(open_page, transactional_db, watch, width, dark, language):
    watch.expected.add(401)
    prepare()
    boss, seller = make_person("boss", holds_all=True), make_person("seller", real_name="王若溪")
    wait_long(boss)
    name = f"prove-{width}{'-dark' if dark else ''}-{language}"
    page = open_page(boss, width=width, dark=dark, language=language)
    wait_long(boss)
    page.goto(f"/system/users/{seller.pk}/edit/")
    page.fill("#id_real_name", "王若曦")
    page.click("main .drw-f .btn-p")
    dialog = page.locator("#signin")
    expect(dialog.locator("[name=proof]")).to_be_focused()
    look(page, f"{name}-dialog")
    assert axe_faults(page) == []
    dialog.locator("[name=proof]").fill("wrong")
    dialog.locator(".btn-p").click()
    expect(dialog.locator(".err")).to_be_visible()
    dialog.locator("[name=proof]").fill(PASSWORD)
    dialog.locator(".btn-p").click()
    expect(page).to_have_url(re.compile(rf"/system/users/{seller.pk}/$"))
    seller.refresh_from_db()
    assert seller.real_name == "王若曦"

    wait_long(boss)
    role = seller.roles.get()
    page.goto(f"/system/roles/{role.pk}/")
    page.select_option("#id_scope", "all")
    page.click("main .form-f .btn-p")
    expect(page.locator("[name=proof]")).to_be_visible()
    check(page, f"{name}-page")
    page.fill("main [name=proof]", PASSWORD)
    page.click("main .drw-f .btn-p")
    page.click("#confirm-grants")
    expect(page).to_have_url(re.compile(rf"/system/roles/{role.pk}/$"))
    role.refresh_from_db()
    assert role.scope == "all"


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_the_settings_hold_at_the_next_page(open_page, transactional_db, width, dark, language):
    person = make_person(real_name="李思远")
    page = open_page(person, width=width, dark=dark, language=language)
    page.goto("/account/profile/")
    check(page, f"profile-{width}{'-dark' if dark else ''}-{language}")
    page.select_option("#id_theme", "light" if dark else "dark")
    page.select_option("#id_density", "compact")
    page.select_option("#id_time_zone", "America/New_York")
    page.uncheck("#id_shortcuts")
    page.click("main .drw-f .btn-p")
    expect(page.locator(".toast")).to_be_visible()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light" if dark else "dark")
    expect(root).to_have_attribute("data-density", "compact")
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_be_visible()
    assert axe_faults(page) == []


def test_a_recovery_code_opens_where_the_app_is_lost(open_page, transactional_db):
    guard_by_codes(make_person())
    page = open_page(language="en")
    page.goto("/login/")
    knock(page)
    page.click("text=Lost the codes?")
    expect(page.locator("text=ask your administrator")).to_be_visible()
    look(page, "codes-lost")
    enter(page, RECOVERY[0])
    expect(page.locator(".toast.warn")).to_contain_text("1 is left")
