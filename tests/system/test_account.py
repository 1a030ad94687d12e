from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import Session
from guanxi.accounts.sessions import fingerprint
from guanxi.history.models import Change, ChangeSet
from tests.system.door import PASSWORD, key_of, knock, make_person, wait_long

pytestmark = pytest.mark.django_db
NEW = "another-good-sentence-8"
HTMX = {"HX-Request": "true"}
EN = {"Accept-Language": "en"}
PAGES = ["/account/profile/", "/account/password/", "/account/sessions/"]


@pytest.fixture
def person():
    return make_person(real_name="李思远")


@pytest.fixture
def here(person):
    return entered(person)


def entered(person, password=PASSWORD) -> Client:
    client = Client(headers=EN)
    assert knock(client, person.username, password).status_code == 303
    return client


def choose(client, old=PASSWORD, new=NEW, confirm=None, headers=None):
    typed = {"old": old, "new": new, "confirm": new if confirm is None else confirm}
    return client.post("/account/password/", typed, headers=headers)


def is_in(client) -> bool:
    return client.get("/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_person_is_linked_and_for_who_is_signed_in(here, page):
    assert f'href="{page}"' in here.get("/").content.decode()
    assert here.get(page).status_code == 200
    assert Client().get(page)["Location"] == f"/login/?next={page.replace('/', '%2F')}"


class TestPassword:
    def test_the_rules_are_shown_before(self, here):
        text = here.get("/account/password/").content.decode()
        assert "at least 10 characters" in text
        assert "commonly used" in text

    def test_it_changes_and_ends_the_other_sessions(self, here, person):
        there, thief = entered(person), Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key_of(here)
        answer = choose(here)
        assert (answer.status_code, answer["Location"]) == (303, "/")
        assert "1 other session ended." in here.get("/").content.decode()
        assert (is_in(here), is_in(there), is_in(thief)) == (True, False, False)
        assert knock(Client()).status_code == 422
        assert knock(Client(), password=NEW).status_code == 303

    def test_the_log_knows_that_but_not_what(self, here, person):
        choose(here)
        change = Change.objects.get(change_set__verb="change_password")
        assert change.change_set.by == person
        assert (change.before["password"], change.after["password"]) == ("•••", "•••")

    @pytest.mark.parametrize(
        ("old", "new", "confirm", "field", "sentence"),
        [
            ("wrong", NEW, None, "old", "The old password is wrong."),
            (PASSWORD, PASSWORD, None, "new", "must differ from the old one"),
            (PASSWORD, NEW, "different", "confirm", "The two new passwords differ."),
            (PASSWORD, "short-7", None, "new", "at least 10 characters"),
            (PASSWORD, "password1234", None, "new", "too common"),
            (PASSWORD, "12345678910", None, "new", "too common"),
            (PASSWORD, "lisiyuan2026", None, "new", "too similar"),
            ("", NEW, None, "old", "required"),
        ],
    )
    def test_a_bad_choice_is_refused_next_to_its_field(self, here, person, old, new, confirm, field, sentence):
        answer = choose(here, old, new, confirm, headers=HTMX)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in text.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
        assert NEW not in text
        assert is_in(here)
        person.refresh_from_db()
        assert check_password(PASSWORD, person.password)

    def test_the_old_password_cannot_be_guessed_at_an_open_session(self, here):
        with time_machine.travel(timezone.now(), tick=False):
            for number in range(5):
                assert "is wrong" in choose(here, f"guess-{number}").content.decode()
            refused = choose(here)
            assert refused.status_code == 422
            assert "Wait 2 seconds" in refused.content.decode()
        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            assert choose(here).status_code == 303


class TestFirstSignIn:
    @pytest.fixture
    def newcomer(self):
        return entered(make_person("newcomer", must_change_password=True))

    def test_nothing_else_is_reachable_before_the_own_password(self, newcomer):
        for page in ["/", "/search/", "/customers/", "/account/profile/", "/account/sessions/"]:
            assert newcomer.get(page)["Location"] == "/account/password/", page
        assert newcomer.post("/account/profile/", {"real_name": "x"})["Location"] == "/account/password/"
        answer = newcomer.get("/customers/", headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/password/")
        assert "one-time password" in newcomer.get("/account/password/").content.decode()

    def test_the_own_password_opens_the_house(self, newcomer):
        assert choose(newcomer).status_code == 303
        assert is_in(newcomer)
        assert newcomer.get("/account/profile/").status_code == 200

    def test_language_and_the_way_out_stay_open(self, newcomer):
        assert newcomer.post("/language/", {"language": "zh-hans", "next": "/"})["Location"] == "/"
        assert newcomer.post("/logout/")["Location"] == "/login/"


class TestProfile:
    def test_people_change_what_is_theirs_and_nothing_else(self, here, person):
        typed = {"real_name": "李思源", "email": "li@example.com", "phone": "138 0571 2233", "language": "en"}
        forged = {"username": "root", "is_active": "", "roles": "1", "must_change_password": "on", "password": "x"}
        assert here.post("/account/profile/", typed | {"theme": "dark"} | forged).status_code == 303
        person.refresh_from_db()
        stands = (person.real_name, person.email, person.phone, person.language, person.theme)
        assert stands == ("李思源", "li@example.com", "13805712233", "en", "dark")
        assert (person.username, person.is_active, person.must_change_password) == ("lisiyuan", True, False)
        assert check_password(PASSWORD, person.password)
        assert ChangeSet.objects.get(verb="change_profile").by == person
        assert here.cookies["guanxi_theme"].value == "dark"

    @pytest.mark.parametrize("email", ["other@example.com", "OTHER@example.com", "boss@example.com"])
    def test_an_address_by_which_somebody_else_signs_in_is_refused(self, here, email):
        make_person("other", email="other@example.com")
        make_person("boss@example.com")
        answer = here.post("/account/profile/", {"real_name": "李思远", "email": email}, headers=HTMX)
        assert answer.status_code == 422
        assert "Somebody else uses this e-mail address." in answer.content.decode()
        assert email in answer.content.decode()

    def test_what_is_no_phone_is_refused_and_kept_to_be_mended(self, here, person):
        typed = {"real_name": "李思源", "phone": "12345"}
        answer = here.post("/account/profile/", typed, headers=HTMX)
        assert answer.status_code == 422
        assert 'value="12345"' in answer.content.decode()
        person.refresh_from_db()
        assert person.real_name == "李思远"


class TestSessions:
    def test_one_sees_the_own_sessions_only(self, here, person):
        there = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}, REMOTE_ADDR="10.0.0.9")
        knock(there)
        stranger = entered(make_person("stranger"))
        text = here.get("/account/sessions/").content.decode()
        assert "WeChat · iPhone" in text
        assert "10.0.0.9" in text
        assert fingerprint(key_of(there)) in text
        assert fingerprint(key_of(stranger)) not in text
        assert key_of(here) not in text

    def test_one_is_ended(self, here, person):
        there = entered(person)
        assert here.post(f"/account/sessions/{fingerprint(key_of(there))}/end/").status_code == 303
        assert (is_in(here), is_in(there)) == (True, False)

    def test_all_others_are_ended(self, here, person):
        others = [entered(person), entered(person)]
        here.post("/account/sessions/end/")
        assert "2 other sessions ended." in here.get("/account/sessions/").content.decode()
        assert [is_in(other) for other in others] == [False, False]
        assert is_in(here)

    def test_whoever_came_upon_an_open_one_proves_who_they_are_before(self, here, person):
        there = entered(person)
        addresses = [f"/account/sessions/{fingerprint(key_of(there))}/end/", "/account/sessions/end/"]
        for address in addresses:
            wait_long(person)
            for proof in ("", "guess"):
                assert here.post(address, {"proof": proof}).status_code == 401
                assert Session.objects.count() == 2
            assert here.post(address, {"proof": PASSWORD}).status_code == 303
            assert (is_in(here), is_in(there)) == (True, False)
            there = entered(person)

    def test_signing_out_here_asks_nothing(self, here, person):
        wait_long(person)
        assert here.post(f"/account/sessions/{fingerprint(key_of(here))}/end/")["Location"] == "/login/"

    def test_the_own_one_leads_to_the_door(self, here):
        assert here.post(f"/account/sessions/{fingerprint(key_of(here))}/end/")["Location"] == "/login/"
        assert not is_in(here)

    def test_a_strangers_session_does_not_exist(self, here):
        stranger = entered(make_person("stranger"))
        before = Session.objects.count()
        assert here.post(f"/account/sessions/{fingerprint(key_of(stranger))}/end/").status_code == 404
        assert here.post(f"/account/sessions/{'0' * 64}/end/").status_code == 404
        assert Session.objects.count() == before
        assert is_in(stranger)

    def test_looking_ends_nothing(self, here):
        assert here.get("/account/sessions/end/").status_code == 405
        assert here.get(f"/account/sessions/{fingerprint(key_of(here))}/end/").status_code == 405
        assert is_in(here)
