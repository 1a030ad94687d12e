"""A customer is found by the people there, by nobody's hidden number, and by what holds now."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer
from guanxi.history.loader import loading, open_load
from guanxi.history.models import ChangeSet
from guanxi.history.undo import undo
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work_off
from guanxi.search.models import SearchDoc
from guanxi.search.queries import narrow
from tests.cast import NOW, change, make_user
from tests.customers.company import make_contact, make_customer

pytestmark = pytest.mark.django_db
VIEW = "customers.view_customer"


def found(text: str, masked: tuple[str, ...] = ()) -> list[str]:
    rows = narrow(Customer.objects.in_use(), text, masked=masked)
    return list(rows.order_by("pk").values_list("name", flat=True))


@pytest.fixture
def yunqi() -> Customer:
    """A customer among others, with somebody there."""
    customer = make_customer("云栖智造")
    make_contact(customer, "赵敏", mobile="13805712233", office_phone="0571-88990011", position="采购经理")
    for number in range(5):
        make_contact(make_customer(f"旁人 {number}"), "孙立")
    return customer


@pytest.mark.parametrize("text", ["赵敏", "zhaomin", "zm", "0571223", "88990011", "云栖 赵敏"])
def test_a_customer_is_found_by_the_people_there(yunqi, text):
    assert found(text) == ["云栖智造"]


def test_positions_do_not_find_a_customer(yunqi):
    assert found("采购经理") == []


@pytest.mark.parametrize("text", ["0571223", "88990011"])
def test_nobody_finds_by_a_number_that_is_hidden(yunqi, text):
    assert found(text, masked=("phone",)) == []
    clerk = Client()
    clerk.force_login(make_user("clerk", VIEW, scope="all", masks=["phone"]))
    for url in ("/customers/", "/customers/?part=count", "/search/", "/customers/options/"):
        assert "云栖智造" not in clerk.get(url, {"q": text}).content.decode()
    assert "云栖智造" in clerk.get("/customers/", {"q": "赵敏"}).content.decode()


def test_the_list_finds_by_contact(yunqi):
    clerk = Client()
    clerk.force_login(make_user("clerk", VIEW, scope="all"))
    text = clerk.get("/customers/", {"q": "0571223"}).content.decode()
    assert "云栖智造" in text
    assert "旁人" not in text


def test_what_changes_about_a_contact_changes_what_is_found(yunqi):
    contact = Contact.objects.get(name="赵敏")
    with change("edit") as writer:
        actions.edit_contact(contact, name="钱进", mobile="13900001111", change=writer)
    assert (found("赵敏"), found("0571223")) == ([], [])
    assert found("钱进") == found("00001111") == ["云栖智造"]
    with change("bin") as writer:
        actions.bin_contact(contact, change=writer)
    assert found("钱进") == []
    with change("restore") as writer:
        actions.restore_contact(contact, change=writer)
    assert found("钱进") == ["云栖智造"]


def test_a_merge_takes_the_people_along_and_undoing_it_gives_them_back(yunqi):
    kept = make_customer("瑞达贸易")
    with change("merge") as writer:
        actions.merge_customer(kept, other=yunqi, change=writer)
    assert found("赵敏") == ["瑞达贸易"]
    with change("undo") as writer:
        undo(ChangeSet.objects.get(verb="merge"), change=writer)
    assert found("赵敏") == ["云栖智造"]


def test_made_up_people_are_found_as_well(db):
    with loading(open_load("demo", at=NOW)) as loader:
        customers = loader.create_many(
            Customer, [{"number": "KH1", "name": "云栖智造", "name_key": "云栖智造", "created_at": NOW}]
        )
        loader.create_many(Contact, [{"customer": customers[0], "name": "赵敏", "created_at": NOW}])
    with loading(open_load("demo", at=NOW)) as loader:
        loader.create_many(Contact, [{"customer": customers[0], "name": "钱进", "created_at": NOW}])
    assert found("赵敏") == found("钱进") == found("云栖") == ["云栖智造"]


def test_many_contacts_of_one_act_cost_a_handful_of_statements(yunqi, django_assert_max_num_queries):
    with change("create") as writer:
        writer.create_many(Contact, [{"customer": yunqi, "name": f"员工{number}"} for number in range(200)])
        with django_assert_max_num_queries(14):
            writer.update_many(Contact.objects.filter(customer=yunqi), position="员工")
    assert found("员工199") == ["云栖智造"]


def test_customers_of_before_are_indexed_anew_once_for_their_name_without_blanks(db):
    index_anew = import_module("guanxi.customers.migrations.0007_find_by_folded_name").index_anew
    waiting = Job.objects.filter(task="search.rebuild", state="queued")
    index_anew(apps, None)
    assert not waiting.exists()
    make_customer("Acme Trading")
    SearchDoc.objects.all().delete()
    assert found("acmetrading") == []
    for _again in range(2):
        index_anew(apps, None)
        assert waiting.count() == 1
    work_off()
    assert found("acmetrading") == ["Acme Trading"]
