"""What a role hides stands on no page and in no file of a record, whatever the way there."""

import csv
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.customers import actions
from guanxi.dictionary.actions import fill_dictionary
from guanxi.kernel.sheets import MARK
from guanxi.web.models import Preference
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]

PHONE, BANK = "13805712233", "6222020200012345678"
AMOUNTS = ("9,876", "98765432.10", "98,765,432.10", "9,876.54", "9876.54", "9,877")
SECRETS = (PHONE, "138 0571 2233", BANK, *AMOUNTS)
PARTS = [one for one in all_resources if one.app == "customers"]
COLUMNS = {one.key: list(one.all_columns) for one in PARTS}


@pytest.fixture
def customer():
    with cast.change() as change:
        fill_dictionary(change=change)
    owner = cast.make_user("owner", holds_all=True)
    line = {"goods": "网关", "quantity": Decimal(1), "unit": "台", "discount": Decimal(0)}
    line |= {"unit_price": Decimal("98765432.10")}
    with cast.change("create", by=owner) as change:
        made = actions.create_customer(
            change=change,
            name="云栖智造",
            manager=owner,
            phone=PHONE,
            bank_account=BANK,
            registered_capital=Decimal("9876.54"),
        )
        actions.create_contact(customer=made, name="赵敏", mobile=PHONE, change=change)
        order = actions.create_order(customer=made, ordered_at=date(2026, 11, 1), lines=[line], change=change)
        actions.pay_order(order, paid_at=date(2026, 11, 2), amount=Decimal("98765432.10"), change=change)
    return made


def client_of(*masks: str) -> Client:
    rights = {right for one in all_resources for right in one.verbs().values()}
    rights |= {tab.permission for one in PARTS for tab in tabs_of(one)} - {""}
    user = cast.make_user(f"clerk {len(masks)}", *sorted(rights), scope="all", masks=masks)
    for key, columns in COLUMNS.items():
        Preference.choose(user, f"columns.{key}", columns)
    client = Client()
    client.force_login(user)
    return client


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.wsgi_request.path
    if not answer.streaming:
        return answer.content.decode()
    return "\n".join(" ".join(row) for row in csv.reader(_text(answer).splitlines()))


def _text(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode().removeprefix(MARK)


def everything(client: Client) -> str:
    """The lists of customers and of what hangs on them, as pages and as files, and every tab of each record."""
    told = []
    for resource in PARTS:
        told.append(read(client.get(resource.url("list"))))
        if resource.exports:
            told.append(read(client.post(resource.url("export"), {"format": "csv"})))
        for record in resource.model._base_manager.filter(binned_in=None):
            pages = [resource.url("record", record.pk)]
            pages += [resource.url("panel", record.pk, one.name) for one in tabs_of(resource)]
            pages += [resource.url("edit", record.pk)] if type(resource).edit and resource.editable(record) else []
            told += [read(client.get(page)) for page in pages]
    return "\n".join(told)


def test_who_sees_them_finds_them(customer):
    told = everything(client_of())
    for secret in (PHONE, "138 0571 2233", BANK, "98,765,432.10", "98765432.10", "9,876.54"):
        assert secret in told, secret


def test_what_is_masked_stands_nowhere(customer):
    told = everything(client_of("phone", "amount", "bank"))
    assert "云栖智造" in told
    assert "138****2233" in told
    for secret in SECRETS:
        assert secret not in told, told[max(told.find(secret) - 300, 0) : told.find(secret) + 60]
