import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from guanxi.accounts.devices import cookie_name
from guanxi.accounts.limits import WINDOW
from guanxi.accounts.models import Session, SignIn
from guanxi.history.models import ChangeSet
from tests import cast
from tests.system.door import PASSWORD, key_of, knock, make_person


def text_of(answer):
    return answer.content.decode()


pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ZH = {"Accept-Language": "zh-CN"}
EN = {"Accept-Language": "en"}


@pytest.fixture
def person():
    return make_person(email="li@example.com")


class TestTheDoor:
    @pytest.mark.parametrize("name", ["lisiyuan", "LISIYUAN", "li@example.com"])
    def test_name_or_e_mail_and_password_let_in(self, client, person, name):
        answer = knock(client, name)
        assert (answer.status_code, answer["Location"]) == (303, "/")
        assert client.get("/").status_code == 200
        row = Session.objects.get()
        assert (row.user, row.address, row.remembered) == (person, "127.0.0.1", False)

    def test_it_says_in_both_languages_what_is_wrong(self, client, person):
        english = knock(client, password="wrong", headers=EN)
        chinese = knock(client, password="wrong", headers=ZH)
        assert (english.status_code, chinese.status_code) == (422, 422)
        assert "The user name or the password is wrong. 9 more tries." in english.content.decode()
        assert "用户名或密码不正确。" in chinese.content.decode()
        assert b'value="lisiyuan"' in english.content
        assert b"wrong&quot;" not in english.content

    def test_nobody_learns_who_exists(self, person):
        make_person("gone", is_active=False)
        tries = [("nobody", "x"), ("lisiyuan", "x"), ("gone", "x"), ("gone", PASSWORD)]
        answers = []
        for number, (name, password) in enumerate(tries):
            with time_machine.travel(timezone.now() + number * WINDOW, tick=False):
                answers.append((name, knock(Client(), name, password, headers=EN)))
        assert {answer.status_code for _name, answer in answers} == {422}
        assert len({tuple(sorted(answer.headers)) for _name, answer in answers}) == 1
        texts = {re.sub(r'value="[A-Za-z0-9]{64}"', "", text_of(answer)).replace(name, "") for name, answer in answers}
        assert len(texts) == 1
        assert not Session.objects.exists()

    @pytest.mark.parametrize("typed", [{"username": "", "password": "x"}, {"username": "x", "password": ""}, {}])
    def test_an_empty_form_is_said_to_be_one(self, client, typed):
        answer = client.post("/login/", typed, headers=EN)
        assert answer.status_code == 422
        assert "Enter your user name and your password." in answer.content.decode()
        assert not SignIn.objects.exists()

    def test_a_nul_or_a_giant_name_is_refused_politely(self, client):
        assert knock(client, "a\0b").status_code == 400
        assert knock(client, "x" * 10_000).status_code == 422
        assert knock(client, "lisiyuan", "p" * 10_000).status_code == 422

    def test_who_is_in_already_goes_on(self, client, person):
        knock(client)
        assert client.get("/login/?next=/search/")["Location"] == "/search/"

    def test_a_forged_form_is_refused(self, person):
        answer = knock(Client(enforce_csrf_checks=True))
        assert answer.status_code == 403
        assert not SignIn.objects.exists()


class TestNext:
    def test_the_way_back_is_kept_through_a_refusal(self, client, person):
        away = client.get("/search/?q=x")
        assert away["Location"] == "/login/?next=%2Fsearch%2F%3Fq%3Dx"
        refused = knock(client, password="wrong", path=away["Location"], next="/search/?q=x")
        assert 'name="next" value="/search/?q=x"' in refused.content.decode()
        assert knock(client, next="/search/?q=x")["Location"] == "/search/?q=x"

    @pytest.mark.parametrize(
        "next_url",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "http:///evil.example",
            "\thttps://evil.example",
        ],
    )
    def test_no_way_leads_off_the_site(self, client, person, next_url):
        assert knock(client, next=next_url)["Location"] == "/"
        assert client.get("/login/", {"next": next_url})["Location"] == "/"
        assert client.post("/language/", {"language": "en", "next": next_url})["Location"] == "/"

    def test_a_sent_form_leads_back_to_its_page(self, client):
        away = client.post("/customers/new/", {"name": "x"}, headers={"Referer": "http://testserver/customers/?q=1"})
        assert away["Location"] == "/login/?next=%2Fcustomers%2F%3Fq%3D1"
        away = client.post("/customers/new/", {"name": "x"}, headers={"Referer": "https://evil.example/a"})
        assert away["Location"] == "/login/?next=%2F"


