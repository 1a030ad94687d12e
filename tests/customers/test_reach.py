"""Whose a customer is to see, and the parts in which that is counted."""

import pytest

from guanxi.customers.models import Customer
from guanxi.web.paging import capped_counts
from tests.cast import make_user
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rights", "scope", "seen"),
    [
        (["customers.view_customer"], "own", 1),
        (["customers.view_customer", "customers.claim_customer"], "own", 3),
        (["customers.view_customer"], "all", 4),
    ],
)
def test_the_parts_hold_every_visible_customer_once(rights, scope, seen, django_assert_num_queries):
    user, other = make_user("李思远", *rights, scope=scope), make_user("王若溪", "customers.view_customer")
    for number, manager in enumerate([user, other, None, None]):
        make_customer(name=f"客户 {number}", manager=manager)
    visible = Customer.objects.visible_to(user)
    in_parts = [pk for part in visible.parts_of(user) for pk in visible.filter(part).values_list("pk", flat=True)]
    assert sorted(in_parts) == sorted(visible.values_list("pk", flat=True))
    assert len(in_parts) == seen
    with django_assert_num_queries(1):
        assert capped_counts([(visible, 100), (visible, 0)], user) == [seen, 1]
