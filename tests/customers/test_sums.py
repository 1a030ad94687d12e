"""The derived columns of customers, rebuilt at once or put off."""

from decimal import Decimal

import pytest

from guanxi.customers.actions import recount_now, recounted_once
from guanxi.customers.models import Customer
from tests.customers.company import make_customer, make_order, pay

pytestmark = pytest.mark.django_db


def test_many_acts_are_recounted_once_at_their_end():
    customer = make_customer()
    with recounted_once():
        for total in (100, 200):
            pay(make_order(customer, total=total), total)
        assert Customer.objects.get(pk=customer.pk).order_count == 0
    found = Customer.objects.get(pk=customer.pk)
    assert (found.order_count, found.paid_total, found.received_total) == (2, Decimal(300), Decimal(300))
    make_order(customer)
    assert Customer.objects.get(pk=customer.pk).order_count == 3


def test_a_reader_in_between_has_true_sums_and_the_rest_is_recounted_at_the_end():
    customer = make_customer()
    with recounted_once():
        make_order(customer)
        recount_now()
        assert Customer.objects.get(pk=customer.pk).order_count == 1
        make_order(customer)
        assert Customer.objects.get(pk=customer.pk).order_count == 1
    assert Customer.objects.get(pk=customer.pk).order_count == 2


def test_acts_that_fail_leave_no_recount_put_off():
    customer = make_customer()
    with pytest.raises(ZeroDivisionError), recounted_once():
        raise ZeroDivisionError
    make_order(customer)
    assert Customer.objects.get(pk=customer.pk).order_count == 1
