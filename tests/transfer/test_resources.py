"""The list of imports as its reader meets it: where an import begins."""

import pytest
from django.test import Client

from guanxi.transfer.kinds import KINDS
from guanxi.transfer.models import Import
from tests import cast
from tests.promises.records import make_import

pytestmark = pytest.mark.django_db
NEW = "/transfer/imports/new/?kind="


def page_of(*permissions: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.make_user("owner", "customers.view_customer", "transfer.view_import", *permissions))
    return client.get("/transfer/imports/").content.decode()


def test_an_import_of_each_kind_that_one_may_import_begins_at_the_list():
    text = page_of("transfer.import_customer", "transfer.import_order")
    assert f"{NEW}customers" in text
    assert "Import customers" in text
    assert f"{NEW}orders" in text
    assert f"{NEW}contacts" not in text


def test_the_empty_list_says_what_imports_are_for():
    assert "Bring customers, contacts and orders from Excel or CSV." in page_of()


def test_who_may_not_import_is_not_led_to_the_steps_of_an_import():
    found = make_import(cast.make_user("author"), 1)
    Import.objects.filter(pk=found.pk).derive(state=Import.State.DONE)
    for name, permissions, led in [("reader", [], False), ("importer", ["transfer.import_customer"], True)]:
        client = Client()
        client.force_login(cast.make_user(name, "transfer.view_import", *permissions, scope="all"))
        text = client.get(f"/transfer/imports/{found.pk}/").content.decode()
        assert ("to-wizard" in text) is led, name


def test_every_kind_of_import_has_the_verb_of_its_rows():
    assert {name: Import(kind=name).verb for name in KINDS} == {name: kind.verb for name, kind in KINDS.items()}
