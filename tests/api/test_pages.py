"""The own pages of access tokens, and the administrator's list."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.api.actions import revoke_token
from guanxi.api.models import CREATE, REVOKE, VIEW, Token
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from tests import cast
from tests.api.caller import Caller, make_token

pytestmark = pytest.mark.django_db
NEW = "/account/tokens/new/"
TYPED = {"name": "ERP", "scope": "read", "lives": "30", "until": ""}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def maker():
    return cast.make_user("wang", CREATE, "customers.view_customer", scope="all", language="en")


def secret_in(answer):
    return re.search(r'id="token">(gx_[\w-]+)<', answer.content.decode())[1]


def test_the_secret_is_shown_once_and_opens_the_api(maker):
    client = client_of(maker)
    answer = client.post(NEW, TYPED)
    secret = secret_in(answer)
    assert answer["Cache-Control"].find("no-store") >= 0
    assert Caller(secret).get("/customers/").status_code == 200
    listed = client.get("/account/tokens/").content.decode()
    assert "ERP" in listed
    assert secret not in listed
    assert secret[:9] in listed


def test_a_form_that_is_sent_twice_makes_one_token_and_shows_it_once(maker):
    client = client_of(maker)
    first = client.post(NEW, TYPED | {"submit_key": "k1"})
    second = client.post(NEW, TYPED | {"submit_key": "k1"})
    assert secret_in(first)
    assert second.status_code == 303
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"lives": "date"}, "Give the last day of the token."),
        ({"lives": "date", "until": "2020-01-01"}, "A token ends in the future, after a year at the latest."),
        ({"lives": "date", "until": "9999-12-31"}, "A token ends in the future, after a year at the latest."),
        ({"scope": "everything"}, "everything is not one of the available choices"),
        ({"lives": "4000"}, "4000 is not one of the available choices"),
    ],
)
def test_bad_input_is_said_next_to_its_field_and_nothing_is_made(maker, typed, sentence):
    answer = client_of(maker).post(NEW, TYPED | typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Token.objects.exists()


def test_a_chosen_day_counts_to_its_end(maker):
    day = timezone.localdate() + timedelta(days=10)
    client_of(maker).post(NEW, TYPED | {"lives": "date", "until": day.isoformat()})
    token = Token.objects.get()
    assert timezone.localtime(token.expires_at).date() == day + timedelta(days=1)
    assert timezone.localtime(token.expires_at).hour == 0


def test_without_the_right_none_is_made_and_the_menu_does_not_offer_it(maker):
    stranger = client_of(cast.make_user("li", language="en"))
    assert stranger.get(NEW).status_code == 403
    assert stranger.post(NEW, TYPED).status_code == 403
    assert not Token.objects.exists()
    assert ChangeSet.objects.filter(state="refused", verb=CREATE).count() == 2
    assert b"/account/tokens/" not in stranger.get("/account/profile/").content
    assert b"/account/tokens/" in client_of(maker).get("/account/profile/").content


def test_one_revokes_ones_own_and_never_anothers(maker):
    token, secret = make_token(maker)
    other = client_of(cast.make_user("li", CREATE))
    assert other.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Caller(secret).get("/customers/").status_code == 200
    client = client_of(maker)
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 303
    assert Caller(secret).get("/customers/").status_code == 401
    again = client.post(f"/account/tokens/{token.pk}/revoke/", follow=True)
    assert "revoked already" in again.content.decode()
    assert ChangeSet.objects.filter(verb="revoke").count() == 1


def test_an_administrator_sees_and_revokes_everybodys(maker):
    token, secret = make_token(maker)
    looker = client_of(cast.make_user("looker", VIEW, language="en"))
    assert token.name in looker.get("/system/tokens/").content.decode()
    assert looker.post(f"/system/tokens/{token.pk}/revoke/").status_code == 403
    admin = client_of(cast.make_user("admin", VIEW, REVOKE, language="en"))
    assert admin.post(f"/system/tokens/{token.pk}/revoke/").status_code == 303
    assert Caller(secret).get("/customers/").status_code == 401


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(maker):
    _token, secret = make_token(maker)
    assert Caller(secret).get("/customers/").status_code == 200
    with cast.change() as change:
        change.relate(maker.roles.get(), "grants", [])
    assert Caller(secret).get("/customers/").status_code == 403


def test_the_last_use_is_kept_no_oftener_than_every_five_minutes(maker, time_machine):
    time_machine.move_to(cast.NOW, tick=False)
    token, secret = make_token(maker)
    for minutes, kept in [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)]:
        time_machine.move_to(cast.NOW + timedelta(minutes=minutes), tick=False)
        Caller(secret).get("/customers/")
        token.refresh_from_db()
        assert token.last_used_at == cast.NOW + timedelta(minutes=kept)
    assert token.version == 1


def test_the_log_says_by_which_token_also_when_it_is_revoked(db):
    with cast.change() as change:
        fill_dictionary(change=change)
    rights = ("customers.view_customer", "customers.create_customer")
    user = cast.make_user("wang", *rights)
    (token, secret), (reading, read_only) = make_token(user), make_token(user, scope="read")
    assert Caller(secret).post("/customers/", {"name": "云栖智造"}).status_code == 201
    assert Caller(read_only).post("/customers/", {"name": "西溪"}).status_code == 403
    assert Caller(secret).post("/customers/1/bin/").status_code == 403
    with cast.change("revoke", by=user) as change:
        revoke_token(token, change=change)
    made = ChangeSet.objects.get(verb="create", way="api")
    assert (made.by, made.token) == (user, token.name)
    refused = ChangeSet.objects.filter(state="refused", way="api").order_by("pk")
    assert [one.token for one in refused] == [reading.name, token.name]
    boss = Client()
    boss.force_login(cast.make_user("boss", holds_all=True))
    for act in (made, *refused):
        assert act.token in boss.get(f"/system/log/{act.pk}/").content.decode()
    assert ChangeSet.objects.filter(way="page").exclude(token="").count() == 0
