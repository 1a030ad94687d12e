"""The full access matrix: every address and operation × everybody × every record case × every method.

A sample of it runs always; `make promises` walks all of it and prints how many cells it has.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from guanxi.api.application import all_operations
from guanxi.api.operations import Operation
from guanxi.customers.models import Customer
from guanxi.demo.people import POSTS
from guanxi.web.pages import RestorePage
from tests.full import FULL, POSTGRESQL
from tests.promises.crowd import Crowd, Person, locked_out, shut_out
from tests.promises.policy import (
    ALL,
    DEBUG_ONLY,
    GUARDED,
    OPEN,
    OPERATIONS,
    OWN_ONLY,
    POSTED,
    REACHED,
    SIGNED_IN,
    Address,
)
from tests.promises.test_every_address import to_sign_in
from tests.promises.watching import fingerprint, writes

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("quiet_log")]

SAMPLE = (3 if POSTGRESQL else 1) if FULL else 31
"""Every so many cells is walked: who may do what is no matter of the database, which rows are found hardly is."""
ROLES = [post.name for post in POSTS]
PEOPLE = [*ROLES, *REACHED, "nobody's", "program that reads"] if FULL else ["销售主管"]
METHODS = ("get", "post", "head", "put", "patch", "delete", "options")
MAIN = METHODS[:2]
MISSING = 987_654_321
STRICTER = {"system:changeset-undo"}
"""Pages that ask for more than their permission, of what the record is about."""
HELD_BACK = {"account:logout"}
"""Whoever is out already may go out."""
VARIES = re.compile(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken":\s*"|csrf[^"]*" content=")[^"]*')


@dataclass
class Tally:
    """What was walked and what was wrong."""

    cells: int = 0
    leaks: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def tell(self, record_property: Any) -> None:
        """Hand the figures on to the last line of the run, and fail on anything wrong."""
        record_property("cells", self.cells)
        record_property("leaks", len(self.leaks))
        record_property("changed", len(self.changed))
        assert not self.leaks, f"{len(self.leaks)} leaks: " + "\n".join(self.leaks[:40])
        assert not self.changed, f"{len(self.changed)} changed: " + "\n".join(self.changed[:40])
        assert self.cells > 0


@pytest.fixture
def person(request: Any, crowd: Crowd) -> Person:
    """Somebody of this name, with records of each model that are their own."""
    return crowd.join(request.param)


def walked(total: Iterator[int]) -> bool:
    return next(total) % SAMPLE == 0


def methods_of(case: str) -> tuple[str, ...]:
    """Every method where something is found and where nothing is; those that act, everywhere."""
    return METHODS if case in {"own", "there", "elsewhere", "missing"} else MAIN


def answers(page: Any, method: str) -> bool:
    """Whether a page of a resource answers a method at all."""
    kind = type(page)
    return hasattr(kind, method) or (method == "head" and hasattr(kind, "get"))


def expected(address: Address, person: Person, method: str, case: str) -> set[Any]:
    """The answers that the policy allows for one cell; `found` stands for any answer to whoever may."""
    if address.name in OWN_ONLY and case not in {"", "own"} and address.permissions <= person.rights:
        return {404, 405}
    if address.name in SIGNED_IN:
        leads_out = {302, 303} if address.name in HELD_BACK else set()
        return {"found", 404, *leads_out}
    if address.permissions and not address.permissions & person.rights:
        return {403} if address.page is not None else {403, 405}
    if method == "post" and not {POSTED.get(address.name)} - {None} <= person.rights:
        return {403}
    if address.page is not None and not answers(address.page, method):
        return {405}
    if address.name.endswith("-columns") and method in {"get", "head"}:
        return {404}
    if method == "options" and address.page is not None:
        return {200}
    restores = isinstance(address.page, RestorePage) or address.name == "system:redaction"
    if case and not person.finds(address.model, case, restores=restores):
        return {404} if address.page is not None else {404, 405}
    return {"found", *({403} if address.name in STRICTER else ())}


def body_of(answer: Any, url: str) -> str:
    """The text of an answer without what differs between any two: the address that was asked, the request's number, tokens."""
    text = VARIES.sub(r"\1", answer.content.decode(errors="replace"))
    text = text.replace(answer.headers.get("X-Request-ID") or "#", "#")
    return text.replace(url, "#").replace(quote(url, safe=""), "#").replace(quote(url), "#")


