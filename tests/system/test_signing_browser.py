"""The door in a real browser: in, refused, and an ended session that loses nothing."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.accounts.models import Session, SignIn
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import LOOKS
from tests.system.door import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RIGHTS = [f"customers.{verb}_customer" for verb in ("view", "create", "edit")]


@pytest.fixture
def person(transactional_db):
    with cast.change() as change:
        fill_dictionary(change=change)
    return make_person("lisiyuan", *RIGHTS, real_name="李思远")


def knock(page, password=PASSWORD, username="lisiyuan"):
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main .btn-p")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_the_door_refuses_and_lets_in(open_page, person, watch, width, dark, language):
    watch.expected.add(429)
    make_person("gone", is_active=False)
    page = open_page(width=width, dark=dark, language=language)
    page.goto("/customers/?q=x")
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    expect(page.locator("[name=username]")).to_be_focused()
    name = f"sign-in-{width}{'-dark' if dark else ''}-{language}"
    look(page, name)
    assert axe_faults(page) == []
    for username, password in [("lisiyuan", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)]:
        knock(page, password, username)
        wrong = "用户名或密码不正确" if language == "zh-CN" else "The user name or the password is wrong"
        expect(page.locator(".err")).to_contain_text(wrong)
        expect(page.locator("[name=username]")).to_have_value(username)
        expect(page.locator("[name=password]")).to_be_focused()
    look(page, f"{name}-refused")
    assert axe_faults(page) == []
    page.check("[name=remember]")
    knock(page)
    expect(page).to_have_url(re.compile(r"/customers/\?q=x$"))
    assert Session.objects.get().remembered
    assert SignIn.objects.count() == 4


def test_the_password_is_shown_and_the_language_chosen_before_signing_in(open_page, person):
    page = open_page()
    page.goto("/login/?next=/search/")
    page.fill("[name=password]", "abc")
    page.click("[data-act=show-password]")
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.click("button[value=en]")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page).to_have_url(re.compile("next=/search/"))
    page.click("text=Forgot the password?")
    expect(page.locator("text=Ask your administrator")).to_be_visible()
    look(page, "sign-in-forgot")
    assert axe_faults(page) == []


def test_it_works_without_script(open_page, person):
    page = open_page(script=False)
    page.goto("/customers/")
    knock(page, "wrong")
    expect(page.locator(".err")).to_be_visible()
    knock(page)
    expect(page).to_have_url(re.compile("/customers/$"))


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_an_ended_session_in_the_middle_of_a_form_loses_nothing(open_page, person, watch, width, dark, language):
    watch.expected.add(401)
    page = open_page(person, width=width, dark=dark, language=language)
    page.goto("/customers/")
    page.click("#create")
    page.fill("#drawer [name=name]", "杭州云栖智造科技有限公司")
    page.fill("#drawer [name=phone]", "0571-88886666")
    Session.objects.all().delete()
    page.locator("#drawer .drw-f .btn-p").click()
    box = page.locator("#signin")
    expect(box.locator("[name=username]")).to_have_value("lisiyuan")
    expect(box.locator("[name=password]")).to_be_focused()
    look(page, f"sign-in-again-{width}{'-dark' if dark else ''}-{language}")
    assert axe_faults(page) == []
    assert not Customer.objects.exists()
    box.locator("[name=password]").fill("wrong")
    box.locator(".btn-p").click()
    expect(box.locator(".err")).to_be_visible()
    expect(page.locator("#drawer [name=name]")).to_have_value("杭州云栖智造科技有限公司")
    box.locator("[name=password]").fill(PASSWORD)
    box.locator(".btn-p").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    customer = Customer.objects.get()
    assert (customer.name, customer.created_by) == ("杭州云栖智造科技有限公司", person)
    assert customer.phone.startswith("0571")


def test_a_sign_in_in_another_tab_keeps_the_waiting_form_good(open_page, person, watch):
    watch.expected |= {401, 403}
    page = open_page(person)
    page.goto("/customers/")
    page.click("#create")
    page.fill("#drawer [name=name]", "杭州云栖")
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/login/")
    knock(other)
    expect(other.locator("h1")).to_contain_text("李思远")
    page.locator("#drawer .drw-f .btn-p").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    assert Customer.objects.get().name == "杭州云栖"


def test_what_waits_is_not_sent_in_somebody_elses_name(open_page, person, watch):
    watch.expected |= {401, 403}
    make_person("wangruoxi", *RIGHTS)
    page = open_page(person)
    page.goto("/customers/")
    page.click("#create")
    page.fill("#drawer [name=name]", "杭州云栖")
    Session.objects.all().delete()
    page.locator("#drawer .drw-f .btn-p").click()
    box = page.locator("#signin")
    box.locator("[name=username]").fill("wangruoxi")
    box.locator("[name=password]").fill(PASSWORD)
    box.locator(".btn-p").click()
    expect(page.locator(".toast.bad")).to_be_visible()
    expect(page.locator("#drawer [name=name]")).to_have_value("杭州云栖")
    with page.expect_response("/customers/new/") as answer:
        page.locator("#drawer .drw-f .btn-p").click()
    assert answer.value.status == 403
    assert not Customer.objects.exists()


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_the_pages_of_the_person(open_page, person, width, dark, language):
    page = open_page(width=width, dark=dark, language=language)
    page.goto("/account/profile/")
    knock(page)
    for part in ("profile", "password", "sessions"):
        page.goto(f"/account/{part}/")
        look(page, f"account-{part}-{width}{'-dark' if dark else ''}-{language}")
        assert axe_faults(page) == [], part
    page.goto("/account/password/")
    page.fill("[name=old]", PASSWORD)
    page.fill("[name=new]", "another-good-sentence-8")
    page.fill("[name=confirm]", "another-good-sentence-9")
    page.click(".drw-f .btn-p")
    expect(page.locator("#id_confirm_error")).to_be_visible()
    look(page, f"account-password-{width}{'-dark' if dark else ''}-{language}-refused")
    for name, text in {"old": PASSWORD, "new": "another-good-sentence-8", "confirm": "another-good-sentence-8"}.items():
        page.fill(f"[name={name}]", text)
    page.click(".drw-f .btn-p")
    expect(page.locator("[data-toast]")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("李思远")
