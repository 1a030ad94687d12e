"""Pages by number and by key give every row once, in order, whatever the values."""

import base64

import pytest
from django.db import models

from guanxi.access.models import Department
from guanxi.customers.models import Order
from guanxi.web import paging
from guanxi.web.pages.lists import page_numbers
from guanxi.web.paging import Sort, capped_count, capped_counts, read_page
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def departments():
    with cast.change() as change:
        parents = change.create_many(Department, [{"name": f"P{n}"} for n in range(3)])
        change.create_many(
            Department,
            [{"name": f"D{n:02}", "position": n // 3, "parent": parents[0] if n % 2 else None} for n in range(20)],
        )
    return Department.objects.all()


def walk(rows, sort, size):
    """Every page from the first, by key from the second on."""
    seen, key = [], ""
    for _round in range(50):
        page = read_page(rows, ["id", sort.field], sort=sort, number=1, size=size, key=key)
        seen += [row["id"] for row in page.rows]
        if not page.more:
            return seen
        key = page.after or paging._write_key(page.rows[-1], sort)
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("field", ["created_at", "position", "name", "parent_id"])
@pytest.mark.parametrize("size", [1, 4, 7, 50])
def test_walking_by_key_meets_every_row_once_in_the_order_of_the_list(departments, field, descending, size):
    sort = Sort(field, descending)
    ordered = [row.pk for row in departments.order_by(*sort.order())]
    assert walk(departments, sort, size) == ordered
    assert len(set(ordered)) == 23


def test_a_page_by_number_says_whether_more_follow(departments):
    sort = Sort("name", descending=False)
    first = read_page(departments, ["id", "name"], sort=sort, number=1, size=20, key="")
    last = read_page(departments, ["id", "name"], sort=sort, number=2, size=20, key="")
    assert (len(first.rows), first.more, first.first, first.total) == (20, True, 1, None)
    assert (len(last.rows), last.more, last.first, last.total) == (3, False, 21, 23)


def test_a_page_behind_the_end_is_empty_and_knows_no_total(departments):
    page = read_page(departments, ["id", "name"], sort=Sort("name", False), number=9, size=20, key="")
    assert (page.rows, page.more, page.total) == ([], False, None)


def test_deep_pages_hand_over_to_keys(departments, monkeypatch):
    monkeypatch.setattr(paging, "DEEPEST_OFFSET", 8)
    page = read_page(departments, ["id", "name"], sort=Sort("name", False), number=2, size=4, key="")
    assert page.after
    beyond = read_page(departments, ["id", "name"], sort=Sort("name", False), number=1, size=4, key=page.after)
    assert beyond.number == 0
    assert [row["name"] for row in beyond.rows] == ["D08", "D09", "D10", "D11"]


@pytest.mark.parametrize("key", ["x", "bnVsbA==", "W10=", "eyJhIjoxfQ==", "WyJ4IiwgImEiXQ==", "WyJ4IiwgMV0=", "\x00"])
def test_a_broken_key_counts_as_none(departments, key):
    page = read_page(departments, ["id", "created_at"], sort=Sort("created_at", True), number=1, size=5, key=key)
    assert page.number == 1


@pytest.mark.parametrize("place", ["[1e400, 1]", "[-1e400, 1]", "[null, 1e400]", "[1, 2.5]", f"[{10**30}, 1]"])
@pytest.mark.parametrize("field", ["position", "parent_id", "created_at", "name"])
def test_a_key_that_no_column_can_hold_is_no_fault(departments, field, place):
    key = base64.urlsafe_b64encode(place.encode()).decode()
    for descending in (True, False):
        read_page(departments, ["id", field], sort=Sort(field, descending), number=1, size=5, key=key)


@pytest.mark.parametrize("value", ["1e400", "1e25", '"a\\u0000"', '"0001-01-01T00:00:00+14:00"'])
@pytest.mark.parametrize("field", ["total", "number", "created_at"])
def test_nor_one_of_an_amount_a_text_or_a_moment(field, value):
    key = base64.urlsafe_b64encode(f"[{value}, 1]".encode()).decode()
    rows = Order.objects.all()
    assert read_page(rows, ["id", field], sort=Sort(field, True), number=1, size=5, key=key).rows == []


def test_counts_stop_at_their_cap(departments):
    assert capped_count(departments, 5) == 6
    assert capped_count(departments, 100) == 23
    assert capped_count(models.QuerySet(Department).none(), 5) == 0


def test_many_counts_come_in_one_query(departments, django_assert_num_queries):
    user = cast.make_user("owner")
    asked = [(departments, 5), (departments, 100), (departments.none(), 5), (departments.filter(position=0), 5)]
    with django_assert_num_queries(1):
        assert capped_counts(asked, user) == [6, 23, 0, 6]


@pytest.mark.parametrize(
    ("number", "total", "pages"),
    [
        (1, 10, [1]),
        (1, 21, [1, 2]),
        (1, 400, [1, 2, 0, 20]),
        (10, 400, [1, 0, 9, 10, 11, 0, 20]),
        (3, 400, [1, 2, 3, 4, 0, 20]),
        (1, 10_001, [1, 2, 0, 500]),
        (0, 400, [1]),
        (1, 0, []),
    ],
)
def test_page_numbers_link_the_ends_and_the_neighbours(number, total, pages):
    assert page_numbers(number, total, 20) == pages
