"""Two-factor codes on their pages: setting up, turning off, requiring, resetting."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import RecoveryCode, SecondFactor, Session, SignIn, User
from guanxi.history.models import Change, ChangeSet
from tests import cast
from tests.system.door import (
    PASSWORD,
    RECOVERY,
    code_of,
    enter,
    guard_by_codes,
    hidden,
    is_in,
    knock,
    make_person,
    text_of,
    wait_long,
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


@pytest.fixture
def here(person):
    client = Client(headers=EN)
    knock(client)
    return client


def set_up(client, *, code=None, **more):
    """Read the page as an app does, and confirm the secret; gives the answer and the secret."""
    text = text_of(client.get(PAGE))
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', text)[1]
    typed = {"draft": hidden(text, "draft"), "submit_key": hidden(text, "submit_key"), "code": code or code_of(secret)}
    return client.post(PAGE, typed | more), secret


def recovery_codes_in(answer):
    return re.findall(r"<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</li>", text_of(answer))


class TestSettingUp:
    def test_the_page_shows_a_picture_and_a_key_and_writes_nothing(self, here):
        text = text_of(here.get(PAGE))
        assert '<svg viewBox="0 0 ' in text
        assert "style=" not in text
        assert not SecondFactor.objects.exists()
        assert re.search(r'id="secret">([A-Z2-7 ]+)<', text)[1] not in text_of(here.get(PAGE)), "each look has its own"

    def test_a_code_confirms_it_and_the_recovery_codes_are_shown_once(self, here, person):
        there = Client()
        knock(there)
        answer, secret = set_up(here)
        codes = recovery_codes_in(answer)
        assert (answer.status_code, len(set(codes))) == (200, 10)
        assert "1 other session ended." in text_of(answer)
        assert answer["Cache-Control"] == "no-store"
        assert (is_in(here), is_in(there)) == (True, False)
        page = text_of(here.get(PAGE))
        assert "10 recovery codes are left." in page
        assert not any(code in page for code in codes)
        assert secret not in page
        again = Client()
        knock(again)
        assert enter(again, code_of(secret, steps=1)).status_code == 303
        third = Client()
        knock(third)
        assert enter(third, codes[3]).status_code == 303

    def test_the_code_that_confirmed_is_used_up(self, here):
        with time_machine.travel(timezone.now(), tick=False):
            _answer, secret = set_up(here)
            again = Client()
            knock(again)
            assert enter(again, code_of(secret)).status_code == 422

    def test_a_wrong_code_keeps_the_key_to_try_again(self, here):
        answer, secret = set_up(here, code="000000")
        text = text_of(answer)
        assert answer.status_code == 422
        assert "The code is wrong." in text.partition('id="id_code_error"')[2]
        assert secret in text
        assert not SecondFactor.objects.exists()
        typed = {"draft": hidden(text, "draft"), "code": code_of(secret)}
        assert here.post(PAGE, typed).status_code == 200
        assert SecondFactor.objects.exists()

    @pytest.mark.parametrize("forged", ["", "forged", "strangers", "old"])
    def test_a_key_that_is_not_this_persons_of_now_is_replaced(self, here, forged):
        if forged == "strangers":
            other = make_person("stranger")
            client = Client(headers=EN)
            knock(client, "stranger")
            text = text_of(client.get(PAGE))
            assert other
        else:
            text = text_of(here.get(PAGE))
        secret = re.search(r'id="secret">([A-Z2-7 ]+)<', text)[1]
        draft = hidden(text, "draft") if forged in {"strangers", "old"} else forged
        with time_machine.travel(timezone.now() + timedelta(hours=2 if forged == "old" else 0)):
            wait_long(User.objects.get(username="lisiyuan"))
            typed = {"draft": draft, "code": code_of(secret), "proof": PASSWORD}
            answer = here.post(PAGE, typed)
        assert answer.status_code == 422
        assert "This key is too old." in text_of(answer)
        assert secret not in text_of(answer)
        assert not SecondFactor.objects.exists()

    def test_a_form_sent_twice_sets_up_once_and_shows_no_codes_again(self, here, person):
        text = text_of(here.get(PAGE))
        secret = re.search(r'id="secret">([A-Z2-7 ]+)<', text)[1]
        typed = {"draft": hidden(text, "draft"), "submit_key": hidden(text, "submit_key"), "code": code_of(secret)}
        assert here.post(PAGE, typed).status_code == 200
        answer = here.post(PAGE, typed)
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
        assert RecoveryCode.objects.count() == 10

    def test_whoever_came_upon_an_open_session_proves_who_they_are(self, here, person):
        wait_long(person)
        answer, _secret = set_up(here)
        assert answer.status_code == 401
        assert not SecondFactor.objects.exists()

    def test_the_log_knows_that_and_nothing_more(self, here, person):
        answer, secret = set_up(here)
        act = ChangeSet.objects.get(verb="set_second_factor")
        assert (act.by, act.subject) == (person, str(person))
        logged = f"{list(ChangeSet.objects.values())}{list(Change.objects.values())}{list(SignIn.objects.values())}"
        stored = f"{list(SecondFactor.objects.values())}{list(Session.objects.values())}"
        for told in [secret.replace(" ", ""), secret, *recovery_codes_in(answer)]:
            assert told not in logged + stored


class TestTurningOff:
    def send(self, client, password=PASSWORD, code=None):
        return client.post(f"{PAGE}off/", {"password": password, "code": code or code_of()})

    @pytest.fixture
    def inside(self, guarded):
        client = Client(headers=EN)
        client.force_login(guarded)
        return client

    def test_by_password_and_code(self, inside):
        assert self.send(inside)["Location"] == PAGE
        assert "Two-factor codes are off." in text_of(inside.get(PAGE))
        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()
        assert knock(Client())["Location"] == "/"

    def test_by_password_and_recovery_code(self, inside):
        assert self.send(inside, code=RECOVERY[1]).status_code == 303

    def test_neither_alone_is_enough(self, inside):
        wrong = self.send(inside, password="wrong")
        assert "The password is wrong." in text_of(wrong)
        assert "The code is wrong" in text_of(self.send(inside, code="000000"))
        assert SecondFactor.objects.exists()
        assert self.send(inside).status_code == 303, "a wrong password used up no code"

    def test_it_cannot_be_guessed(self, inside):
        with time_machine.travel(timezone.now(), tick=False):
            for _turn in range(5):
                self.send(inside, password="x")
            refused = self.send(inside)
        assert refused.status_code == 422
        assert "Wait 2 seconds" in text_of(refused)
        assert SecondFactor.objects.exists()

    def test_recovery_codes_are_renewed_after_a_proof(self, inside, guarded):
        wait_long(guarded)
        assert inside.post(f"{PAGE}codes/").status_code == 401
        answer = inside.post(f"{PAGE}codes/", {"proof": PASSWORD})
        codes = recovery_codes_in(answer)
        assert len(codes) == 10
        client = Client()
        knock(client)
        assert enter(client, RECOVERY[0]).status_code == 422
        assert enter(client, codes[0]).status_code == 303


class TestRequired:
    @pytest.fixture
    def careless(self, person):
        with cast.change() as change:
            change.update(person.roles.get(), second_factor=True)
        return person

    def test_nothing_else_opens_before_they_are_set_up(self, here, careless):
        page = text_of(here.get(PAGE))
        assert "A role of yours requires two-factor codes." in page
        assert "/account/sessions/" not in page.partition("<main")[2]
        for path in ["/", "/customers/", f"{PAGE}off/", f"{PAGE}codes/", "/account/profile/", "/account/password/"]:
            assert here.get(path)["Location"] == PAGE, path
            assert here.post(path)["Location"] == PAGE, path
        assert here.post("/language/", {"language": "en", "next": "/"})["Location"] == "/"
        answer, _secret = set_up(here)
        assert answer.status_code == 200
        assert is_in(here)

    def test_the_way_out_stays_open(self, here, careless):
        assert here.post("/logout/")["Location"] == "/login/"

    def test_a_role_that_begins_to_require_them_holds_at_the_next_click_with_a_proof(self, here, person):
        assert is_in(here)
        with cast.change() as change:
            change.update(person.roles.get(), second_factor=True)
        wait_long(person)
        assert here.get("/")["Location"] == PAGE
        answer, _secret = set_up(here)
        assert answer.status_code == 401
        assert here.post("/account/prove/", {"proof": PASSWORD}, headers=HTMX).status_code == 204
        assert set_up(here)[0].status_code == 200

    def test_the_own_password_comes_first(self, careless):
        with cast.change() as change:
            change.update(careless, must_change_password=True)
        client = Client()
        knock(client)
        assert client.get("/")["Location"] == "/account/password/"

    def test_turned_off_they_are_due_again(self, careless):
        guard_by_codes(careless)
        client = Client(headers=EN)
        client.force_login(careless)
        assert is_in(client)
        client.post(f"{PAGE}off/", {"password": PASSWORD, "code": code_of()})
        assert client.get("/")["Location"] == PAGE


class TestAdministrators:
    @pytest.fixture
    def admin(self):
        call_command("sync", verbosity=0)
        client = Client(headers=EN)
        client.force_login(cast.make_user("admin", holds_all=True))
        return client

    def test_the_record_shows_since_when_and_a_reset_is_logged(self, admin, guarded):
        record = text_of(admin.get(f"/system/users/{guarded.pk}/"))
        assert "Two-factor codes since" in record
        assert "<dd>On <small>" in record
        assert "<dd>Not set up</dd>" in text_of(admin.get(f"/system/users/{make_person('plain').pk}/"))
        assert f"/system/users/{guarded.pk}/unbind/" in record
        assert admin.post(f"/system/users/{guarded.pk}/unbind/").status_code == 303
        assert knock(Client())["Location"] == "/"
        assert ChangeSet.objects.get(verb="unbind").subject == str(guarded)
        assert f"/system/users/{guarded.pk}/unbind/" not in text_of(admin.get(f"/system/users/{guarded.pk}/"))

    def test_without_the_right_it_is_refused(self, guarded):
        client = Client()
        client.force_login(cast.make_user("clerk", "accounts.view_user", "accounts.reset_user"))
        assert client.post(f"/system/users/{guarded.pk}/unbind/").status_code == 403
        assert SecondFactor.objects.exists()

    def test_a_role_requires_them_by_its_form_and_its_history_tells(self, admin, person):
        role = person.roles.get()
        typed = {"name": role.name, "remark": "", "second_factor": "on"}
        assert admin.post(f"/system/roles/{role.pk}/edit/", typed).status_code == 303
        assert "Requires two-factor codes" in text_of(admin.get(f"/system/roles/{role.pk}/"))
        change = Change.objects.filter(model="access.role", record_id=role.pk).last()
        assert change.after == {"second_factor": True}

    def test_the_administrators_role_can_require_them(self, admin):
        role = User.objects.get(username="admin").roles.get()
        assert "Who holds it need not have two-factor codes" in text_of(admin.get(f"/system/roles/{role.pk}/"))
        form = text_of(admin.get(f"/system/roles/{role.pk}/edit/"))
        assert 'name="second_factor"' in form
        assert 'name="name"' not in form
        assert admin.post(f"/system/roles/{role.pk}/edit/", {"second_factor": "on", "name": "x"}).status_code == 303
        assert admin.get("/")["Location"] == PAGE


class TestTheCommand:
    def test_it_leaves_the_codes_unless_told_otherwise(self, guarded, capsys):
        call_command("createadmin", username="lisiyuan")
        assert "--without-codes" in capsys.readouterr().out
        assert SecondFactor.objects.exists()
        call_command("createadmin", username="lisiyuan", without_codes=True)
        said = capsys.readouterr().out
        assert "--without-codes" not in said
        assert not SecondFactor.objects.exists()
        password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", said)[0]
        assert knock(Client(), password=password)["Location"] == "/"
