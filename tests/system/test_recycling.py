"""The recycle bin: what lies within reach, and the way back."""

import pytest
from django.db import connection

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer
from guanxi.service.models import CalendarDay
from guanxi.system.recycling import SHOWN
from guanxi.web.paging import Sort
from tests.cast import change, make_user
from tests.customers.company import make_contact, make_customer

pytestmark = pytest.mark.django_db
RIGHTS = ("customers.view_customer", "customers.bin_customer", "customers.edit_contact")


@pytest.fixture
def li(client):
    user = make_user("li", *RIGHTS, real_name="李思远")
    client.force_login(user)
    return user


def binned(name="云栖智造", **fields):
    customer = make_customer(name, **fields)
    make_contact(customer, f"{name}的王")
    with change("bin", by=fields.get("manager")) as writer:
        actions.bin_customer(customer, change=writer)
    return customer


def test_a_record_is_listed_without_what_went_along_and_comes_back_with_it(client, li):
    customer = binned(manager=li)
    page = client.get("/bin/").content.decode()
    assert "云栖智造" in page
    assert "云栖智造的王" not in page
    client.post(f"/customers/{customer.pk}/restore/")
    assert Customer.objects.in_use().get() == customer
    assert Contact.objects.in_use().count() == 1
    assert "云栖智造" not in client.get("/bin/").content.decode()


def test_a_contact_that_went_alone_is_listed(client, li):
    contact = make_contact(make_customer(manager=li), "王建国")
    with change("bin") as writer:
        actions.bin_contact(contact, change=writer)
    assert "王建国" in client.get("/bin/").content.decode()


def test_a_contact_that_went_alone_is_not_hidden_by_many_that_went_along(client, li):
    contact = make_contact(make_customer(manager=li), "王建国")
    with change("bin") as writer:
        actions.bin_contact(contact, change=writer)
    big = make_customer("大客户", manager=li)
    for number in range(SHOWN + 1):
        make_contact(big, f"随行{number}")
    with change("bin") as writer:
        actions.bin_customer(big, change=writer)
    page = client.get("/bin/").content.decode()
    assert "王建国" in page
    assert "随行" not in page


def test_what_lies_out_of_reach_is_not_there(client, li):
    binned(manager=make_user("wang", "customers.view_customer"))
    assert "云栖智造" not in client.get("/bin/").content.decode()


def test_without_the_right_to_delete_the_bin_is_empty(client):
    user = make_user("clerk", "customers.view_customer")
    client.force_login(user)
    binned(manager=user)
    assert "云栖智造" not in client.get("/bin/").content.decode()


def test_it_asks_as_much_for_many_as_for_one(client, li, django_assert_max_num_queries):
    for number in range(12):
        binned(f"客户{number}", manager=li)
    client.get("/bin/")
    with django_assert_max_num_queries(30):
        client.get("/bin/")


@pytest.mark.parametrize(
    ("rows", "order", "index"),
    [
        (Customer._base_manager.filter(binned_in__isnull=False), ["-binned_in", "-pk"], "customer_bin"),
        (Contact._base_manager.filter(binned_in__isnull=False), ["-binned_in", "-pk"], "contact_bin"),
        (CalendarDay.objects.in_use(), Sort("day", descending=True).order(), "calendar_day_"),
    ],
)
def test_an_index_gives_the_order_without_sorting(rows, order, index):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # it scans small tables whatever indexes there are
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = rows.order_by(*order)[:30].explain()
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