class TestSessions:
    def test_without_remember_me_the_cookie_ends_with_the_browser(self, client, person):
        knock(client)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_with_remember_me_it_lasts_seven_days_and_no_longer(self, client, person):
        began = timezone.now()
        knock(client, remember="on")
        assert 7 * 86_400 - 60 < client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 7 * 86_400
        assert Session.objects.get().remembered
        with time_machine.travel(began + timedelta(days=6, hours=23), tick=False):
            assert client.get("/").status_code == 200
        client.cookies[settings.SESSION_COOKIE_NAME]["expires"] = ""
        with time_machine.travel(began + timedelta(days=7, minutes=1), tick=False):
            assert client.get("/").status_code == 302

    def test_twelve_idle_hours_end_it_and_use_prolongs_it(self, client, person):
        began = timezone.now()
        knock(client)
        with time_machine.travel(began + timedelta(hours=11), tick=False):
            assert client.get("/").status_code == 200
        with time_machine.travel(began + timedelta(hours=22, minutes=59), tick=False):
            assert client.get("/").status_code == 200
        knock(client)
        with time_machine.travel(began + timedelta(hours=12, minutes=1), tick=False):
            away = client.get("/")
            assert away["Location"] == "/login/?next=%2F&ended=1"
            assert "Your session has ended" in client.get(away["Location"], headers=EN).content.decode()

    def test_a_day_ends_it_however_much_it_is_used(self, client, person):
        began = timezone.now()
        knock(client)
        for hours in (11, 22, 23):
            with time_machine.travel(began + timedelta(hours=hours), tick=False):
                assert client.get("/").status_code == 200
        with time_machine.travel(began + timedelta(hours=24, minutes=1), tick=False):
            typed = client.post("/account/profile/", {"real_name": "x"}, headers=HTMX | EN)
            assert typed.status_code == 401
            assert "What you typed is still here" in typed.content.decode()
            away = client.get("/account/profile/")
            assert away["Location"] == "/login/?next=%2Faccount%2Fprofile%2F&ended=1"
            said = client.get(away["Location"], headers=EN).content.decode()
            assert "Your session has ended. Sign in again, and you come back to where you were." in said
            assert knock(client).status_code == 303
            assert client.get("/").status_code == 200

    def test_reading_pages_does_not_write_the_session(self, client, person):
        knock(client)
        client.get("/")
        before = Session.objects.values().get()
        with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
            client.get("/")
        assert Session.objects.values().get() == before

    def test_a_planted_session_is_worth_nothing_after_the_sign_in(self, person):
        attacker = Client()
        knock(attacker)
        make_person("victim")
        victim = Client()
        victim.cookies[settings.SESSION_COOKIE_NAME] = key_of(attacker)
        assert knock(victim, "victim").status_code == 303
        assert key_of(victim) != key_of(attacker)
        assert attacker.get("/").status_code == 302

    def test_a_key_of_ones_own_making_is_not_taken(self, client, person):
        client.cookies[settings.SESSION_COOKIE_NAME] = "a-key-of-my-own-choice-1234"
        knock(client)
        assert key_of(client) != "a-key-of-my-own-choice-1234"

    def test_the_key_of_a_strangers_session_changes_when_they_sign_in(self, client, person):
        session = client.session
        session["colour"] = "blue"
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        knock(client)
        assert key_of(client) != session.session_key
        old = Client()
        old.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        assert old.get("/").status_code == 302

    def test_signing_out_ends_it_on_the_server(self, client, person):
        knock(client)
        key = key_of(client)
        assert client.get("/logout/").status_code == 405
        assert client.get("/").status_code == 200
        assert client.post("/logout/")["Location"] == "/login/"
        assert not Session.objects.exists()
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert thief.get("/").status_code == 302
        assert client.post("/logout/")["Location"] == "/login/"

    def test_a_disabled_user_is_out_at_once(self, client, person):
        knock(client)
        with cast.change() as change:
            change.update(person, is_active=False)
        assert client.get("/").status_code == 302
        assert client.get("/", headers=HTMX).status_code == 401


