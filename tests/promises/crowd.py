"""Everybody who asks in the full matrix, and the records that lie at every distance from them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from guanxi.access.models import Department
from guanxi.accounts.models import Session, User
from guanxi.api.actions import revoke_token
from guanxi.api.application import all_operations
from guanxi.api.secrets import new_secret
from guanxi.customers import actions as customers
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.demo.people import POSTS
from guanxi.kernel.records import Record
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.retention.models import LossCase, ReprieveMeasure
from guanxi.service import actions as service
from guanxi.service.models import ServiceTicket
from tests import cast
from tests.api.caller import Caller, make_token
from tests.promises.policy import ALL, AUTHORED, LOGGED, OWNED, POSTED, REACHED, finds
from tests.promises.records import FACTORIES, entry

RIGHTS = (
    {one for address in ALL for one in address.permissions}
    | set(POSTED.values())
    | {one.permission for one in all_operations()}
)
PLACES = {"colleague": "mine", **{name: name for name in ("below", "led", "below led", "chosen", "elsewhere")}}
"""Where whoever owns a record sits, seen from the one who asks."""

_numbers = count(1_000)


@dataclass
class Person:
    """Somebody who asks: by a browser and by a program."""

    name: str
    scope: str
    rights: set[str]
    user: User
    client: Client = field(default_factory=Client)
    program: Caller = field(default_factory=Caller)
    reads_only: bool = False
    own: dict[tuple[Any, str], Any] = field(default_factory=dict)

    def finds(self, model: Any, case: str, *, restores: bool = False) -> bool:
        return finds(model, case, scope=self.scope, rights=self.rights, restores=restores)


@dataclass
class Crowd:
    """The departments, the owners and the records of the matrix; whoever joins brings their own."""

    departments: dict[str, Department] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)
    records: dict[tuple[Any, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        call_command("sync", verbosity=0)
        for name, parent in [("mine", ""), ("below", "mine"), ("led", ""), ("below led", "led")]:
            self.departments[name] = cast.make_department(name, self.departments.get(parent))
        for name in ("chosen", "elsewhere"):
            self.departments[name] = cast.make_department(name)
        for case, place in PLACES.items():
            self.owners[case] = cast.make_user(f"owner {case}", department=self.departments[place], holds_all=True)

        for model in FACTORIES:
            for case in self.cases(model):
                if not case.startswith(("own", "missing")):
                    self.records[model, case] = self._made(model, case, self.owners.get(case, self.owners["elsewhere"]))

    def join(self, name: str, *, records: bool = True) -> Person:
        """Somebody with the rights and the scope of this name, in the department `mine`, at the head of `led`."""
        reads_only = name == "program that reads"
        post = next((one for one in POSTS if one.name == name), None)
        holds_all = post is POSTS[0] or reads_only
        rights = RIGHTS if holds_all or post is None else set(post.grants)
        rights = set() if name == "nobody's" else rights
        scope = str(post.scope) if post is not None else "all" if reads_only else name if name in REACHED else "own"
        user = cast.make_user(f"asks {next(_numbers)}", department=self.departments["mine"], holds_all=True)
        person = Person(name, scope, rights, user, reads_only=reads_only)
        for model in (
            FACTORIES if records else ()
        ):  # while every right is held: who may only read has rows of their own all the same
            for case in ("own", "own, binned"):
                if case in self.cases(model):
                    person.own[model, case] = self._made(model, case, user)
        role = cast.make_role(
            *([] if holds_all else sorted(rights)),
            scope=scope,
            masks=post.masks if post is not None else (),
            holds_all=holds_all,
        )
        with cast.change() as change:
            change.relate(user, "roles", [role])
            change.relate(role, "departments", [self.departments["chosen"]] if scope == "custom" else [])
        cast.lead(user, self.departments["led"])
        person.user = User.objects.get(pk=user.pk)
        person.client.force_login(person.user)
        person.program = Caller(make_token(person.user, scope="read" if reads_only else "write")[1])
        person.program.get("/customers/")  # the first use is kept; what follows within minutes is not
        return person

    def cases(self, model: Any) -> list[str]:
        """Where a record of a model may lie, seen from whoever asks."""
        binned = issubclass(model, Record)
        if model in OWNED:
            return ["own", *PLACES, "pool", "own, binned", "elsewhere, binned", "missing"]
        if model in LOGGED or model in AUTHORED:
            return ["own", "elsewhere", *(["own, binned"] if binned else []), "missing"]
        return ["there", *(["there, binned"] if binned else []), "missing"]

    def there(self, model: Any, case: str = "elsewhere") -> Any:
        """A record of a model that is there, of this case where the model has it."""
        found = self.records.get((model, case)) or self.records.get((model, "elsewhere"))
        return found or self.records.get((model, "there"))

    def record(self, model: Any, case: str, person: Person) -> Any:
        """The record of a case; None where none exists."""
        return (person.own if case.startswith("own") else self.records).get((model, case))

    def _made(self, model: Any, case: str, owner: User) -> Any:
        number = next(_numbers)
        if case == "pool":
            return POOLED[model](owner, number)
        found = FACTORIES[model](owner, number)
        if case.endswith(", binned"):
            with cast.change() as change:
                change.bin(found)
        return found


def _pooled_customer(owner: User, number: int) -> Any:
    with cast.change(by=owner) as change:
        return customers.create_customer(change=change, name=f"公海{number}")


def _of_pooled_customer(model: Any) -> Callable[[User, int], Any]:
    def make(owner: User, number: int) -> Any:
        found = FACTORIES[model](owner, number)
        with cast.change(by=owner) as change:
            change.update(found.order.customer if model is Payment else found.customer, manager=None)
        return found

    return make


def _unassigned_chance(owner: User, number: int) -> Any:
    with cast.change(by=owner) as change:
        return marketing.create_chance(
            change=change,
            customer_name=f"机会{number}",
            contact_name="王建国",
            contact_phone="13805712233",
            source=entry("chance_source"),
        )


def _unassigned_plan(owner: User, number: int) -> Any:
    chance = FACTORIES[SaleChance](owner, number)
    with cast.change(by=owner) as change:
        plan = marketing.create_plan(chance=chance, item="电话", planned_on=date(2026, 11, 24), change=change)
        marketing.unassign_chance(chance, confirmed=True, change=change)
    return plan


def _unassigned_ticket(owner: User, number: int) -> Any:
    customer = FACTORIES[Customer](owner, number)
    with cast.change(by=owner) as change:
        return service.create_ticket(
            customer=customer, kind=entry("service_type"), overview="离线", request_text="请处理", change=change
        )


def _ownerless_case(owner: User, number: int) -> Any:
    case = FACTORIES[LossCase](owner, number)
    with cast.change(by=owner) as change:
        change.update(case, owner=None)
    return case


def _measure_of_ownerless_case(owner: User, number: int) -> Any:
    measure = FACTORIES[ReprieveMeasure](owner, number)
    with cast.change(by=owner) as change:
        change.update(measure.case, owner=None)
    return measure


POOLED: dict[Any, Callable[[User, int], Any]] = {
    Customer: _pooled_customer,
    **{model: _of_pooled_customer(model) for model in (Contact, Interaction, Order, Payment)},
    SaleChance: _unassigned_chance,
    DevelopmentPlan: _unassigned_plan,
    ServiceTicket: _unassigned_ticket,
    LossCase: _ownerless_case,
    ReprieveMeasure: _measure_of_ownerless_case,
}
"""One way to make a record that is nobody's."""