def fits(answer: Any, allowed: set[Any]) -> bool:
    if answer.status_code in allowed:
        return True
    refused = answer.status_code in {401, 403, 404} or answer.status_code >= 500 or to_sign_in(answer)
    return "found" in allowed and not refused


class Walk:
    """One person's way through cells: asks, compares with the policy, looks what was written."""

    def __init__(self, tally: Tally, label: str) -> None:
        self.tally = tally
        self.label = label
        self.before = fingerprint()

    def ask(self, cell: str, allowed: set[Any], ask: Any, *sent: Any, **headers: Any) -> Any:
        """The answer of one cell; what somebody may do is done and taken back, what they may not leaves nothing."""
        self.tally.cells += 1
        if "found" in allowed:
            with transaction.atomic():
                answer = ask(*sent, **headers)
                if answer.streaming:
                    assert b"".join(answer.streaming_content)
                transaction.set_rollback(True)
        else:
            with writes() as written:
                answer = ask(*sent, **headers)
            self.tally.changed += [f"{self.label} {cell}: {sql}" for sql in written.found]
        if not fits(answer, allowed):
            self.tally.leaks.append(f"{self.label} {cell}: {answer.status_code}, not {allowed}")
        return answer

    def end(self, record_property: Any) -> None:
        if fingerprint() != self.before:
            self.tally.changed.append(f"{self.label}: the fingerprint of the database is another")
        self.tally.tell(record_property)


def record_of(crowd: Crowd, address: Address, case: str, person: Person) -> Any:
    return crowd.record(address.model, case, person) if case else None


def url_of(address: Address, record: Any) -> str:
    return address.url(record if record is not None else type("Missing", (), {"pk": MISSING}))


@pytest.mark.parametrize("person", PEOPLE, indirect=True)
class TestEverybody:
    def test_on_every_page(self, crowd, person, record_property):
        if person.reads_only:
            pytest.skip("It is a program: pages do not know it.")
        walk, total, cookies = Walk(Tally(), person.name), count(), copy.deepcopy(person.client.cookies)
        closed = OPEN | OPERATIONS | DEBUG_ONLY
        for address in (one for one in ALL if one.name not in closed):
            about = "pk" in address.names and address.model is not None
            hidden: dict[str, dict[str, str]] = {}
            for case in crowd.cases(address.model) if about else [""]:
                for method in methods_of(case or "own"):
                    if not walked(total):
                        continue
                    record, allowed = record_of(crowd, address, case, person), expected(address, person, method, case)
                    url = url_of(address, record)
                    answer = walk.ask(f"{method} {address.name} {case}", allowed, getattr(person.client, method), url)
                    person.client.cookies = copy.deepcopy(cookies)
                    if case and allowed == {404}:
                        hidden.setdefault(method, {})[case] = body_of(answer, url)
            alike(walk.tally, f"{person.name} {address.name}", hidden)
        walk.end(record_property)

    def test_by_every_operation(self, crowd, person, record_property):
        operations = all_operations()
        walk, total = Walk(Tally(), f"program of {person.name}"), count()
        for operation in operations:
            model, about = operation.door.resource.model, "{int:pk}" in operation.path
            hidden: dict[str, dict[str, str]] = {}
            for case in crowd.cases(model) if about else [""]:
                for method in methods_of(case or "own"):
                    if not walked(total):
                        continue
                    url = path_of(operation, crowd.record(model, case, person) if case else None)
                    allowed = allowed_by(operation, person, method.upper(), case)
                    answer = walk.ask(
                        f"{method} {operation.key} {case}",
                        allowed,
                        person.program.ask,
                        method,
                        url,
                        {},
                        If_Match="*",
                    )
                    if case and allowed == {404}:
                        hidden.setdefault(method, {})[case] = body_of(answer, url)
            alike(walk.tally, f"program of {person.name} {operation.key}", hidden)
        walk.end(record_property)


