"""The second step of signing in on its page, and those who would go around it."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from guanxi.accounts import devices, second_factor
from guanxi.accounts.models import Session, SignIn
from tests import cast
from tests.system.door import (
    PASSWORD,
    RECOVERY,
    code_of,
    enter,
    guard_by_codes,
    hidden,
    is_in,
    key_of,
    knock,
    make_person,
    text_of,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
EN = {"Accept-Language": "en"}
PAGE = "/account/second-factor/"


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def guarded(person):
    guard_by_codes(person)
    return person


class TestTheSecondStep:
    def test_password_then_code(self, client, guarded):
        answer = knock(client, next="/search/?q=x", remember="on")
        assert (answer.status_code, answer["Location"]) == (303, "/login/code/?next=%2Fsearch%2F%3Fq%3Dx")
        page = text_of(client.get(answer["Location"], headers=EN))
        assert "Your password was right." in page
        answer = enter(client, next=hidden(page, "next"))
        assert (answer.status_code, answer["Location"]) == (303, "/search/?q=x")
        assert is_in(client)
        row = Session.objects.get()
        assert (row.user, row.remembered) == (guarded, True)
        assert 7 * 86_400 - 60 < client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 7 * 86_400
        assert [one.outcome for one in SignIn.objects.order_by("id")] == ["pending", "success"]

    def test_without_remember_me_the_cookie_ends_with_the_browser(self, client, guarded):
        knock(client)
        enter(client)
        assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
        assert not Session.objects.get().remembered

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "The code is wrong, or was used before. 9 more tries."), ("zh-CN", "验证码不正确，或已经用过。")],
    )
    def test_a_wrong_code_is_said_in_both_languages(self, client, guarded, language, said):
        knock(client)
        answer = enter(client, "000000", next="/search/", headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert hidden(text_of(answer), "next") == "/search/"
        assert not is_in(client)
        assert enter(client).status_code == 303

    @pytest.mark.parametrize("code", ["", " ", "x" * 200, "0" * 10_000])
    def test_what_is_no_code_is_refused_politely(self, client, guarded, code):
        knock(client)
        assert enter(client, code).status_code == 422
        assert not is_in(client)

    def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(self, client, guarded):
        knock(client)
        assert enter(client, RECOVERY[0].upper(), headers=EN).status_code == 303
        assert "1 is left." in text_of(client.get("/", headers=EN))
        again = Client()
        knock(again)
        assert enter(again, RECOVERY[0]).status_code == 422
        assert not is_in(again)

    def test_who_has_no_codes_signs_in_by_one_step(self, client, person):
        assert knock(client)["Location"] == "/"
        assert client.get("/login/code/?next=/search/")["Location"] == "/search/"

    def test_the_browser_is_known_only_after_the_code(self, client, guarded):
        knock(client)
        assert devices.cookie_name() not in client.cookies
        enter(client)
        assert devices.read_device(client.cookies[devices.cookie_name()].value).knows(guarded.pk)

    def test_beside_a_page_that_waits_both_steps_happen_in_its_dialog(self, client, guarded):
        answer = knock(client, headers=HTMX | EN)
        assert answer.status_code == 422
        assert "<html" not in text_of(answer)
        assert 'action="/login/code/"' in text_of(answer)
        refused = enter(client, "000000", headers=HTMX | EN)
        assert (refused.status_code, "<html" in text_of(refused)) == (422, False)
        answer = enter(client, headers=HTMX)
        assert (answer.status_code, answer["X-Signed-In"]) == (204, str(guarded.pk))
        assert answer["X-CSRFToken"]


class TestAttacks:
    def test_between_the_steps_nothing_opens(self, client, guarded):
        knock(client)
        for path in ["/", "/customers/", PAGE, "/account/prove/", "/account/profile/", "/account/sessions/"]:
            for method in (client.get, client.post):
                answer = method(path)
                assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/login/"), path
        assert not Session.objects.filter(user__isnull=False).exists()

    def test_without_the_password_the_second_step_asks_for_it(self, client, guarded):
        assert client.get("/login/code/?next=/search/")["Location"] == "/login/?next=%2Fsearch%2F"
        assert enter(client)["Location"] == "/login/"
        assert enter(client, headers=HTMX).status_code == 401
        assert second_factor.take_code(guarded, code_of(), at=timezone.now()), "and looks at no code"

    def test_a_code_is_not_accepted_twice(self, guarded):
        code = code_of()
        first, second = Client(), Client()
        for client in (first, second):
            knock(client)
        assert enter(first, code).status_code == 303
        assert enter(second, code).status_code == 422
        assert (is_in(first), is_in(second)) == (True, False)

    def test_codes_cannot_be_guessed_nor_the_count_begun_anew_by_the_password(self, guarded):
        began = timezone.now()
        for number in range(12):
            with time_machine.travel(began + timedelta(seconds=50 * number), tick=False):
                client = Client(headers=EN)
                knock(client)
                answer = enter(client, f"{number:06}")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        with time_machine.travel(began + timedelta(minutes=11), tick=False):
            assert enter(client).status_code == 429
        with time_machine.travel(began + timedelta(minutes=16), tick=False):
            knock(client)
            assert enter(client).status_code == 303

    def test_another_ones_waiting_state_is_worth_nothing_with_ones_own_code(self, guarded):
        own_secret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
        guard_by_codes(make_person("thief"), own_secret)
        client = Client()
        knock(client)
        assert enter(client, code_of(own_secret), username="thief", user="2").status_code == 422
        knock(client, "thief")
        assert enter(client, code_of()).status_code == 422
        assert not is_in(client)
        assert enter(client, code_of(own_secret)).status_code == 303
        assert Session.objects.get(user__isnull=False).user.username == "thief"

    def test_a_planted_session_does_not_learn_that_the_password_was_right(self, guarded):
        thief = Client()
        knock(thief, "lisiyuan", PASSWORD)
        victim = Client()
        victim.cookies[settings.SESSION_COOKIE_NAME] = key_of(thief)
        knock(victim)
        waiting = key_of(victim)
        assert waiting != key_of(thief)
        assert enter(thief)["Location"] == "/login/", "the planted one is over"
        assert enter(victim).status_code == 303
        assert key_of(victim) != waiting
        late = Client()
        late.cookies[settings.SESSION_COOKIE_NAME] = waiting
        assert not is_in(late)

    @pytest.mark.parametrize("event", ["password", "disabled", "reset", "late"])
    def test_what_happens_meanwhile_ends_the_waiting(self, client, guarded, event):
        knock(client)
        later = timezone.now() + timedelta(minutes=11 if event == "late" else 0)
        with cast.change() as change:
            if event == "password":
                change.update(guarded, password=make_password("a-new-one-of-the-owner-3"))
            if event == "disabled":
                change.update(guarded, is_active=False)
        if event == "reset":
            second_factor.forget(guarded)
        client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] = ""
        client.cookies[settings.SESSION_COOKIE_NAME]["expires"] = ""
        with time_machine.travel(later, tick=False):
            assert enter(client)["Location"] == "/login/"
            assert not is_in(client)

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
    def test_no_way_leads_off_the_site(self, client, guarded, target):
        assert knock(client, next=target)["Location"] == "/login/code/"
        assert hidden(text_of(client.get("/login/code/", {"next": target})), "next") == ""
        assert enter(client, "000000", next=target).status_code == 422
        assert enter(client, next=target)["Location"] == "/"
        assert client.get("/login/code/", {"next": target})["Location"] == "/"

    def test_a_forged_form_is_refused(self, guarded):
        client = Client(enforce_csrf_checks=True)
        client.get("/login/")
        knock(client, csrfmiddlewaretoken=client.cookies["csrftoken"].value)
        assert enter(client).status_code == 403
