"""The access matrix: every address × who asks × how; a refusal changes not one row, an undeclared address fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from guanxi.accounts.models import User
from guanxi.system.home_cards import all_cards
from guanxi.web.registry import all_resources
from tests import cast
from tests.promises.policy import ALL, DEBUG_ONLY, GUARDED, OPEN, OPERATIONS, PAGES, SIGNED_IN, Address, shared
from tests.promises.records import FACTORIES
from tests.promises.watching import nothing_changes

pytestmark = pytest.mark.django_db

METHODS = ("get", "post")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One record of every model and the people who ask, made once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sync", verbosity=0)
        owner = cast.make_user("owner", holds_all=True)
        records = {model: make(owner, number) for number, (model, make) in enumerate(FACTORIES.items(), start=1)}
        rights = sorted({address.page.permission() for address in PAGES})
        yield {
            "records": records,
            "owner": owner,
            "stranger": cast.make_user("stranger"),
            "colleague": cast.make_user("colleague", *rights, scope="own"),
            "disabled": cast.make_user("disabled", holds_all=True),
        }
        transaction.set_rollback(True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def to_sign_in(answer: Any) -> bool:
    return answer.status_code in {302, 303} and answer["Location"].startswith(reverse(settings.LOGIN_URL))


def test_every_address_is_declared():
    written = SIGNED_IN | GUARDED.keys() | OPEN | DEBUG_ONLY | OPERATIONS
    others = {one.name for one in ALL if one.page is None}
    assert others - written == set(), "say who may open it"
    assert written - others == set(), "no such address"


def test_every_page_of_the_registry_is_there():
    assert {one.page.resource for one in PAGES} == set(all_resources)
    assert {one.page.resource.model for one in PAGES} == set(FACTORIES)
    assert len(PAGES) > 90


@pytest.mark.parametrize("method", METHODS)
class TestMatrix:
    def test_nobody_gets_in_without_signing_in(self, world, method):
        with nothing_changes():
            for address in ALL:
                if address.name in OPEN | OPERATIONS:
                    continue
                answer = getattr(Client(), method)(url_of(address, world))
                assert to_sign_in(answer) or answer.status_code == 405, (address, answer.status_code)

    def test_a_disabled_user_is_as_good_as_nobody(self, world, method):
        client = client_of(world["disabled"])
        with cast.change() as change:
            change.update(User.objects.get(pk=world["disabled"].pk), is_active=False)
        with nothing_changes():
            for address in ALL:
                if address.name in OPEN | OPERATIONS:
                    continue
                answer = getattr(client, method)(url_of(address, world))
                assert to_sign_in(answer) or answer.status_code == 405, (address, answer.status_code)

    def test_a_stranger_without_permission_is_refused(self, world, method):
        client = client_of(world["stranger"])
        with nothing_changes():
            for address in PAGES:
                answer = getattr(client, method)(url_of(address, world))
                expected = {200, 405} if address.known_to_all else {403}
                assert answer.status_code in expected, (address, answer.status_code)

    def test_a_stranger_is_refused_on_pages_beside_a_resource(self, world, method):
        client = client_of(world["stranger"])
        with nothing_changes():
            for address in ALL:
                if address.name in GUARDED:
                    answer = getattr(client, method)(url_of(address, world))
                    assert answer.status_code in {403, 404, 405}, (address, answer.status_code)

    def test_a_colleague_does_not_find_what_lies_outside_their_scope(self, world, method):
        client = client_of(world["colleague"])
        with nothing_changes():
            for address in PAGES:
                if "pk" not in address.names or shared(address.page.resource.model):
                    continue
                answer = getattr(client, method)(url_of(address, world))
                assert answer.status_code in {404, 405}, (address, answer.status_code)


def test_whoever_may_read_reads_and_changes_nothing_by_it(world):
    client = client_of(world["owner"])
    with nothing_changes():
        for address in PAGES:
            answer = client.get(url_of(address, world))
            only_sent = address.name.endswith("-columns")
            assert answer.status_code in ({404} if only_sent else {200, 302, 405}), (address, answer.status_code)


def test_whoever_may_act_gets_an_answer_whatever_they_send(world):
    client = client_of(world["owner"])
    for address in PAGES:
        with transaction.atomic():
            answer = client.post(url_of(address, world))
            if answer.streaming:
                assert b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        assert answer.status_code in {200, 302, 303, 405, 409, 422}, (address, answer.status_code)


CARDS = sorted(all_cards)


@pytest.mark.parametrize("card", CARDS)
class TestEveryCard:
    """Each card of the start page has an address of its own."""

    def test_it_is_for_those_alone_who_hold_its_permission(self, world, card):
        with nothing_changes():
            for method in METHODS:
                address = reverse("account:home-card", args=[card])
                assert to_sign_in(getattr(Client(), method)(address))
                assert getattr(client_of(world["stranger"]), method)(address).status_code == 403
                assert getattr(client_of(world["owner"]), method)(address).status_code == 200

    def test_one_permission_of_those_it_names_is_enough(self, world, card):
        for number, permission in enumerate(all_cards[card].permissions):
            with transaction.atomic():
                reader = cast.make_user(f"reader {number}", permission)
                assert client_of(reader).get(reverse("account:home-card", args=[card])).status_code == 200, permission
                transaction.set_rollback(True)


def url_of(address: Address, world: dict[str, Any]) -> str:
    return address.url(world["records"].get(address.model))