def alike(tally: Tally, label: str, hidden: dict[str, dict[str, str]]) -> None:
    """What is hidden and what is missing answers with the same words."""
    for method, bodies in hidden.items():
        if len(set(bodies.values())) > 1:
            first, other = sorted(set(bodies.values()))[:2]
            differs = [pair for pair in zip(first.splitlines(), other.splitlines(), strict=False) if pair[0] != pair[1]]
            tally.leaks.append(f"{label} {method}: answers differ for {sorted(bodies)}: {differs[:2]}")


SHARED_PATHS: dict[str, set[str]] = {}
for _one in all_operations():
    SHARED_PATHS.setdefault(_one.path, set()).add(_one.method)


def allowed_by(operation: Operation, person: Person, method: str, case: str) -> set[Any]:
    """The answers that the policy allows to a program."""
    if method not in SHARED_PATHS[operation.path]:
        return {405}
    one = operation
    if method != operation.method:
        one = next(other for other in all_operations() if (other.path, other.method) == (operation.path, method))
    if one.permission not in person.rights or (person.reads_only and one.writes):
        return {403}
    if case and not person.finds(one.door.resource.model, case, restores=one.name == "restore"):
        return {404}
    if one.name.endswith("choices"):
        return {"found", 404}
    return {"found"}


def path_of(operation: Operation, record: Any) -> str:
    return filled(operation.path, record)


def filled(path: str, record: Any) -> str:
    return path.replace("{int:pk}", str(getattr(record, "pk", MISSING))).replace("{slug:field}", "name")


def test_whoever_is_not_in_is_led_to_the_door_everywhere(crowd, record_property):
    total, tally = count(), Tally()
    outside = list(locked_out())
    walk = Walk(tally, "")
    for name, client in outside:
        walk.label, cookies = name, copy.deepcopy(client.cookies)
        for address in ALL:
            if address.name in OPEN | OPERATIONS | HELD_BACK:
                continue
            about = "pk" in address.names and address.model is not None
            for case in ["there", "missing"] if about else [""]:
                url = url_of(address, crowd.there(address.model) if case == "there" else None)
                for method in METHODS:
                    if walked(total):
                        walk.ask(f"{method} {address.name} {case}", {302}, door, client, method, url)
                        client.cookies = copy.deepcopy(cookies)
    walk.end(record_property)


def door(client: Any, method: str, url: str) -> Any:
    answer = getattr(client, method)(url)
    if not to_sign_in(answer):
        answer.status_code = 0 if answer.status_code == 302 else answer.status_code
    return answer


def test_no_program_without_a_token_that_opens_gets_an_answer(crowd, record_property):
    total, tally = count(), Tally()
    outside = list(shut_out())
    walk = Walk(tally, "")
    for name, program in outside:
        walk.label = f"program {name}"
        for path, open_to in SHARED_PATHS.items():
            model = next(one.door.resource.model for one in all_operations() if one.path == path)
            for case in ["there", "missing"] if "{int:pk}" in path else [""]:
                asked = filled(path, crowd.there(model) if case == "there" else None)
                for method in METHODS:
                    if walked(total):
                        allowed = {401} if method.upper() in open_to else {405}
                        walk.ask(f"{method} {path} {case}", allowed, program.ask, method, asked, {})
    walk.end(record_property)


def test_the_nets_see_a_changed_row(crowd):
    customer = crowd.records[Customer, "elsewhere"]
    before = fingerprint()
    with writes() as written, transaction.atomic():
        Customer.objects.filter(pk=customer.pk).derive(paid_total=7)
        assert fingerprint() != before
        transaction.set_rollback(True)
    assert len(written.found) == 1
    assert fingerprint() == before


def test_every_page_beside_a_resource_names_its_permission():
    assert all(permissions for _model, permissions in GUARDED.values())
