"""Filters ask exactly what the address says; what cannot be read asks for nothing."""

import pytest
from django.http import QueryDict

from guanxi.access.models import Department, Role
from guanxi.accounts.models import User
from guanxi.web.filters import Filters
from tests import cast

pytestmark = pytest.mark.django_db


def read(model, names, query, user=None, masked=frozenset()):
    return Filters.read(model, names, params=QueryDict(query), user=user, masked=masked)


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