def locked_out() -> Iterator[tuple[str, Client]]:
    """Browsers that were in, or never were."""
    yield "nobody", Client()
    for name in ("disabled", "expired", "revoked", "binned"):
        user = cast.make_user(f"out {name}", holds_all=True)
        client = Client()
        client.force_login(user)
        mine = Session.objects.filter(user=user)
        with cast.change() as change:
            if name == "disabled":
                change.update(user, is_active=False)
            if name == "binned":
                change.bin(user)
        if name == "expired":
            mine.update(expires_at=timezone.now() - timedelta(seconds=1))
        if name == "revoked":
            mine.delete()
        yield name, client
    forged = Client()
    forged.cookies["sessionid"] = "x" * 32
    yield "forged", forged


def shut_out() -> Iterator[tuple[str, Caller]]:
    """Programs whose tokens open nothing."""
    owner = cast.make_user("out owner", holds_all=True)
    now = timezone.now()
    yield "nobody", Caller()
    yield "unknown", Caller(new_secret())
    yield "malformed", Caller(authorization="Basic b3duZXI6cGFzc3dvcmQ=")
    yield "expired", Caller(make_token(owner, expires_at=now - timedelta(seconds=1))[1])
    token, secret = make_token(owner)
    with cast.change(by=owner, at=now) as change:
        revoke_token(token, change=change)
    yield "revoked", Caller(secret)
    gone = cast.make_user("out disabled program", holds_all=True)
    secret = make_token(gone)[1]
    with cast.change() as change:
        change.update(gone, is_active=False)
    yield "disabled", Caller(secret)
    cookie = Caller()
    cookie.client.force_login(owner)
    yield "cookie", cookie
