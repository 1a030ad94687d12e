"""What a role hides is hidden everywhere: all addresses are crawled with values that nobody could mistake."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from guanxi.accounts.models import User
from guanxi.api.application import all_operations
from guanxi.customers import actions as customers
from guanxi.customers.models import Contact, Customer, GoodsMonth, Order, OrderLine, Payment
from guanxi.history.models import ChangeSet
from guanxi.kernel.fields import FieldClass, class_of
from guanxi.marketing.models import SaleChance
from guanxi.reports.report import reports
from guanxi.system.home_cards import all_cards
from guanxi.system.tree import built_in_tree
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources
from tests import cast
from tests.api.caller import Caller, make_token
from tests.full import FULL
from tests.promises.records import FACTORIES
from tests.promises.test_every_address import ALL, url_of

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db]

CLASSES = [FieldClass.AMOUNT, FieldClass.PHONE, FieldClass.BANK]
MODELS = {User, Customer, Contact, Order, OrderLine, Payment, GoodsMonth, SaleChance}
"""Every model with a field that a role may hide: the canaries below cover each."""
FRAGMENT = {"HX-Request": "true"}
PHONES = {
    User: {"phone": "13976130001"},
    Customer: {"phone": "13976130002", "fax": "13976130003"},
    Contact: {"office_phone": "76134004", "mobile": "13976130005"},
    SaleChance: {"contact_phone": "13976130006"},
}
BANKS = {Customer: {"bank": "鲸鱼银行", "bank_account": "62220976131234"}}
AMOUNTS = {
    Customer: {"registered_capital": Decimal("7654001.31"), "annual_turnover": Decimal("7654002.31")},
    SaleChance: {"expected_amount": Decimal("7654003.31")},
}
PRICE, PAID = Decimal("7654004.31"), Decimal("7654004.31")
"""An order of one piece, paid in full: line, order, payment and the sums of its customer say this."""
SIGNS = {
    FieldClass.PHONE: re.compile(r"1397613000\d|76134004"),
    FieldClass.BANK: re.compile(r"鲸鱼银行|62220976131234"),
    FieldClass.AMOUNT: re.compile(r"765400\d|765\.4|7\.65M|7654\d\d\.31|¥\d|CN¥\d"),
}
"""How each class would show itself, blanks and separators aside."""
DERIVED = {"paid_total", "received_total", "outstanding", "total", "paid", "unit_price", "discount", "amount"}
"""Amounts that follow from the order above."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One record of every model, the canaries in them, an order paid with one, and who reads."""
    with django_db_blocker.unblock(), time_machine.travel(cast.NOW, tick=True), transaction.atomic():
        call_command("sync", verbosity=0)
        owner = cast.make_user("owner", holds_all=True)
        records = {model: make(owner, number) for number, (model, make) in enumerate(FACTORIES.items(), start=1)}
        act = plant(records, owner)
        sell(records, owner)
        rights = sorted({node.permission for node in built_in_tree() if node.permission})
        people = {
            "sighted": cast.make_user("sighted", *rights, scope="all"),
            **{mask: cast.make_user(f"no-{mask}", *rights, scope="all", masks=[mask]) for mask in CLASSES},
        }
        yield {"records": records, "act": act, "owner": owner, **people}
        transaction.set_rollback(True)


def plant(records: dict[Any, Any], owner: User) -> ChangeSet:
    """Write the canaries by an act, so that log, undo and search have them, too; returns that of the customer."""
    for model in (User, Contact, SaleChance, Customer):
        with cast.change("edit", by=owner) as change:
            fields = {name: value for part in (PHONES, BANKS, AMOUNTS) for name, value in part.get(model, {}).items()}
            change.update(records[model], **fields)
    found = ChangeSet.objects.filter(verb="edit", by=owner).order_by("pk").last()
    assert found is not None
    return found


def sell(records: dict[Any, Any], owner: User) -> None:
    """An order with its lines and its payment, of the customer whose page is crawled, and a customer like it."""
    line = {"goods": "网关", "quantity": Decimal(1), "unit": "台", "unit_price": PRICE, "discount": Decimal(0)}
    whole: Any = records[Customer]
    with cast.change("edit", by=owner) as change:
        records[Order] = customers.create_order(
            customer=whole, ordered_at=date(2026, 11, 2), lines=[line], salesperson=owner, change=change
        )
        customers.pay_order(records[Order], amount=PAID, paid_at=date(2026, 11, 3), change=change)
        records[Payment] = Payment.objects.get(order=records[Order])
        second = [{**line, "unit_price": PRICE * 2}]
        customers.create_order(customer=whole, ordered_at=date(2026, 11, 4), lines=second, change=change)
        change.update(records[Contact], customer=whole)
        change.update(records[SaleChance], customer=whole)


def addresses(world: dict[str, Any]) -> Iterator[str]:
    """Every address that answers to reading, with all that it may be asked."""
    for one in ALL:
        if one.name.startswith("api:json") or one.name in {"web:styleguide", "web:styleguide-options"}:
            continue
        yield url_of(one, world)
    records = world["records"]
    for resource in all_resources:
        record = records[resource.model]
        yield from (resource.url("panel", record.pk, tab.name) for tab in tabs_of(resource))
        listed = resource.url("list")
        yield f"{listed}?part=count"
        yield from (f"{listed}?view={view.name}" for view in resource.views)
        yield from (f"{listed}?sort=-{name}" for name in resource.sorts)
        if resource.board:
            yield f"{listed}?as=board"
    act = world["act"]
    yield from (f"/system/log/{act.pk}/", f"/system/log/{act.pk}/undo/")
    yield from (f"/system/log/{pk}/" for pk in ChangeSet.objects.values_list("pk", flat=True))
    yield from (reverse("account:home-card", args=[card]) for card in all_cards)
    for name, report in reports.items():
        page = reverse(f"reports:{name}")
        yield from (
            f"{page}?{query}" for query in ("basis=payments", "period=year", "sort=name", "idle=on", "band=5000")
        )
        assert report.name == name
    customer = records[Customer].pk
    yield f"/system/access-check/?who={world['owner'].pk}&what=/customers/{customer}/"
    yield f"/customers/{customer}/?part=timeline"


