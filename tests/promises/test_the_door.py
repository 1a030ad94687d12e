"""Promises over every address, declared or plain: nobody is in who has not come through the door."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from guanxi.accounts.models import Session
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]

OPEN = {
    "healthz": "asked by monitors",
    "favicon": "a picture",
    "account:login": "the door",
    "account:code": "its second step, which knows nobody without the first",
    "account:logout": "whoever is out already may go out",
    "account:language": "the door speaks both languages",
    "api:json:openapi": "how programs ask: the same for every company",
}
BEFORE_THE_PASSWORD = {"account:password"}
BEFORE_THE_CODES = {"account:second-factor", "account:prove"}
SAMPLES = {"int": 1, "slug": "x", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def addresses() -> Iterator[tuple[str, str]]:
    """Every address with its name, arguments filled in."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: Any, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}"
            converters = pattern.pattern.converters.items()
            yield name, reverse(name, kwargs={key: SAMPLES[_kind(one)] for key, one in converters})
        else:
            yield from _walk(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


API = "api:json"
"""Programs have a door of their own, which knows tokens only: see test_every_operation.py."""
CLOSED = [(name, address) for name, address in addresses() if name not in OPEN and not name.startswith(API)]
PROGRAMS = [(name, address) for name, address in addresses() if name.startswith(API) and name not in OPEN]


def test_what_is_open_exists():
    assert OPEN.keys() <= {name for name, _address in addresses()}
    assert len(CLOSED) > 40


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head"])
def test_a_stranger_is_led_to_the_door(method):
    stranger = Client()
    for name, address in CLOSED:
        answer = getattr(stranger, method)(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/login/"), name
        fragment = getattr(stranger, method)(address, headers={"HX-Request": "true"})
        assert fragment.status_code == 401, name
        assert method == "head" or b'name="password"' in fragment.content, name


def test_no_session_opens_the_door_of_programs():
    signed_in = Client()
    signed_in.force_login(cast.make_user("owner", holds_all=True))
    assert len(PROGRAMS) > 20
    for client in (Client(), signed_in):
        for name, address in PROGRAMS:
            assert client.get(address).status_code in {401, 404, 405}, name
            assert client.post(address, "{}", "application/json").status_code in {401, 404, 405}, name


def test_a_disabled_user_is_led_to_the_door():
    user = cast.make_user("gone", holds_all=True)
    client = Client()
    client.force_login(user)
    with cast.change() as change:
        change.update(user, is_active=False)
    for name, address in CLOSED:
        assert client.get(address).status_code == 302, name
    assert Session.objects.filter(user=user).count() <= 1


def leads_to(client: Client, target: str, *, apart_from: set[str]) -> None:
    """Every closed address but these leads there, by a link and by htmx alike."""
    for name, address in CLOSED:
        if name in apart_from:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert answer.status_code in {302, 303}, name
            assert answer["Location"] == target, name
            fragment = getattr(client, method)(address, headers={"HX-Request": "true"})
            assert (fragment.status_code, fragment["HX-Redirect"]) == (204, target), name


def test_whoever_has_a_one_time_password_chooses_their_own_first():
    user = cast.make_user("newcomer", holds_all=True, must_change_password=True)
    client = Client()
    client.force_login(user)
    leads_to(client, "/account/password/", apart_from=BEFORE_THE_PASSWORD)


def test_whose_role_requires_codes_sets_them_up_first():
    user = cast.make_user("careless", holds_all=True)
    with cast.change() as change:
        change.update(user.roles.get(), second_factor=True)
    client = Client()
    client.force_login(user)
    leads_to(client, "/account/second-factor/", apart_from=BEFORE_THE_CODES)
