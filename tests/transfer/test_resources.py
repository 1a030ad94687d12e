"""The list of imports as its reader meets it: where an import begins."""

import pytest
from django.test import Client

from tests import cast

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
