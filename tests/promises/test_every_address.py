"""The access matrix: every address × who asks × how; a refusal changes not one row, an undeclared address fails."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from guanxi.accounts.models import Session, SignIn, TryCount, User
from guanxi.api.application import all_operations
from guanxi.api.models import Token
from guanxi.customers.models import Customer
from guanxi.history.models import ChangeSet, Stamp
from guanxi.reports.report import reports
from guanxi.retention.models import LossCase
from guanxi.system.home_cards import all_cards
from guanxi.transfer.models import Import
from guanxi.web.pages import OptionsPage
from guanxi.web.pages.base import ResourcePage
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources
from tests import cast
from tests.promises.records import FACTORIES

pytestmark = pytest.mark.django_db

SIGNED_IN = {
    "account:home",
    "account:home-arrange",
    "web:search",
    "account:logout",
    "account:profile",
    "account:password",
    "account:second-factor",
    "account:second-factor-off",
    "account:recovery-codes",
    "account:prove",
    "account:sessions",
    "account:sessions-end",
    "account:session-end",
    "account:notices",
    "account:notices-read",
    "account:notice-open",
    "account:bin",
    "api:own",
    "api:own-revoke",
}
"""Open to everybody who is signed in: they show and change what is one's own."""

GUARDED: dict[str, type[Any]] = {
    "retention:scans": LossCase,
    "system:redaction": ChangeSet,
    "system:access-check": User,
    "system:reveal": Customer,
    "account:home-card": Customer,
    "transfer:import-new": Import,
    "transfer:import-sample": Import,
    "transfer:import-match": Import,
    "transfer:import-wizard": Import,
    "transfer:import-start": Import,
    "transfer:import-refused": Import,
    "reports:index": Customer,
    **{f"reports:{name}{page}": one.model for name, one in reports.items() for page in ("", "-count", "-export")},
    "api:own-new": Token,
}
"""Pages of their own beside a resource, with the model whose record they are about: they ask for a permission, too."""

OPEN = {
    *("healthz", "favicon", "account:login", "account:code", "account:language"),
    *("api:json:openapi", "api:json:nothing"),
}
"""Open to everybody."""

DEBUG_ONLY = {"web:styleguide", "web:styleguide-options"}
"""Not there unless GUANXI_DEBUG is set."""

OPERATIONS = {f"api:json:{operation.address}" for operation in all_operations()}
"""Those of programs, which ask for a token: `test_every_operation.py` has their matrix."""

METHODS = ("get", "post")


@dataclass(frozen=True)
class Address:
    """One address of the URL conf. `page` is a resource's page with its options, or None."""

    name: str
    names: tuple[str, ...]
    page: Any

    def url(self, record: Any = None) -> str:
        values = {
            "pk": getattr(record, "pk", 1),
            "tab": tab_of(self.page),
            "key_hash": "none",
            "name": "customers",
            "card": "follow-ups",
            "field": "name",
        }
        return reverse(self.name, kwargs={name: values[name] for name in self.names})

    @property
    def known_to_all(self) -> bool:
        return isinstance(self.page, OptionsPage) and self.page.resource.known_to_all


def addresses(resolver: Any = None, space: str = "") -> Iterator[Address]:
    """Every address, those of included apps by their full name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        else:
            yield Address(f"{space}{pattern.name}", tuple(pattern.pattern.converters), page_of(pattern.callback))


def page_of(view: Any) -> Any:
    kind = getattr(view, "view_class", None)
    return kind(**view.view_initkwargs) if kind and issubclass(kind, ResourcePage) else None


def tab_of(page: Any) -> str:
    """The last tab of a record: its history, where the log keeps one."""
    return tabs_of(page.resource)[-1].name if page is not None else "history"


ALL = list(addresses())
PAGES = [one for one in ALL if one.page is not None]
SKIPPED = {Session, SignIn, TryCount, Stamp}
"""What a request may leave although it is refused; and stamps, which follow other rows."""


def fingerprint() -> str:
    """A hash over every row of every table but the log of refusals and what sessions leave."""
    digest = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model in SKIPPED:
            continue
        rows = model._base_manager.order_by("pk")
        if model is ChangeSet:
            rows = rows.exclude(state=ChangeSet.State.REFUSED)
        digest.update(f"{model._meta.label}{list(rows.values_list())}".encode())
    return digest.hexdigest()


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


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if one row of any table is another afterwards."""
    before = fingerprint()
    yield
    assert fingerprint() == before, "a refused request changed something"


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


def shared(model: Any) -> bool:
    return bool(getattr(model._default_manager.all(), "shared", False))


def url_of(address: Address, world: dict[str, Any]) -> str:
    model = address.page.resource.model if address.page is not None else GUARDED.get(address.name)
    return address.url(world["records"].get(model))
