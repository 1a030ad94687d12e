"""The access matrix of the API: every operation × who asks × method; a refusal changes not one row."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import User
from guanxi.api.actions import revoke_token
from guanxi.api.application import all_operations
from guanxi.api.operations import Operation
from guanxi.api.secrets import new_secret
from guanxi.history.models import ChangeSet, Way
from guanxi.web.registry import all_resources
from tests import cast
from tests.api.caller import Caller, make_token
from tests.promises.policy import shared
from tests.promises.records import FACTORIES
from tests.promises.test_every_address import to_sign_in
from tests.promises.watching import nothing_changes

pytestmark = pytest.mark.django_db

OPERATIONS = all_operations()
PATHS = {operation.path for operation in OPERATIONS}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
REFUSED = ["nobody", "cookie", "garbage", "malformed", "expired", "revoked", "disabled"]
"""Who is not let in at all."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One record of every model and the programs that ask, made once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sync", verbosity=0)
        owner = cast.make_user("owner", holds_all=True)
        records = {model: make(owner, number) for number, (model, make) in enumerate(FACTORIES.items(), start=1)}
        callers = dict(made(owner))
        for name in ("stranger", "colleague", "reader", "newcomer", "owner"):
            callers[name].get("/customers/")  # the first use is kept; what follows within minutes is not
        yield {"records": records, "person": owner} | callers
        transaction.set_rollback(True)


def made(owner: User) -> Iterator[tuple[str, Caller]]:
    rights = sorted({operation.permission for operation in OPERATIONS})
    now = timezone.now()
    gone, secret = make_token(owner)
    with cast.change(by=owner, at=now) as change:
        revoke_token(gone, change=change)
    disabled = cast.make_user("disabled", holds_all=True)
    closed = make_token(disabled)[1]
    with cast.change() as change:
        change.update(disabled, is_active=False)
    yield "nobody", Caller()
    yield "garbage", Caller(new_secret())
    yield "malformed", Caller(authorization="Basic b3duZXI6cGFzc3dvcmQ=")
    yield "expired", Caller(make_token(owner, expires_at=now - timedelta(seconds=1))[1])
    yield "revoked", Caller(secret)
    yield "disabled", Caller(closed)
    cookie = Caller()
    cookie.client.force_login(owner)
    yield "cookie", cookie
    yield "stranger", Caller(make_token(cast.make_user("stranger"))[1])
    yield "colleague", Caller(make_token(cast.make_user("colleague", *rights, scope="own"))[1])
    yield "reader", Caller(make_token(owner, scope="read")[1])
    yield "newcomer", Caller(make_token(cast.make_user("new", *rights, scope="all", must_change_password=True))[1])
    yield "owner", Caller(make_token(owner)[1])


def path_of(operation: Operation, world: dict[str, Any]) -> str:
    record = world["records"][operation.door.resource.model]
    return operation.path.replace("{int:pk}", str(record.pk)).replace("{slug:field}", "name")


def methods_of(path: str) -> set[str]:
    return {operation.method for operation in OPERATIONS if operation.path == path}


def headers_of(operation: Operation) -> dict[str, str]:
    return {"If_Match": "*"} if operation.name == "edit" else {}


