"""The description of the API is true: what schemathesis makes of it is answered as it says."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guanxi.api.application import all_operations, description
from guanxi.config.wsgi import application
from tests import cast
from tests.api.caller import Caller, make_token
from tests.full import FULL
from tests.promises.records import FACTORIES

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db]
EXAMPLES = 60 if FULL else 3
"""Requests for each operation and each person."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WHO = ["nobody", "lowest", "administrator"]


@contextmanager
def connection_kept() -> Iterator[None]:
    """Let no request end the connection that holds the transaction, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def schema(people: Any) -> Any:
    """The description as schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application, headers={"Host": "localhost"})


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A database with one record of every model, and the headers of three people, taken back at the end."""
    with django_db_blocker.unblock(), connection_kept(), transaction.atomic():
        call_command("sync", verbosity=0)
        owner = cast.make_user("owner", holds_all=True)
        for number, make in enumerate(FACTORIES.values(), start=1):
            make(owner, number)
        lowest = cast.make_user("lowest", "customers.view_customer", masks=["phone", "amount", "bank"])
        yield {
            "nobody": {},
            "lowest": {"Authorization": f"Bearer {make_token(lowest)[1]}"},
            "administrator": {"Authorization": f"Bearer {make_token(owner)[1]}"},
        }
        transaction.set_rollback(True)


def fitting(operation: Any) -> Any:
    """Requests as the description allows them."""
    return operation.as_strategy(generation_mode=GenerationMode.POSITIVE)


def odd(operation: Any) -> Any:
    """Requests that it does not allow."""
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def operations_of(schema: Any) -> list[Any]:
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("who", WHO)
def test_no_answer_is_undescribed_and_none_is_a_fault(schema, people, who, caplog, record_property):
    caplog.set_level(logging.CRITICAL)
    asked: dict[int, int] = {}
    for operation in operations_of(schema):
        if operation.path == "/api/openapi.json":
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=not FULL,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=fitting(operation) | odd(operation), known=st.booleans())
        def ask(case: Any, known: Any) -> None:
            if known and "pk" in case.path_parameters:
                case.path_parameters["pk"] = 1
            with transaction.atomic():
                answer = case.call(headers={"Host": "localhost", **people[who]})
                transaction.set_rollback(True)
            asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
            case.validate_response(answer, checks=CHECKS)

        ask()
    assert sum(asked.values()) >= len(all_operations())
    assert not [status for status in asked if status >= 500]
    assert set(asked) <= {400, 401, 404} if who == "nobody" else len(asked) > 3, asked
    record_property("answers", f"{who}: {sum(asked.values())} requests, {asked}")


def test_everybody_reads_the_description_and_every_operation_is_in_it():
    answer = Caller().get("/openapi.json")
    assert answer.content == description()
    told = answer.json()
    wanted = {
        (one.method.lower(), "/api" + one.path.replace("{int:pk}", "{pk}").replace("{slug:", "{"))
        for one in all_operations()
    }
    assert {(method, path) for path, methods in told["paths"].items() for method in methods} == wanted
    assert told["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    assert Caller().post("/openapi.json").status_code == 405


def test_its_words_are_english_whoever_asks_first():
    assert "客户" not in description().decode()
