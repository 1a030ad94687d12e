"""Acts on many rows keep exactly the rules, sentences and sums of the single ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Order, OrderLine, Payment
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.models import Counter
from tests import cast
from tests.cast import change
from tests.customers.company import LINE, make_contact, make_customer, make_order

pytestmark = pytest.mark.django_db

SKIPPED = {"id", "pk", "name", "name_key", "number", "customer_id", "order_id"}


def create(verb: str, rows: list[dict[str, Any]]) -> list[Any]:
    with change("import") as writer:
        return list(getattr(actions, f"create_{verb}")(rows=rows, change=writer))


def same(one: Any, other: Any) -> bool:
    one.refresh_from_db()
    other.refresh_from_db()
    names = [field.attname for field in one._meta.concrete_fields if field.attname not in SKIPPED]
    return [getattr(one, name) for name in names] == [getattr(other, name) for name in names]


def sentence(outcome: Any) -> str:
    assert isinstance(outcome, RuleBroken)
    return str(outcome)


class TestCustomers:
    def test_one_of_many_is_as_one_alone(self, db):
        manager = cast.make_user("manager", "customers.view_customer")
        fields = {"manager": manager, "phone": "13805712233", "licence_number": "9133 0106-MA2CFQ4L5X"}
        alone = make_customer("云栖", **fields)
        (many,) = create("customers", [{"name": " 海纳 ", **fields}])
        assert many.name == "海纳"
        assert same(alone, many)

    @pytest.mark.parametrize("fields", [{"name": " "}, {"name": "云栖 智造"}, {"name": "新", "number": "A-1"}])
    def test_a_refusal_is_that_of_the_single_act(self, fields):
        make_customer("云栖智造", number="A-1")
        with pytest.raises(RuleBroken) as refusal:
            make_customer(**fields)
        good, bad = create("customers", [{"name": "好"}, fields])
        assert good.pk
        assert sentence(bad) == str(refusal.value)

    def test_a_manager_who_cannot_be_one_is_refused(self):
        nobody = cast.make_user("nobody")
        assert "nobody" in sentence(create("customers", [{"name": "甲", "manager": nobody}])[0])

    def test_the_second_of_one_name_or_number_is_refused(self):
        rows = [{"name": "甲", "number": "1"}, {"name": " 甲"}, {"name": "乙", "number": "1"}]
        made = create("customers", rows)
        assert [isinstance(one, actions.Taken) for one in made] == [False, True, True]
        assert made[1].record.pk is None

    def test_judging_says_the_same_and_writes_nothing(self):
        make_customer("云栖智造")
        rows = [{"name": "甲"}, {"name": "云栖智造"}, {"name": ""}, {"name": "甲"}]
        with change("import") as writer:
            judged = actions.judge_customers(rows=rows, change=writer)
        assert Customer.objects.count() == 1
        made = create("customers", rows)
        assert [str(one) for one in judged[1:]] == [str(one) for one in made[1:]]

    def test_numbers_go_past_those_that_a_file_brought(self):
        make_customer("甲", number="KH202611230002")
        made = create("customers", [{"name": "乙", "number": "KH202611230003"}, {"name": "丙"}, {"name": "丁"}])
        assert [one.number for one in made] == ["KH202611230003", "KH202611230001", "KH202611230004"]
        assert Counter.objects.get(prefix="KH20261123").last >= 4
        assert make_customer("戊").number == "KH202611230005"


class TestContacts:
    def test_one_of_many_is_as_one_alone(self):
        alone = make_contact(make_customer("甲"), "赵敏", mobile="13805712233")
        (many,) = create("contacts", [{"customer": make_customer("乙"), "name": "赵敏", "mobile": "13805712233"}])
        assert same(alone, many)

    @pytest.mark.parametrize("marks", [[0, 0, 0], [0, 1, 0], [1, 0, 1], [0, 0, 1]])
    @pytest.mark.parametrize("standing", [False, True])
    def test_the_primary_one_is_the_same_as_one_by_one(self, marks, standing):
        one, many = make_customer("甲"), make_customer("乙")
        for customer in (one, many):
            if standing:
                make_contact(customer, "旧")
        for place, mark in enumerate(marks):
            make_contact(one, f"人{place}", is_primary=bool(mark))
        create(
            "contacts", [{"customer": many, "name": f"人{n}", "is_primary": bool(mark)} for n, mark in enumerate(marks)]
        )
        primary = Contact.objects.filter(is_primary=True)
        assert primary.get(customer=one).name == primary.get(customer=many).name

    def test_a_customer_in_the_bin_is_refused(self):
        customer = make_customer()
        with change("bin") as writer:
            actions.bin_customer(customer, change=writer)
        refusal = create("contacts", [{"customer": customer, "name": "赵敏"}])[0]
        with pytest.raises(RuleBroken) as alone:
            make_contact(customer)
        assert sentence(refusal) == str(alone.value)


class TestOrders:
    def order(self, customer: Customer, **fields: Any) -> dict[str, Any]:
        return {"customer": customer, "ordered_at": date(2026, 11, 1), "lines": [LINE], **fields}

    def test_one_of_many_is_as_one_alone(self):
        manager = cast.make_user("manager", "customers.view_customer")
        first, second = make_customer("甲", manager=manager), make_customer("乙", manager=manager)
        alone = make_order(first, ordered_at=date(2026, 11, 1), address="西湖区")
        (many,) = create("orders", [self.order(second, address="西湖区")])
        assert same(alone, many)
        assert same(alone.lines.get(), many.lines.get())
        assert same(first, second)

    @pytest.mark.parametrize(
        "fields",
        [
            {"ordered_at": date(2027, 1, 1)},
            {"lines": []},
            {"lines": [LINE, {**LINE, "quantity": Decimal(0)}]},
            {"lines": [{**LINE, "amount": Decimal("99.97")}]},
            {"number": "A-1"},
        ],
    )
    def test_a_refusal_is_that_of_the_single_act(self, fields):
        customer = make_customer()
        make_order(customer, number="A-1")
        with pytest.raises(RuleBroken) as refusal:
            make_order(customer, **fields)
        good, bad = create("orders", [self.order(customer), self.order(customer, **fields)])
        assert good.pk
        assert sentence(bad) == str(refusal.value)
        assert OrderLine.objects.count() == 2

    def test_an_order_marked_paid_brings_one_payment_of_its_total(self):
        customer = make_customer()
        made = create(
            "orders",
            [
                self.order(customer, paid=True),
                self.order(customer, paid=True, paid_at=date(2026, 11, 9)),
                self.order(customer, paid=True, lines=[{**LINE, "unit_price": Decimal(0)}]),
                self.order(customer),
                self.order(customer, paid=True, paid_at=date(2027, 1, 1)),
            ],
        )
        assert [one.state for one in made[:4]] == ["paid", "paid", "paid", "unpaid"]
        assert isinstance(made[4], RuleBroken)
        payments = Payment.objects.order_by("pk").values_list("order", "amount", "paid_at", "customer")
        assert list(payments) == [
            (made[0].pk, Decimal("100.00"), date(2026, 11, 1), customer.pk),
            (made[1].pk, Decimal("100.00"), date(2026, 11, 9), customer.pk),
        ]
        customer.refresh_from_db()
        assert (customer.order_count, customer.paid_count, customer.received_total) == (4, 3, Decimal("200.00"))
        assert Order.objects.get(pk=made[1].pk).paid_at == date(2026, 11, 9)
