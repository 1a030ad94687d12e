"""Requests that no page of ours sends: an answer, never an accident."""

import base64
import json

import pytest

from tests.cast import make_user
from tests.customers.company import make_customer, make_interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = make_user("boss", holds_all=True)
    client.force_login(user)
    return user


def key(*place):
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "created_at.from=0001-01-01",
        "created_at.to=9999-12-31",
        f"after={key('0001-01-01T00:00:00+14:00', 1)}",
        f"after={key('9999-12-31T23:59:59-14:00', 1)}",
        f"after={key('2026-01-01T00:00:00+00:00', 10**30)}",
        f"paid_total.from={'1' * 30_000}x",
        f"page={'9' * 30}",
    ],
)
def test_a_list_answers_whatever_its_address_says(client, boss, query):
    make_customer()
    assert client.get(f"/customers/?{query}").status_code == 200


@pytest.mark.parametrize("value", ["a\0", "\ud800"])
def test_a_key_that_no_database_could_compare_counts_as_none(client, boss, value):
    assert client.get(f"/system/users/?sort=username&after={key(value, 1)}").status_code == 200


def test_a_timeline_ends_where_the_calendar_does(client, boss):
    customer = make_customer()
    for before in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "x"):
        assert client.get(f"/customers/{customer.pk}/?before={before}").status_code == 200


def test_nothing_took_place_before_our_time(client, boss):
    customer = make_customer()
    sent = {"customer": customer.pk, "happened_at": "0001-01-01T00:00", "kind": "call", "overview": "x"}
    assert client.post("/customers/interactions/new/", sent).status_code == 422


@pytest.mark.parametrize("page", ["/retention/losses", "/retention/thresholds", "/service/targets"])
def test_pickers_of_what_has_no_name_of_its_own_find_nothing(client, boss, page):
    assert client.get(f"{page}/options/?q=a").json() == {"options": []}


def test_ids_that_no_database_holds_are_no_choice(client, boss):
    sent = {"username": "li", "real_name": "李", "roles": ["1" * 30], "leads": ["²"]}
    assert client.post("/system/users/new/", sent).status_code == 422


def test_colleagues_are_found_by_name_not_by_phone(client):
    make_user("linxiaowen", real_name="林晓雯", phone="13800000003", email="lin@example.com")
    client.force_login(make_user("wang", "customers.view_customer", real_name="王若溪"))

    def found(text):
        return [one["label"] for one in client.get(f"/system/users/options/?q={text}").json()["options"]]

    assert found("晓雯") == ["林晓雯"]
    assert found("0003") == found("linxiao") == found("example") == []


def test_a_customer_record_survives_an_odd_interaction(client, boss):
    customer = make_customer()
    make_interaction(customer)
    assert client.get(f"/customers/{customer.pk}/").status_code == 200


def test_a_view_that_is_not_there_is_said_and_all_rows_are_shown(client, boss):
    make_customer()
    for address in ("/customers/?view=nothing", "/customers/contacts/?view=%3Cb%3E"):
        text = client.get(address).content.decode()
        assert "没有视图" in text
        assert "<b>" not in text
    text = client.get("/customers/?view=nothing").content.decode()
    assert 'href="/customers/" aria-current="page"' in text, "the tab of all rows is the open one"
    for address in ("/customers/", "/customers/?view=mine", "/customers/?view=bin"):
        assert "没有视图" not in client.get(address).content.decode()
