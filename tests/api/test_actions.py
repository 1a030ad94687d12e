"""Rules of access tokens."""

from datetime import timedelta

import pytest

from guanxi.api.actions import create_token, revoke_token
from guanxi.api.models import Token
from guanxi.api.secrets import digest_of, new_secret
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.rules import RuleBroken
from guanxi.system.undoing import undo_act
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return cast.make_user("wang")


def create(user, **values):
    wanted = {
        "name": "ERP",
        "scope": "read",
        "expires_at": cast.NOW + timedelta(days=30),
        "secret": "gx_secret-of-this-test",
    }
    with cast.change("create", by=user) as change:
        return create_token(user=user, change=change, **wanted | values)


def test_a_token_is_kept_without_its_secret_and_logged_without_its_digest(user):
    token = create(user)
    assert token.digest == digest_of("gx_secret-of-this-test")
    kept = Change.objects.get(model="api.token", record_id=token.pk)
    assert kept.after["digest"] == "•••"
    assert digest_of("gx_secret-of-this-test") not in str(kept.after)
    assert "gx_secret-of-this-test" not in str(kept.after | vars(token))


def test_secrets_are_long_and_never_the_same():
    secrets = {new_secret() for _number in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) >= 46 and secret.startswith("gx_") for secret in secrets)


@pytest.mark.parametrize(
    "expires_at", [cast.NOW, cast.NOW - timedelta(days=1), cast.NOW + timedelta(days=366, seconds=1)]
)
def test_a_token_ends_within_a_year(user, expires_at):
    with pytest.raises(RuleBroken) as refused:
        create(user, expires_at=expires_at)
    assert refused.value.field == "until"
    assert not Token.objects.exists()


def test_a_token_says_what_it_is_for(user):
    with pytest.raises(RuleBroken) as refused:
        create(user, name=" \u3000 ")
    assert refused.value.field == "name"


def test_a_revoked_token_opens_nothing_and_is_not_revoked_twice(user):
    token = create(user)
    digest = digest_of("gx_secret-of-this-test")
    assert Token.objects.opening(digest, cast.NOW).first() == token
    with cast.change("revoke", by=user) as change:
        revoke_token(token, change=change)
    assert Token.objects.opening(digest, cast.NOW).first() is None
    with pytest.raises(RuleBroken), cast.change("revoke", by=user) as change:
        revoke_token(token, change=change)


def test_no_undo_gives_a_revoked_token_back(user):
    token = create(user)
    with cast.change("revoke", by=user) as change:
        revoke_token(token, change=change)
    keeper = cast.make_user("keeper", "history.undo_changeset", "api.view_token", "api.create_token")
    with pytest.raises(RuleBroken), cast.change("undo", by=keeper) as change:
        undo_act(ChangeSet.objects.get(verb="revoke"), change=change)
    token.refresh_from_db()
    assert token.revoked_at == cast.NOW


def test_a_token_opens_until_its_last_moment(user):
    token = create(user)
    digest = digest_of("gx_secret-of-this-test")
    assert Token.objects.opening(digest, token.expires_at - timedelta(microseconds=1)).exists()
    assert not Token.objects.opening(digest, token.expires_at).exists()


def test_only_who_may_see_everybodys_tokens_sees_those_of_others(user):
    token = create(user)
    assert list(Token.objects.visible_to(user)) == [token]
    assert list(Token.objects.visible_to(cast.make_user("li"))) == []
    assert list(Token.objects.visible_to(cast.make_user("admin", "api.view_token"))) == [token]
