from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.accounts.devices import new_device
from guanxi.accounts.limits import WINDOW
from guanxi.accounts.models import SignIn
from guanxi.accounts.sign_in import Answer, Attempt, sign_in
from tests import cast

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-sentence-7"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def user():
    return cast.make_user("lisiyuan", email="li@example.com", password=make_password(PASSWORD))


def attempt(name="lisiyuan", password=PASSWORD, *, address="10.0.0.7", device=None, at=cast.NOW):
    return sign_in(Attempt(name, password, address, "Firefox", device or new_device(), at))


def outcomes():
    return list(SignIn.objects.order_by("id").values_list("outcome", flat=True))


@pytest.fixture
def hashes(monkeypatch):
    """Every hash that is computed, checks and pretended ones alike."""
    made = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counting(self, password, salt, *rest):
        made.append(password)
        return encode(self, password, salt, *rest)

    monkeypatch.setattr(hasher, "encode", counting)
    return made


@pytest.mark.parametrize("name", ["lisiyuan", "LiSiYuan", "li@example.com", "LI@EXAMPLE.COM"])
def test_name_and_e_mail_sign_in_whatever_their_case(user, name):
    assert attempt(name).user == user
    row = SignIn.objects.get()
    assert (row.username, row.user, row.address, row.agent) == (name, user, "10.0.0.7", "Firefox")
    assert (row.outcome, row.at) == ("success", cast.NOW)


def test_wrong_name_wrong_password_and_disabled_user_answer_alike_and_hash_once_each(user, hashes):
    cast.make_user("gone", password=make_password(PASSWORD), is_active=False)
    cast.make_user("unusable")
    hashes.clear()
    answers = []
    for number, (name, password) in enumerate(
        [("nobody", PASSWORD), ("lisiyuan", "wrong"), ("gone", PASSWORD), ("unusable", "!")]
    ):
        answers.append(attempt(name, password, address=f"10.0.1.{number}"))
        assert len(hashes) == number + 1
    assert answers == [Answer(left=9)] * 4
    assert outcomes() == ["wrong", "wrong", "disabled", "wrong"]


def test_every_attempt_asks_the_database_as_often_for_somebody_as_for_nobody(user):
    cast.make_user("gone", password=make_password(PASSWORD), is_active=False)
    asked = []
    for number, name in enumerate(["warm-up", "nobody", "lisiyuan", "gone"]):
        with CaptureQueriesContext(connection) as caught:
            attempt(name, "x", address=f"10.0.1.{number}")
        asked.append(len(caught))
    assert len(set(asked[1:])) == 1


def test_the_user_name_wins_over_another_ones_e_mail(user):
    own = cast.make_user("boss@example.com", password=make_password("the-own-password-1"))
    cast.make_user("thief", email="boss@example.com", password=make_password("the-thief-password-1"))
    assert attempt("boss@example.com", "the-own-password-1").user == own
    assert attempt("boss@example.com", "the-thief-password-1").user is None


def test_at_most_ten_passwords_of_an_account_are_looked_at_in_a_window(user, hashes):
    times = (cast.NOW + number * timedelta(seconds=40) for number in count())
    for number, at in zip(range(20), times, strict=False):
        answer = attempt(password=f"guess-{number}", address=f"10.0.2.{number}", at=at)
    assert len(hashes) == 10
    assert (answer.user, answer.stopped) == (None, True)
    assert outcomes() == ["wrong"] * 10 + ["stopped"] * 10
    assert attempt(address="10.0.3.1", at=cast.NOW + 14 * MINUTE).stopped
    assert attempt(address="10.0.3.1", at=cast.NOW + WINDOW).user == user


def test_an_office_of_many_who_fail_slows_nobody_behind_its_address(user):
    for number in range(60):
        assert attempt(f"name-{number}", "x").wait == 0
    assert attempt().user == user
    assert "slowed" not in outcomes()


def test_at_most_a_hundred_passwords_from_an_address_are_looked_at_in_a_window(user, hashes):
    for number in range(110):
        answer = attempt(f"name-{number}", "x", at=cast.NOW + number * timedelta(seconds=5))
    assert len(hashes) == 100
    assert answer.stopped
    assert attempt(device=new_device().after(user.pk)).user == user, "a known browser stays open"
    assert attempt(address="10.0.3.1").user == user


def test_two_names_of_one_account_give_no_more_tries_and_do_not_show_that_they_are_one(user, hashes):
    for number in range(10):
        attempt("lisiyuan", "x", address=f"10.0.2.{number}", at=cast.NOW + number * MINUTE)
    mine = attempt("li@example.com", PASSWORD, address="10.0.4.1", at=cast.NOW + 10 * MINUTE)
    nobody = attempt("no@example.com", PASSWORD, address="10.0.4.2", at=cast.NOW + 10 * MINUTE)
    assert mine == nobody == Answer(left=9)
    assert len(hashes) == 12


def test_the_owner_gets_in_on_a_known_device_while_strangers_are_stopped(user):
    device = new_device().after(user.pk)
    for number in range(12):
        attempt(password="x", at=cast.NOW + number * timedelta(seconds=50))
    at = cast.NOW + 12 * MINUTE
    assert attempt(at=at).stopped
    assert attempt(device=new_device().after(user.pk + 1), at=at).stopped
    assert attempt(device=device, at=at).user == user


def test_a_known_device_has_ten_tries_too(user, hashes):
    device = new_device().after(user.pk)
    for number in range(12):
        attempt(password="x", device=device, address=f"10.0.2.{number}", at=cast.NOW + number * MINUTE)
    assert len(hashes) == 10
    assert attempt(device=device, at=cast.NOW + 12 * MINUTE).stopped


def test_many_good_sign_ins_from_one_office_stop_nobody(user):
    for _turn in range(30):
        assert attempt().user == user


def test_a_hurried_guesser_has_to_wait(user):
    for _turn in range(5):
        attempt(password="x")
    answer = attempt()
    assert (answer.user, answer.wait, answer.stopped) == (None, 2, False)
    assert outcomes()[-1] == "slowed"
    assert attempt(at=cast.NOW + timedelta(seconds=2)).user == user


def test_the_log_is_seen_by_who_may_and_else_only_the_own(user):
    attempt()
    attempt("nobody")
    assert SignIn.objects.visible_to(user).count() == 1
    assert SignIn.objects.visible_to(cast.make_user("auditor", "accounts.view_signin")).count() == 2
    assert SignIn.objects.visible_to(cast.make_user("stranger")).count() == 0
