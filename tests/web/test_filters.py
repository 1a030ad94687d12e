"""Filters ask exactly what the address says; what cannot be read asks for nothing."""

import pytest
from django.http import QueryDict
from django.test import Client

from guanxi.access.models import Department, Role
from guanxi.accounts.models import User
from guanxi.customers.models import Customer
from guanxi.customers.stars import StarsFilter
from guanxi.web.filters import Filters, asked
from tests import cast
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db


def read(model, names, query, user=None, masked=frozenset()):
    return Filters.read(model, names, params=QueryDict(query), user=user, masked=masked)


def test_a_filter_may_lead_to_a_field_of_what_the_rows_refer_to(people, east):
    sellers = [
        cast.make_user("eve", "customers.view_customer", department=east),
        cast.make_user("bob", "customers.view_customer"),
    ]
    make_customer("Cloud", manager=sellers[0])
    make_customer("River", manager=sellers[1])
    make_customer("Pool")
    by_department = f"manager__department={east.pk}"
    assert names(read(Customer, ["manager__department"], by_department, people[0]), Customer) == ["Cloud"]
    without = read(Customer, ["manager__department"], "manager__department=none", people[0])
    assert names(without, Customer) == ["Pool", "River"]
    assert without.chips[0].name == "manager__department"


def test_stars_are_chosen_one_by_one_or_none(people):
    make_customer("Five", credit=5)
    make_customer("Bare")
    kinds = {"credit": StarsFilter}

    def found(query):
        return names(
            Filters.read(
                Customer, ["credit"], params=QueryDict(query), user=people[0], masked=frozenset(), kinds=kinds
            ),
            Customer,
        )

    assert found("credit=5") == ["Five"]
    assert found("credit=none") == ["Bare"]
    assert found("credit=5&credit=none") == ["Bare", "Five"]
    assert found("credit=6") == found("") == ["Bare", "Five"]


def test_a_list_shows_its_further_filters_only_when_they_are_asked_for(people):
    assert asked(["credit", "source", "opened_on"], QueryDict("source=1&opened_on.from=2026-01-01")) == [
        "source",
        "opened_on",
    ]
    client = Client()
    client.force_login(cast.make_user("boss", holds_all=True))
    make_customer("Five", credit=5)
    make_customer("Bare")
    assert 'id="chip-credit"' not in client.get("/customers/").content.decode()
    page = client.get("/customers/?credit=5").content.decode()
    assert 'id="chip-credit"' in page
    assert "Five" in page
    assert "Bare" not in page


@pytest.fixture
def east():
    return cast.make_department("East")


@pytest.fixture
def people(east):
    return [
        cast.make_user("li", department=east, phone="13800000000"),
        cast.make_user("wang", is_active=False),
    ]


def names(filters, model=User):
    return sorted(str(row) for row in filters.narrow(model.objects.all()))


def test_nothing_asked_changes_nothing(people):
    assert names(read(User, ["department", "is_active", "created_at"], "")) == ["li", "wang"]


def test_references_take_ids_and_none(people, east):
    assert names(read(User, ["department"], f"department={east.pk}", people[0])) == ["li"]
    assert names(read(User, ["department"], "department=none", people[0])) == ["wang"]
    both = read(User, ["department"], f"department={east.pk}&department=none", people[0])
    assert names(both) == ["li", "wang"]
    assert both.chips[0].summary == "East +1"


@pytest.mark.parametrize("value", ["x", "1;drop", "-1", "9" * 40, "' or 1=1"])
def test_broken_references_find_nothing_or_are_ignored(people, value):
    assert names(read(User, ["department"], f"department={value}", people[0])) in ([], ["li", "wang"])


def test_choices_ignore_values_that_do_not_exist():
    cast.make_role(scope="own")
    cast.make_role(scope="all")
    assert len(names(read(Role, ["scope"], "scope=all"), Role)) == 1
    assert len(names(read(Role, ["scope"], "scope=nonsense"), Role)) == 2


def test_yes_and_no_together_ask_for_nothing(people):
    assert names(read(User, ["is_active"], "is_active=no")) == ["wang"]
    assert names(read(User, ["is_active"], "is_active=yes&is_active=no")) == ["li", "wang"]


def test_days_are_days_of_the_company_s_zone(people):
    day = "created_at.from=2026-11-23&created_at.to=2026-11-23"
    assert names(read(User, ["created_at"], day)) == ["li", "wang"]
    assert names(read(User, ["created_at"], "created_at.to=2026-11-22")) == []
    assert names(read(User, ["created_at"], "created_at.from=2026-11-24")) == []


@pytest.mark.parametrize("text", ["yesterday", "2026-13-45", "9999-12-31x", "<script>"])
def test_what_is_no_day_is_said_and_asks_for_nothing(people, text):
    filters = read(User, ["created_at"], f"created_at.from={text}")
    assert names(filters) == ["li", "wang"]
    assert text[:10] in filters.chips[0].error


def test_the_last_day_of_all_does_not_overflow(people):
    assert names(read(User, ["created_at"], "created_at.to=9999-12-31")) == ["li", "wang"]


def test_numbers_are_read_as_people_type_them():
    with cast.change() as change:
        change.create_many(Department, [{"name": f"D{n}", "position": n} for n in range(5)])
    filters = read(Department, ["position"], "position.from=１&position.to=3")
    assert names(filters, Department) == ["D1", "D2", "D3"]
    assert filters.chips[0].summary == "1 – 3"
    assert read(Department, ["position"], "position.from=lots").chips[0].error
    assert read(Department, ["position"], "position.from=" + "9" * 30).chips[0].error


def test_masked_fields_cannot_be_asked_for(people):
    assert read(User, ["phone"], "phone=138", masked=frozenset({"phone"})).filters == []