def test_every_declared_resource_has_its_operations():
    assert {one.door.resource for one in OPERATIONS} == {one for one in all_resources if one.api_fields}
    for resource in (one for one in all_resources if one.api_fields):
        kind = type(resource)
        standing = {verb for verb in ("create", "edit", "bin", "restore") if getattr(kind, verb) is not None}
        wanted = {"list", "record", *standing, *(action.verb for action in resource.actions)}
        mine = {one.name for one in OPERATIONS if one.door.resource is resource}
        assert {name for name in mine if not name.endswith("choices")} == wanted, resource.key
    assert len(OPERATIONS) > 60
    assert len({one.key for one in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_asks_for_the_permission_of_its_page():
    for one in OPERATIONS:
        verbs = one.door.resource.verbs()
        page = one.name.removesuffix("-choices")
        assert one.permission == verbs[{"list": "view", "record": "view", "choices": "create"}.get(page, page)], one.key


@pytest.mark.parametrize("who", REFUSED)
def test_who_has_no_token_that_opens_is_refused_everywhere(world, who):
    with nothing_changes():
        for operation in OPERATIONS:
            answer = world[who].ask(operation.method, path_of(operation, world), {})
            assert answer.status_code == 401, (operation.key, answer.status_code)
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer.json()["errors"] == {}


def test_answers_to_all_of_them_are_alike(world):
    answers = {world[who].get("/customers/").content for who in REFUSED}
    assert len(answers) == 1


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused(world, method):
    with nothing_changes():
        for operation in OPERATIONS:
            if method not in methods_of(operation.path):
                answer = world["owner"].ask(method, path_of(operation, world), {})
                assert answer.status_code == 405, (operation.key, method)
                assert set(answer["Allow"].split(", ")) == methods_of(operation.path)


def test_a_stranger_without_permission_is_refused_and_that_is_logged(world):
    before = ChangeSet.objects.filter(state="refused", way=Way.API).count()
    with nothing_changes():
        for operation in OPERATIONS:
            answer = world["stranger"].ask(operation.method, path_of(operation, world), {}, **headers_of(operation))
            assert answer.status_code == 403, (operation.key, answer.status_code)
    logged = ChangeSet.objects.filter(state="refused", way=Way.API).order_by("pk")[before:]
    assert [one.verb for one in logged] == [one.permission for one in OPERATIONS]


def test_a_colleague_does_not_find_what_lies_outside_their_scope(world):
    with nothing_changes():
        for operation in OPERATIONS:
            if "{int:pk}" not in operation.path or shared(operation.door.resource.model):
                continue
            path = path_of(operation, world)
            missing = operation.path.replace("{int:pk}", "987654321").replace("{slug:field}", "name")
            answers = [
                world["colleague"].ask(operation.method, one, {}, **headers_of(operation)) for one in (path, missing)
            ]
            assert [one.status_code for one in answers] == [404, 404], operation.key
            assert answers[0].content == answers[1].content, operation.key


def test_a_colleague_lists_nothing_of_others(world):
    for operation in OPERATIONS:
        if operation.name == "list" and not shared(operation.door.resource.model):
            answer = world["colleague"].get(path_of(operation, world))
            assert answer.json() == {"items": [], "next": None}, operation.key


def test_a_token_that_reads_changes_nothing(world):
    with nothing_changes():
        for operation in OPERATIONS:
            answer = world["reader"].ask(operation.method, path_of(operation, world), {}, **headers_of(operation))
            if operation.writes:
                assert answer.status_code == 403, operation.key
                assert answer.json()["detail"] == "This token may only read."
            else:
                assert answer.status_code in {200, 404}, operation.key


def test_who_must_choose_a_password_does_that_first(world):
    with nothing_changes():
        for operation in OPERATIONS:
            answer = world["newcomer"].ask(operation.method, path_of(operation, world), {}, **headers_of(operation))
            assert answer.status_code == 403, operation.key
            assert answer.json()["detail"] == "Sign in and choose your own password first."


def test_who_lacks_the_second_factor_that_a_role_requires_sets_it_up_first(world):
    with transaction.atomic():
        with cast.change() as change:
            change.update(world["person"].roles.get(), second_factor=True)
        answer = world["owner"].get("/customers/")
        transaction.set_rollback(True)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Sign in and set up two-factor codes first: your role requires them."


def test_whoever_may_act_gets_a_described_answer_to_an_empty_body(world):
    for operation in OPERATIONS:
        with transaction.atomic():
            answer = world["owner"].ask(operation.method, path_of(operation, world), {}, **headers_of(operation))
            transaction.set_rollback(True)
        assert answer.status_code in {200, 201, 204, 404, 409, 422}, (operation.key, answer.content)
        assert answer["Cache-Control"] == "no-store"


def test_a_token_does_not_open_pages(world):
    secret = make_token(world["person"])[1]
    answer = Client().get("/customers/", headers={"Authorization": f"Bearer {secret}"})
    assert to_sign_in(answer)


def test_what_lies_nowhere_below_the_api_is_a_problem_for_everybody():
    for path in ("/", "/nothing/", "/customers", "/customers/x/", "/customers/-1/", "/customers/1/steal/"):
        for method in METHODS:
            answer = Caller().ask(method, path, {})
            assert answer.status_code == 404, (method, path)
            assert answer["Content-Type"] == "application/problem+json"
