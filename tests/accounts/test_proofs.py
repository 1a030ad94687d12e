from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.hashers import make_password

from guanxi.accounts.models import SignIn
from guanxi.accounts.proofs import Judgement, Proof, is_proved, prove
from guanxi.accounts.sessions import SessionStore
from tests import cast
from tests.cast import NOW
from tests.system.door import PASSWORD, RECOVERY, SECRET, guard_by_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return cast.make_user("lisiyuan", password=make_password(PASSWORD))


@pytest.fixture
def session():
    store = SessionStore()
    store.describe(address="10.0.0.7", agent="", remembered=True, at=NOW)
    store.create()
    return SessionStore(store.session_key)


def given(user, session, typed, *, at=NOW + timedelta(hours=1)):
    return prove(user, session, Proof(typed, "10.0.0.7", "Firefox", at))


def test_signing_in_is_a_proof_for_a_quarter_of_an_hour(session):
    assert is_proved(session, at=NOW + timedelta(minutes=15))
    assert not is_proved(session, at=NOW + timedelta(minutes=15, seconds=1))


def test_the_password_proves_and_the_session_keeps_when(user, session):
    at = NOW + timedelta(hours=1)
    assert given(user, session, PASSWORD).holds
    assert is_proved(session, at=at)
    assert is_proved(SessionStore(session.session_key), at=at + timedelta(minutes=15))
    assert not is_proved(SessionStore(session.session_key), at=at + timedelta(minutes=16))
    assert not SignIn.objects.exists()


def test_a_code_proves_once_and_a_recovery_code_does_not(user, session):
    guard_by_codes(user)
    at = NOW + timedelta(hours=1)
    code = pyotp.TOTP(SECRET).at(at)
    assert not given(user, session, RECOVERY[0]).holds
    assert given(user, session, code).holds
    assert not given(user, session, code).holds


def test_what_is_wrong_proves_nothing_and_is_logged(user, session):
    assert given(user, session, "wrong") == Judgement(left=9)
    assert not is_proved(session, at=NOW + timedelta(hours=1))
    row = SignIn.objects.get()
    assert (row.user, row.outcome, row.address, row.agent) == (user, "proof", "10.0.0.7", "Firefox")


def test_guessing_is_slowed_and_stopped(user, session):
    at = NOW + timedelta(hours=1)
    assert [given(user, session, f"guess-{number}").wait for number in range(6)] == [0] * 5 + [2]
    for number in range(20):
        given(user, session, "x", at=at + number * timedelta(seconds=40))
    assert SignIn.objects.count() == 10
    assert given(user, session, PASSWORD, at=at + timedelta(minutes=14)).wait
    assert given(user, session, PASSWORD, at=at + timedelta(minutes=16)).holds
