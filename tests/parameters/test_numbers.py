"""Numbers by the rules that administrators choose: unique for ever, whatever the rules become."""

from datetime import date

import pytest

from guanxi.customers.models import Customer
from guanxi.customers.parameters import CUSTOMER_NUMBERS, ORDER_NUMBERS
from guanxi.kernel.rules import RuleBroken
from guanxi.marketing.parameters import CHANCE_NUMBERS
from guanxi.parameters.actions import set_parameters
from guanxi.parameters.numbers import rules, take_numbers, write_number
from guanxi.service.parameters import TICKET_NUMBERS
from tests import cast
from tests.customers.company import make_customer, make_order

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def choose(rule, **values):
    with cast.change("set") as change:
        set_parameters({getattr(rule, name): value for name, value in values.items()}, change=change)


def test_each_kind_has_its_rule():
    assert {rule.kind for rule in rules()} == {"KH", "DD", "XS", "FW"}
    assert [rule.kind for rule in (CUSTOMER_NUMBERS, ORDER_NUMBERS, CHANCE_NUMBERS, TICKET_NUMBERS)] == [
        *("KH", "DD", "XS", "FW")
    ]


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({}, "KH202611230001"),
        ({"prefix": "C-"}, "C-202611230001"),
        ({"day": "month"}, "KH2026110001"),
        ({"day": "year", "digits": 6}, "KH2026000001"),
        ({"day": "none", "digits": 8}, "KH00000001"),
    ],
)
def test_a_rule_makes_the_numbers(values, number):
    choose(CUSTOMER_NUMBERS, **values)
    assert make_customer().number == number
    chosen = [setting.read() for setting in (CUSTOMER_NUMBERS.prefix, CUSTOMER_NUMBERS.day, CUSTOMER_NUMBERS.digits)]
    assert write_number(*chosen, at=DAY) == number


def test_existing_numbers_stay_and_the_others_have_their_own_rule():
    old = make_customer("甲")
    choose(CUSTOMER_NUMBERS, prefix="C")
    new = make_customer("乙")
    old.refresh_from_db()
    assert (old.number, new.number, make_order(new).number) == ("KH202611230001", "C202611230001", "DD202611230001")


def test_going_back_to_a_rule_goes_on_with_its_counter():
    make_customer("甲")
    choose(CUSTOMER_NUMBERS, prefix="C")
    make_customer("乙")
    choose(CUSTOMER_NUMBERS, prefix="KH")
    assert make_customer("丙").number == "KH202611230002"


def test_two_rules_that_write_the_same_number_do_not_give_it_twice():
    made = [make_customer(str(number)).number for number in range(3)]
    choose(CUSTOMER_NUMBERS, prefix="KH20261123", day="none", digits=4)
    made += [make_customer(f"又{number}").number for number in range(3)]
    assert len(set(made)) == 6
    assert Customer.objects.count() == 6


def test_more_than_the_digits_hold_go_on_longer():
    choose(CUSTOMER_NUMBERS, digits=3)
    taken = take_numbers("KH", DAY, 1_001)
    assert (taken[998], taken[999]) == ("KH20261123999", "KH202611231000")
    assert len(set(taken)) == 1_001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("prefix", text) for text in ("", "客户", "A B", "K" * 11, "{0}", "=1")),
        *(("day", text) for text in ("", "week", "%Y")),
        *(("digits", number) for number in (2, 9)),
    ],
)
def test_rules_that_make_no_numbers_are_refused(name, value):
    with pytest.raises(RuleBroken) as broken:
        choose(CUSTOMER_NUMBERS, **{name: value})
    assert broken.value.field == getattr(CUSTOMER_NUMBERS, name).key
    assert make_customer().number == "KH202611230001"