def searches(world: dict[str, Any]) -> Iterator[str]:
    """What finds records by what is typed: it must not answer to what is hidden."""
    for text in ("13976130002", "76130002", "13976130005", "13976130006", "62220976131234", "7654001"):
        yield f"/search/?q={text}"
        for resource in (one for one in all_resources if one.searchable):
            yield f"{resource.url('options')}?q={text}"
            yield f"{resource.url('list')}?q={text}"


def merging(world: dict[str, Any]) -> str:
    return f"/customers/{world['records'][Customer].pk}/merge/"


def other_than(customer: Customer) -> int:
    """A customer to merge with: the values of both are compared."""
    return int(Customer.objects.exclude(pk=customer.pk).values_list("pk", flat=True)[0])


def bare(answer: Any) -> str:
    """What an answer says, without blanks and separators of numbers; a workbook by its sheets."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    text = content.decode("utf-8", "replace")
    text = re.sub(r'(?:value|content)="[\w-]{32,}"|nonce-[\w-]+|/static/[^"\']+', "", text)  # tokens and fingerprints
    return re.sub(r"[\s,  -]", "", text)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def crawl(world: dict[str, Any], user: User, pages: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """Every answer to this reader, as (address, text); of the pages only those named, if they are."""
    client = client_of(user)
    show_all_columns(client)
    for address in addresses(world):
        for name, headers in ((address, {}), (f"part of {address}", FRAGMENT)):
            if pages is None or name in pages:
                answer = client.get(address, headers=headers)
                assert answer.status_code < 500, address
                yield name, bare(answer)
    yield merging(world), bare(client.post(merging(world), {"other": other_than(world["records"][Customer])}))
    yield from files(client)
    yield from programs(world, user)


def show_all_columns(client: Client) -> None:
    for resource in all_resources:
        client.post(resource.url("columns"), {"column": list(resource.all_columns)})


def files(client: Client) -> Iterator[tuple[str, str]]:
    """What may be taken away: every list and every report, in both kinds of file."""
    for kind in ("csv", "xlsx"):
        for resource in (one for one in all_resources if one.exports):
            yield f"export {resource.key} {kind}", bare(client.post(resource.url("export"), {"format": kind}))
        for name in reports:
            address = reverse(f"reports:{name}-export")
            yield f"export {name} {kind}", bare(client.post(address, {"format": kind}))


def programs(world: dict[str, Any], user: User) -> Iterator[tuple[str, str]]:
    """What the API answers to reading."""
    caller = Caller(make_token(user)[1])
    for operation in all_operations():
        if operation.method == "GET":
            record = world["records"][operation.door.resource.model]
            path = operation.path.replace("{int:pk}", str(record.pk)).replace("{slug:field}", "customer")
            yield f"API {path}", bare(caller.get(path))


def test_every_field_that_a_role_may_hide_holds_a_canary():
    hidden = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if class_of(field) != FieldClass.PLAIN
    }
    planted = {(model, name) for part in (PHONES, BANKS, AMOUNTS) for model, names in part.items() for name in names}
    assert {model for model, _name in hidden} == MODELS
    assert {(model, name) for model, name in hidden if name not in DERIVED} == planted


@pytest.fixture(scope="module")
def seen(world: dict[str, Any]) -> dict[str, str]:
    """What somebody sees from whom nothing is hidden."""
    return dict(crawl(world, world["sighted"]))


@pytest.mark.parametrize("mask", CLASSES)
def test_nothing_of_a_hidden_class_shows_anywhere(world, seen, mask):
    """Wherever the sighted reader sees it, the other one does not; and the sighted one sees it in many places.

    A full run asks for all the other pages as well.
    """
    places = {address for address, text in seen.items() if SIGNS[mask].search(text)}
    assert len(places) > {"amount": 90, "phone": 60, "bank": 6}[mask], sorted(places)
    assert places >= {merging(world), f"/system/log/{world['act'].pk}/undo/"}
    leaks = {
        address: found.group()
        for address, text in crawl(world, world[mask], None if FULL else places)
        if (found := SIGNS[mask].search(text)) is not None
    }
    assert leaks == {}


@pytest.mark.parametrize("mask", CLASSES)
def test_nothing_is_found_or_ordered_by_what_is_hidden(world, mask):
    """A search that answers tells as much as a page that shows."""
    sighted, masked = client_of(world["sighted"]), client_of(world[mask])
    found = 0
    for address in searches(world):
        if mask == FieldClass.PHONE and "76130" in address:
            found += "客户1" in sighted.get(address).content.decode()
            text = masked.get(address, headers=FRAGMENT).content.decode()
            assert not re.search(r'id="row-|data-option|"value":', text), address
    assert found > 3 or mask != FieldClass.PHONE
    for resource in all_resources:
        for name in resource.sorts:
            if resource.column(name).field_class == mask:
                order = resource.sort_of(f"-{name}", frozenset({mask}))
                assert order.field != name, (resource.key, name)
