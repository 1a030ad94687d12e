"""Promises over the whole registry: nobody gets in without the right, and pages do not grow with their rows."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from guanxi.accounts.models import Session, User
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import Change, ChangeSet
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource
from tests import cast
from tests.promises.records import FACTORIES

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_OF_A_CUSTOMER = 16
"""The page of a customer gathers seven kinds of events; ADR 0018 says why it may ask more."""
RESOURCES = list(all_resources)
OWNED = [one for one in RESOURCES if not getattr(one.model._default_manager.all(), "shared", False)]
"""Those whose rows are somebody's; the others belong to the company."""


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.key)
def test_what_is_shown_of_a_record_is_called_by_a_chinese_name(resource):
    names = {*resource.all_columns, *resource.sorts, *resource.head, *resource.meta}
    names |= {name for _label, group in resource.details for name in group}
    with translation.override("zh-hans"):
        labels = {name: str(resource.column(name).label) for name in names}
    assert {name: label for name, label in labels.items() if not re.search(r"[\u4e00-\u9fff]", label)} == {}


@pytest.fixture
def owner():
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True)


def pages_of(resource: Resource, record: Any) -> list[tuple[str, str, str]]:
    """Every address of a resource with the methods that it answers: (method, address, verb)."""
    pages = [("get", "list", ""), ("get", "options", "pick"), ("post", "columns", ""), ("get", "record", "view")]
    kind = type(resource)
    if kind.create:
        pages += [("get", "create", "create"), ("post", "create", "create")]
    if kind.edit:
        pages += [("get", "edit", "edit"), ("post", "edit", "edit")]
    if kind.bin:
        pages += [("get", "bin", "bin"), ("post", "bin", "bin"), ("post", "bulk-bin", "bin")]
    if kind.restore:
        pages += [("post", "restore", "restore")]
    if resource.exports:
        pages += [("post", "export", "export")]
    for action in resource.actions:
        pages += [("get", action.verb, action.verb), ("post", action.verb, action.verb)]
        pages += [("post", f"bulk-{action.verb}", action.verb)] if action.bulk else []
    found = [(method, address_of(resource, page, record), verb) for method, page, verb in pages]
    return [*found, ("get", reverse(resource.url_name("panel"), args=[record.pk, tabs_of(resource)[-1].name]), "view")]


def address_of(resource: Resource, page: str, record: Any) -> str:
    whole = page in {"list", "options", "columns", "create", "export"} or page.startswith("bulk-")
    return reverse(resource.url_name(page), args=[] if whole else [record.pk])


def fingerprint() -> list[Any]:
    """Every business row; refusals are logged, and that is all that they may leave."""
    models = [*(FACTORIES.keys() - {ChangeSet, Session}), Change]
    rows = [list(model._base_manager.order_by("pk").values()) for model in models]
    return [*rows, ChangeSet.objects.exclude(state=ChangeSet.State.REFUSED).count()]


def test_every_model_with_pages_is_tried_here():
    assert {resource.model for resource in RESOURCES} == set(FACTORIES)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.key)
class TestEveryResource:
    def test_a_stranger_is_refused_everywhere_and_changes_nothing(self, resource, owner):
        record = FACTORIES[resource.model](owner, 1)
        stranger = client_of(cast.make_user("stranger"))
        before = fingerprint()
        for method, address, verb in pages_of(resource, record):
            answer = getattr(stranger, method)(address, {"id": [record.pk]})
            open_to_all = resource.known_to_all and verb == "pick"
            assert answer.status_code == (200 if open_to_all else 403), (method, address)
        assert fingerprint() == before

    def test_nobody_gets_in_without_signing_in(self, resource, owner):
        record = FACTORIES[resource.model](owner, 1)
        before = fingerprint()
        for method, address, _verb in pages_of(resource, record):
            answer = getattr(Client(), method)(address)
            assert answer.status_code in {302, 303, 401, 200}, (method, address)
            assert b"row-" not in answer.content
        assert fingerprint() == before

    @pytest.mark.once
    def test_the_list_asks_as_much_for_thirty_rows_as_for_one(self, resource, owner):
        client = client_of(owner)
        record = FACTORIES[resource.model](owner, 1)
        addresses = [resource.url("list"), f"{resource.url('list')}?part=count&page=1"]
        addresses += [resource.url("record", record.pk), resource.url("options")]
        one = [queries(client, address) for address in addresses]
        for number in range(2, 31):
            FACTORIES[resource.model](owner, number)
        assert [queries(client, address) for address in addresses] == one
        most = MOST_OF_A_CUSTOMER if resource.key == "customers.customer" else MOST_QUERIES
        assert max(one) <= most, dict(zip(addresses, one, strict=True))

    def test_every_verb_has_a_permission_of_its_app(self, resource):
        for verb, permission in resource.verbs().items():
            app, _dot, name = permission.partition(".")
            assert app == resource.model._meta.app_label
            assert "_" in name, verb


@pytest.mark.parametrize("resource", OWNED, ids=lambda resource: resource.key)
class TestEveryResourceWhoseRowsAreSomebodys:
    def test_a_colleague_out_of_reach_finds_nothing_and_changes_nothing(self, resource, owner):
        record = FACTORIES[resource.model](owner, 1)
        rights = sorted({*resource.verbs().values()})
        colleague = client_of(cast.make_user("colleague", *rights, scope="own"))
        before = fingerprint()
        for method, address, verb in pages_of(resource, record):
            if verb in {"", "pick", "create"} or str(record.pk) not in address:
                continue
            answer = getattr(colleague, method)(address)
            assert answer.status_code == 404, (method, address)
        listed = colleague.get(resource.url("list"))
        assert f'id="row-{record.pk}"'.encode() not in listed.content
        options = colleague.get(resource.url("options")).json()["options"]
        assert options == []
        assert fingerprint() == before

    def test_a_selection_out_of_reach_changes_nothing(self, resource, owner):
        record = FACTORIES[resource.model](owner, 1)
        colleague = client_of(cast.make_user("colleague", *resource.verbs().values(), scope="own"))
        before = fingerprint()
        for method, address, _verb in pages_of(resource, record):
            own = address.endswith(("/columns/", "/export/"))
            if method == "post" and not own and str(record.pk) not in address.split("/"):
                getattr(colleague, method)(address, {"id": [record.pk]})
        assert fingerprint() == before

    def test_nothing_out_of_reach_leaves_as_a_file(self, resource, owner):
        if not resource.exports:
            return
        FACTORIES[resource.model](owner, 1)
        taken = client_of(owner).post(resource.url("export"), {"format": "csv"})
        assert len(b"".join(taken.streaming_content).splitlines()) == 1 + resource.rows(owner).count()
        colleague = client_of(cast.make_user("colleague", *resource.verbs().values(), scope="own"))
        answer = colleague.post(resource.url("export"), {"format": "csv"})
        assert len(b"".join(answer.streaming_content).splitlines()) == 1


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = client.get(address)
    assert answer.status_code in {200, 302}, "one page may lead to another"
    return len(caught)
