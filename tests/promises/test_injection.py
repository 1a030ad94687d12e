"""Nothing that is sent names what was not declared: no field to write, no column to sort or to narrow a list by."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.api.bodies import Sent
from guanxi.dictionary.actions import fill_dictionary
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource
from tests import cast
from tests.promises.records import FACTORIES

pytestmark = pytest.mark.django_db

LISTS = [one for one in all_resources if one.key != "system.role"]
"""That of roles is the page of the first one."""
EDITED = [one for one in all_resources if type(one).edit is not None]
BOOKKEEPING = {"version", "updated_at"}
EVIL = [
    "id); DROP TABLE accounts_user; --",
    "1' OR '1'='1",
    "password",
    "manager__password",
    "user__password__startswith",
    "created_by__password",
    "pk__in",
    "?",
    "-?",
    "RANDOM()",
    "-created_by__password",
]
LOOKUPS = ("", "__startswith", "__regex", "__isnull", ".from", ".to")


@pytest.fixture
def owner():
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True, password="md5$secret")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sample(field: Any, owner: Any) -> Any:
    """Some value that a model's field would take, and hardly has."""
    if field.is_relation:
        return owner.pk
    for kind, value in [
        (models.BooleanField, "on"),
        (models.IntegerField, "7"),
        (models.DecimalField, "7"),
        (models.DateTimeField, datetime(2020, 11, 1, 8).isoformat()),
        (models.DateField, date(2020, 11, 1).isoformat()),
    ]:
        if isinstance(field, kind):
            return value
    return "x"


def undeclared(resource: Resource, form: Any) -> Iterator[Any]:
    """The columns of a model that its form does not declare."""
    yield from (
        one for one in resource.model._meta.concrete_fields if one.name not in form.fields and not one.primary_key
    )


@pytest.mark.parametrize("resource", EDITED, ids=lambda one: one.key)
def test_a_form_writes_declared_fields_alone(owner, resource):
    """The form as it stands is sent with every other column of the model beside it."""
    record = FACTORIES[resource.model](owner, 1)
    form = resource.form(user=owner, record=record)
    others = list(undeclared(resource, form))
    data = Sent({}, form).read(begin=True).data
    for field in others:
        data[field.name] = data[field.attname] = sample(field, owner)
    before = resource.model._base_manager.filter(pk=record.pk).values().get()
    answer = client_of(owner).post(resource.url("edit", record.pk), data)
    assert answer.status_code in {303, 422}, answer.content.decode()[:500]
    after = resource.model._base_manager.filter(pk=record.pk).values().get()
    derived = getattr(resource.model, "derived", frozenset())
    for field in others:
        if field.name not in BOOKKEEPING | derived:
            assert after[field.attname] == before[field.attname], field.name


def asked(client: Client, address: str) -> tuple[int, list[str]]:
    """The status of a list, and what it asked the database for."""
    with CaptureQueriesContext(connection) as caught:
        status = client.get(address).status_code
    return status, sorted(one["sql"] for one in caught.captured_queries)


@pytest.mark.parametrize("resource", LISTS, ids=lambda one: one.key)
def test_no_list_is_narrowed_by_what_it_does_not_declare(owner, resource):
    FACTORIES[resource.model](owner, 1)
    client, declared = client_of(owner), {*resource.filters, *resource.further_filters, *resource.wholes}
    client.get(resource.url("list"))
    plain = asked(client, resource.url("list"))
    names = [field.name for field in resource.model._meta.concrete_fields if field.name not in declared]
    wanted = [f"{name}{end}" for name in (*names, "created_by__password", "by__password") for end in LOOKUPS]
    query = "&".join(f"{name}=1" for name in wanted)
    status, statements = asked(client, f"{resource.url('list')}?{query}")
    assert status == plain[0]
    assert [one for one in statements if "password" in one.lower() and "like" in one.lower()] == []
    assert sorted(map(_conditions, statements)) == sorted(map(_conditions, plain[1]))


def _conditions(statement: str) -> str:
    """What a statement narrows by, its moments and keys left out."""
    return re.sub(r"'[^']*'", "?", statement).partition(" WHERE ")[2]


@pytest.mark.parametrize("resource", LISTS, ids=lambda one: one.key)
def test_no_list_is_sorted_by_what_it_does_not_declare(owner, resource):
    FACTORIES[resource.model](owner, 1)
    client = client_of(owner)
    client.get(resource.url("list"))
    plain = asked(client, resource.url("list"))
    names = {field.name for field in resource.model._meta.concrete_fields} - set(resource.sorts)
    for name in [*EVIL, *sorted(names)]:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(resource.url("list"), {"sort": name}).status_code == plain[0], name
        assert sorted(_order(one["sql"]) for one in caught.captured_queries) == sorted(map(_order, plain[1])), name


def _order(statement: str) -> str:
    """What a statement sorts by, if by anything."""
    return statement.rpartition(" ORDER BY ")[2] if " ORDER BY " in statement else ""
