from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import Session
from guanxi.accounts.parameters import SESSION_HOURS
from guanxi.accounts.sessions import SessionStore, end_session, end_sessions_of, fingerprint
from guanxi.parameters.actions import set_parameter
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return cast.make_user("lisiyuan")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_database_does_not_hold_the_key(user):
    client = signed_in(user)
    row = Session.objects.get()
    assert row.user == user
    assert key_of(client) not in str(Session.objects.values().get())
    assert SessionStore(row.key_hash).load() == {}


def test_ending_all_others_keeps_the_own(user):
    here, there = signed_in(user), signed_in(user)
    stranger = signed_in(cast.make_user("stranger"))
    assert end_sessions_of(user, apart_from=key_of(here)) == 1
    assert here.get("/").status_code == 200
    assert stranger.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert end_sessions_of(user) == 1
    assert here.get("/").status_code == 302


def test_one_session_is_ended_by_its_owner_only(user):
    here = signed_in(user)
    assert not end_session(cast.make_user("stranger"), fingerprint(key_of(here)))
    assert here.get("/").status_code == 200
    assert end_session(user, fingerprint(key_of(here)))
    assert here.get("/").status_code == 302


def test_a_session_that_was_ended_does_not_come_back_with_a_late_save(user):
    key = key_of(signed_in(user))
    late = SessionStore(key)
    late["colour"] = "blue"
    end_sessions_of(user)
    with pytest.raises(UpdateError):
        late.save()
    assert not Session.objects.exists()


def test_a_new_key_keeps_what_is_known_of_the_session(user):
    store = SessionStore()
    store.describe(address="10.0.0.7", agent="Firefox", remembered=True, at=cast.NOW)
    store.create()
    again = SessionStore(store.session_key)
    again["colour"] = "blue"
    again.cycle_key()
    again.save()
    row = Session.objects.get()
    assert (row.address, row.agent, row.remembered, row.created_at) == ("10.0.0.7", "Firefox", True, cast.NOW)
    assert SessionStore(again.session_key)["colour"] == "blue"
    assert SessionStore(store.session_key).load() == {}


def test_what_is_over_is_not_loaded_and_is_cleared(user):
    key = key_of(signed_in(user))
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).load() == {}
    SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_the_last_use_is_written_every_five_minutes_and_moves_the_end(user):
    key = key_of(signed_in(user))
    began = Session.objects.get()
    SessionStore(key).touch(began.last_seen + timedelta(minutes=4), "10.0.0.8")
    assert Session.objects.get().last_seen == began.last_seen
    later = began.last_seen + timedelta(minutes=6)
    SessionStore(key).touch(later, "10.0.0.8")
    row = Session.objects.get()
    assert (row.last_seen, row.address, row.expires_at) == (later, "10.0.0.8", later + timedelta(hours=12))


def test_use_prolongs_no_session_beyond_its_hours(user):
    key = key_of(signed_in(user))
    began = Session.objects.get().created_at
    for hours in (11, 22, 23):
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            SessionStore(key).touch(timezone.now(), "10.0.0.8")
    assert Session.objects.get().expires_at == began + timedelta(hours=24)
    with time_machine.travel(began + timedelta(hours=24), tick=False):
        assert SessionStore(key).load() == {}


def test_hours_that_are_changed_count_from_the_next_use(user):
    key = key_of(signed_in(user))
    began = Session.objects.get().created_at
    with cast.change() as change:
        set_parameter(SESSION_HOURS, value=8, change=change)
    SessionStore(key).touch(began + timedelta(hours=1), "10.0.0.8")
    assert Session.objects.get().expires_at == began + timedelta(hours=8)


def test_a_new_key_does_not_prolong_it(user):
    key = key_of(signed_in(user))
    began = Session.objects.get().created_at
    SessionStore(key).touch(began + timedelta(hours=11), "10.0.0.8")
    with time_machine.travel(began + timedelta(hours=22), tick=False):
        store = SessionStore(key)
        store.cycle_key()
        store.save()
    assert Session.objects.get().expires_at == began + timedelta(hours=24)


def test_use_does_not_prolong_a_remembered_session(user):
    store = SessionStore(key_of(signed_in(user)))
    end = timezone.now() + timedelta(days=7)
    store.set_expiry(end)
    store.describe(address="10.0.0.7", agent="Firefox", remembered=True, at=timezone.now())
    store.save()
    store.touch(timezone.now() + timedelta(days=1), "10.0.0.8")
    assert abs(Session.objects.get().expires_at - end) < timedelta(seconds=2)


def test_a_key_that_nobody_was_given_is_not_kept():
    store = SessionStore("a-key-of-my-own-making-that-is-long")
    assert store.load() == {}
    assert store.session_key is None