class TestLimits:
    def test_too_many_failures_stop_strangers_and_not_the_owners_browser(self, person):
        at = timezone.now()
        own = Client()
        with time_machine.travel(at, tick=False):
            knock(own)
            own.post("/logout/")
            stranger = Client()
            for number in range(12):
                with time_machine.travel(at + timedelta(seconds=50 * number), tick=False):
                    answer = knock(stranger, password="x", headers=EN)
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "Too many failed attempts." in answer.content.decode()
        with time_machine.travel(at + timedelta(minutes=11), tick=False):
            assert knock(stranger).status_code == 429
            assert knock(own).status_code == 303
        with time_machine.travel(at + WINDOW + timedelta(minutes=1), tick=False):
            assert knock(stranger).status_code == 303

    def test_a_hurried_guesser_is_told_to_wait(self, client, person):
        with time_machine.travel(timezone.now(), tick=False):
            for _turn in range(5):
                knock(client, password="x")
            answer = knock(client, headers=EN)
        assert (answer.status_code, answer["Retry-After"]) == (429, "2")
        assert "Wait 2 seconds" in answer.content.decode()

    def test_the_device_cookie_is_not_for_scripts(self, client, person):
        knock(client)
        cookie = client.cookies[cookie_name()]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert "lisiyuan" not in cookie.value

    def test_every_attempt_is_in_the_log(self, client, person):
        knock(client, "LiSiYuan", "x", headers={"User-Agent": "Firefox"})
        knock(client)
        rows = list(SignIn.objects.order_by("id").values_list("username", "user", "outcome", "address", "agent"))
        assert rows == [
            ("LiSiYuan", person.pk, "wrong", "127.0.0.1", "Firefox"),
            ("lisiyuan", person.pk, "success", "127.0.0.1", ""),
        ]


class TestSignInAgain:
    def test_htmx_is_told_with_a_small_form(self, client):
        answer = client.post("/customers/new/", {"name": "x"}, headers=HTMX | EN)
        assert answer.status_code == 401
        text = answer.content.decode()
        assert "<html" not in text
        assert 'action="/login/"' in text
        assert 'name="csrfmiddlewaretoken"' in text

    def test_the_small_form_lets_in_and_renews_the_waiting_pages_token(self, person):
        browser = Client(enforce_csrf_checks=True)
        browser.get("/login/")
        old = browser.cookies["csrftoken"].value
        refused = knock(browser, password="x", csrfmiddlewaretoken=old, headers=HTMX | EN)
        assert refused.status_code == 422
        assert "<html" not in refused.content.decode()
        assert "is wrong" in refused.content.decode()
        answer = knock(browser, csrfmiddlewaretoken=old, headers=HTMX)
        assert (answer.status_code, answer["X-Signed-In"]) == (204, str(person.pk))
        assert browser.post("/logout/", {"csrfmiddlewaretoken": old}).status_code == 403
        assert browser.post("/logout/", {"csrfmiddlewaretoken": answer["X-CSRFToken"]}).status_code == 303

    def test_an_old_token_of_a_waiting_page_is_renewed_for_the_same_person(self, person):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(person)
        stale = browser.post("/account/sessions/end/", headers=HTMX)
        assert (stale.status_code, stale["X-Signed-In"], stale.content) == (403, str(person.pk), b"")
        again = browser.post("/account/sessions/end/", headers=HTMX | {"X-CSRFToken": stale["X-CSRFToken"]})
        assert again.status_code == 303


class TestLanguage:
    def test_a_stranger_keeps_it_in_a_cookie(self, client):
        assert "登录" in client.get("/login/", headers=ZH).content.decode()
        answer = client.post("/language/", {"language": "en", "next": "/login/?next=/search/"}, headers=ZH)
        assert answer["Location"] == "/login/?next=/search/"
        assert "Sign in" in client.get("/login/", headers=ZH).content.decode()
        assert not ChangeSet.objects.filter(verb="choose_language").exists()

    def test_a_user_keeps_it_with_the_user(self, client, person):
        knock(client)
        client.post("/language/", {"language": "en", "next": "/"}, headers=ZH)
        person.refresh_from_db()
        assert person.language == "en"
        assert ChangeSet.objects.filter(verb="choose_language", by=person).exists()
        elsewhere = Client()
        knock(elsewhere)
        assert 'lang="en"' in elsewhere.get("/", headers=ZH).content.decode()

    @pytest.mark.parametrize("language", ["", "xx", "en'; --"])
    def test_no_other_language_is_taken(self, client, person, language):
        knock(client)
        assert client.post("/language/", {"language": language}).status_code == 303
        person.refresh_from_db()
        assert person.language == ""
        assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
