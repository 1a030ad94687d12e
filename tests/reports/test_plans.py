"""The sums of a period are answered from an index alone, on either database; rows of customers by their customers."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from guanxi.customers.actions.sums import sums
from guanxi.customers.models import Customer, Order
from guanxi.reports.periods import Period
from tests import cast
from tests.customers.company import make_customer, make_order, pay
from tests.reports.asking import asked

pytestmark = pytest.mark.django_db
OTHERS = "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexname <> %s AND indexdef NOT LIKE '%%UNIQUE%%'"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def plan(rows: Any, index: str) -> str:
    """How the database goes about it; PostgreSQL, to whom all ways through no rows are equal, has no other way left."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(OTHERS, [rows.model._meta.db_table, index])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP INDEX "{name}"')
            for walk in ("seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{walk} = off")
    return rows.explain()


@pytest.mark.parametrize(
    ("query", "index"), [("period=year", "order_contribution"), ("period=year&basis=payments", "payment_received")]
)
def test_contribution_reads_an_index_alone(query, index):
    chief = cast.make_user("chief", holds_all=True)
    question = asked("contribution", chief, query)
    found = plan(question.report.source(question).by_customer(YEAR), index)
    alone = {"sqlite": f"COVERING INDEX {index}", "postgresql": f"Index Only Scan using {index}"}
    assert alone[connection.vendor] in found


def test_who_sees_some_customers_has_their_orders_by_customer():
    li = cast.make_user("li", "customers.view_customer", "customers.claim_customer", scope="own")
    mine, pooled, other = (
        make_customer("华星", manager=li),
        make_customer("启明"),
        make_customer("湘江", manager=cast.make_user("wang", "customers.view_customer")),
    )
    for customer in (mine, pooled, other):
        pay(make_order(customer), 100)
    rows = Order.objects.by_customers(li)
    assert {order.customer_id for order in rows} == {mine.pk, pooled.pk}
    assert set(rows) == set(Order.objects.visible_to(li))
    assert set(rows) == {order for part in Order.objects.parts_of(li) for order in Order.objects.filter(part)}


@pytest.mark.sqlite
def test_a_customer_is_summed_up_from_its_own_orders_though_there_are_no_statistics():
    said = Customer.objects.filter(pk=1).annotate(**{f"true_{name}": one for name, one in sums().items()})
    found = said.values_list(*(f"true_{name}" for name in sums())).explain()
    assert "order_customer (customer_id=?)" in found
    assert "order_contribution" not in found
