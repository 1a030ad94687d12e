"""The second step of signing in: what is let in, what is logged, what stops a guesser."""

from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.hashers import make_password

from guanxi.accounts import second_factor
from guanxi.accounts.codes import seal
from guanxi.accounts.devices import new_device
from guanxi.accounts.models import SignIn, User
from guanxi.accounts.sign_in import Answer, Attempt, CodeAttempt, enter_code, sign_in
from tests import cast
from tests.cast import NOW
from tests.system.door import PASSWORD, RECOVERY, SECRET

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def user():
    user = cast.make_user("lisiyuan", password=make_password(PASSWORD))
    second_factor.keep(user, sealed=seal(user, SECRET, at=NOW), step=0, codes=RECOVERY, at=NOW)
    return user


def attempt(user, code, *, address="10.0.0.7", device=None, at=NOW):
    return enter_code(CodeAttempt(user, code, address, "Firefox", device or new_device(), at))


def code(at=NOW):
    return pyotp.TOTP(SECRET).at(at)


def outcomes():
    return list(SignIn.objects.order_by("id").values_list("outcome", flat=True))


def test_the_password_alone_is_half_the_way(user):
    answer = sign_in(Attempt("lisiyuan", PASSWORD, "10.0.0.7", "Firefox", new_device(), NOW))
    assert (answer.user, answer.code_due) == (user, True)
    assert User.objects.get(pk=user.pk).last_sign_in is None
    assert outcomes() == ["pending"]


def test_a_code_lets_in_and_is_logged(user):
    assert attempt(user, code()) == Answer(user=user)
    row = SignIn.objects.get()
    assert (row.username, row.user, row.address, row.agent) == ("lisiyuan", user, "10.0.0.7", "Firefox")
    assert (row.outcome, row.at) == ("success", NOW)
    assert User.objects.get(pk=user.pk).last_sign_in == NOW


def test_a_recovery_code_lets_in_once_and_the_log_tells(user):
    assert attempt(user, RECOVERY[0]) == Answer(user=user, by_recovery=True)
    assert attempt(user, RECOVERY[0]) == Answer(left=9)
    assert outcomes() == ["recovery", "code"]


def test_a_code_that_was_used_does_not_let_in_again(user):
    attempt(user, code())
    assert attempt(user, code(), at=NOW + timedelta(seconds=20)).user is None
    assert outcomes() == ["success", "code"]


def test_ten_codes_are_looked_at_in_a_window_wherever_they_come_from(user):
    for number in range(20):
        at = NOW + number * timedelta(seconds=40)
        answer = attempt(user, f"{number:06}", address=f"10.0.2.{number}", at=at)
    assert answer.stopped
    assert outcomes() == ["code"] * 10 + ["stopped"] * 10
    at = NOW + 14 * MINUTE
    assert attempt(user, code(at), address="10.0.3.1", at=at).stopped, "the right one neither"
    later = NOW + 15 * MINUTE
    assert attempt(user, code(later), address="10.0.3.1", at=later).user == user


def test_the_owners_browser_stays_open_while_a_stranger_is_stopped(user):
    for number in range(12):
        attempt(user, "000000", at=NOW + number * MINUTE)
    at = NOW + 12 * MINUTE
    assert attempt(user, code(at), at=at).stopped
    assert attempt(user, code(at), device=new_device().after(user.pk), at=at).user == user


def test_a_known_browser_has_ten_tries_too(user):
    device = new_device().after(user.pk)
    for number in range(12):
        attempt(user, "000000", device=device, address=f"10.0.2.{number}", at=NOW + number * MINUTE)
    at = NOW + 12 * MINUTE
    assert attempt(user, code(at), device=device, at=at).stopped


def test_a_hurried_guesser_has_to_wait(user):
    for _turn in range(5):
        attempt(user, "000000")
    assert attempt(user, code()).wait == 2
    assert outcomes()[-1] == "slowed"


def test_guessed_codes_count_against_the_address_as_guessed_passwords_do(user):
    for number in range(100):
        sign_in(Attempt(f"name-{number}", "x", "10.0.0.7", "", new_device(), NOW + number * timedelta(seconds=1)))
    at = NOW + 2 * MINUTE
    assert attempt(user, code(at), at=at).stopped


def test_it_works_after_the_codes_were_turned_off_for_nobody(user):
    second_factor.forget(user)
    assert attempt(user, code()).user is None
    assert attempt(user, RECOVERY[0]).user is None
