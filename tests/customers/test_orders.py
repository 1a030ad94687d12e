"""Orders and payments: amounts to the cent, a state that follows from the payments, revenue that stays."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers import actions
from guanxi.customers.actions.lines import checked_lines
from guanxi.customers.actions.order import standing_of
from guanxi.customers.models import Customer, Order, OrderLine, Payment
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import undo
from guanxi.kernel.records import writing
from guanxi.kernel.rules import RuleBroken, StepRefused
from tests.cast import NOW, change, make_user
from tests.customers.company import LINE, TODAY, cancel, make_customer, make_order, pay, refund

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def reopen(order: Order) -> None:
    with change("reopen") as writer:
        actions.reopen_order(order, change=writer)


def edit(order: Order, **fields: Any) -> None:
    with change("edit") as writer:
        actions.edit_order(order, change=writer, **fields)


def stands(order: Order) -> tuple[str, Decimal, date | None]:
    row = Order.objects.get(pk=order.pk)
    return row.state, row.paid, row.paid_at


def line(**fields: Any) -> dict[str, Any]:
    return {"goods": "轴承", **{name: Decimal(str(value)) for name, value in fields.items()}}


# -- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        ("3", "0.335", "0", "1.01"),  # 1.005 is half a cent: up
        ("1", "0.004999", "0", "0.00"),
        ("0.333", "9.99", "0.01", "3.32"),
        ("2", "50", "100", "0.00"),
        ("1000", "0.000005", "0", "0.01"),
    ],
)
def test_an_amount_is_rounded_half_up_to_the_cent(quantity: str, price: str, discount: str, amount: str) -> None:
    [row] = checked_lines([line(quantity=quantity, unit_price=price, discount=discount)])
    assert row["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    "fault",
    [
        line(quantity=0, unit_price=1),
        line(quantity=-1, unit_price=1),
        line(quantity="1.0005", unit_price=1),
        line(quantity=1, unit_price="-0.01"),
        line(quantity=1, unit_price="0.0000001"),
        line(quantity=1, unit_price=1, discount=2),
        line(quantity=1, unit_price=1, discount=-1),
        line(quantity="1E11", unit_price="1E11"),
        line(quantity=2, unit_price=1, amount="2.03"),
        line(quantity=2, unit_price=1, amount="-1"),
        {**LINE, "goods": " "},
    ],
)
def test_a_line_at_fault_is_named(fault: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match="2") as refusal:
        checked_lines([LINE, fault])
    assert refusal.value.field == "lines"


def test_an_order_needs_a_line() -> None:
    with pytest.raises(RuleBroken):
        checked_lines([])


@pytest.mark.parametrize(("amount", "quantity"), [("10.01", 1), ("9.99", 1), ("10.03", 3), ("10.01", "0.5")])
def test_a_line_may_bring_its_own_amount_within_a_cent_per_unit(amount: str, quantity: Any) -> None:
    price = Decimal(10) / Decimal(str(quantity))
    [row] = checked_lines([line(quantity=quantity, unit_price=round(price, 6), amount=amount)])
    assert row["amount"] == Decimal(amount)


@given(
    quantity=st.decimals("0.001", "99999", places=3),
    price=st.decimals("0", "99999", places=6),
    share=st.decimals("0", "1", places=2),
)
def test_amounts_are_exact_for_any_terms(quantity: Decimal, price: Decimal, share: Decimal) -> None:
    discount = (quantity * price * share).quantize(Decimal("0.01"), "ROUND_DOWN")
    [row] = checked_lines([line(quantity=quantity, unit_price=price, discount=discount)])
    exact = quantity * price - discount
    assert row["amount"] == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert abs(row["amount"] - exact) <= Decimal("0.005")
    assert row["amount"] >= 0


# -- states --------------------------------------------------------------------------------------

amounts = st.decimals("-50", "100", places=2).filter(lambda amount: amount != 0)


@given(
    total=st.decimals("0", "200", places=2),
    payments=st.lists(st.tuples(st.dates(date(2026, 1, 1), TODAY), amounts), max_size=8),
)
def test_the_state_follows_from_the_sum(total: Decimal, payments: Sequence[tuple[date, Decimal]]) -> None:
    ordered = sorted(payments, key=lambda payment: payment[0])
    result = standing_of(total, date(2026, 1, 1), ordered)
    paid = sum((amount for _day, amount in ordered), start=Decimal(0))
    assert result["paid"] == paid
    assert (result["state"] == "paid") == (paid == total)
    assert (result["state"] == "unpaid") == (paid == 0 != total)
    assert (result["paid_at"] is not None) == (result["state"] == "paid")


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.decimals("0.01", "70", places=2)), max_size=6))
def test_any_course_of_payments_leaves_order_and_customer_right(steps: list[tuple[bool, Decimal]]) -> None:
    with transaction.atomic():
        order = make_order(make_customer())
        for comes_in, amount in steps:
            try:
                pay(order, amount) if comes_in else refund(order, amount)
            except RuleBroken:
                continue
        _assert_right(order)
        transaction.set_rollback(True)


def _assert_right(order: Order) -> None:
    row = Order.objects.select_related("customer").get(pk=order.pk)
    paid = sum((payment.amount for payment in row.payments.all()), start=Decimal(0))
    assert 0 <= row.paid == paid <= row.total
    assert row.state == ("paid" if paid == row.total else "partly_paid" if paid else "unpaid")
    assert row.customer.received_total == paid
    assert row.customer.paid_total == (row.total if row.state == "paid" else 0)


@pytest.mark.django_db
def test_creating_an_order() -> None:
    owner = make_user("李思远", "customers.view_customer")
    customer = make_customer(manager=owner)
    order = make_order(customer, lines=[LINE, {**LINE, "unit_price": Decimal("0.005")}])
    order.refresh_from_db()
    assert (order.number, order.total, order.salesperson) == ("DD202611230001", Decimal("100.01"), owner)
    assert [(one.position, one.amount) for one in order.lines.all()] == [(1, Decimal(100)), (2, Decimal("0.01"))]
    customer.refresh_from_db()
    assert (customer.order_count, customer.last_ordered_at, customer.paid_count) == (1, TODAY, 0)


@pytest.mark.django_db
def test_an_order_in_the_future_or_with_a_taken_number_is_refused() -> None:
    customer = make_customer()
    make_order(customer, number="X1")
    for fields in ({"ordered_at": TOMORROW}, {"number": "X1"}):
        with pytest.raises(RuleBroken):
            make_order(customer, **fields)
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_the_day_of_an_order_is_the_companys_day() -> None:
    evening = NOW.replace(hour=17)  # past midnight in Shanghai
    assert make_order(make_customer(), ordered_at=TOMORROW, at=evening).ordered_at == TOMORROW


@pytest.mark.django_db
def test_an_order_of_nothing_counts_as_paid() -> None:
    customer = make_customer()
    order = make_order(customer, ordered_at=YESTERDAY, total=0)
    assert stands(order) == ("paid", 0, YESTERDAY)
    customer.refresh_from_db()
    assert (customer.paid_count, customer.last_paid_at) == (1, YESTERDAY)
    cancel(order)
    assert stands(order) == ("cancelled", 0, None)
    reopen(order)
    assert stands(order) == ("paid", 0, YESTERDAY)


@pytest.mark.django_db
def test_paying_and_refunding_lead_through_the_states() -> None:
    customer = make_customer()
    order = make_order(customer, ordered_at=YESTERDAY)
    pay(order, "30", YESTERDAY)
    assert stands(order) == ("partly_paid", 30, None)
    pay(order, "70")
    assert stands(order) == ("paid", 100, TODAY)
    customer.refresh_from_db()
    assert (customer.paid_total, customer.received_total, customer.last_paid_at) == (100, 100, YESTERDAY)
    refund(order, "100")
    assert stands(order) == ("unpaid", 0, None)
    customer.refresh_from_db()
    assert (customer.paid_total, customer.received_total, customer.last_paid_at) == (0, 0, None)
    assert [payment.amount for payment in Payment.objects.order_by("pk")] == [30, 70, -100]


@pytest.mark.django_db
def test_a_payment_dated_back_counts_on_its_day() -> None:
    order = make_order(make_customer(), ordered_at=YESTERDAY)
    pay(order, "60")
    pay(order, "40", YESTERDAY)
    assert stands(order) == ("paid", 100, TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["100.01", "0", "-1", "0.001"])
def test_a_payment_beyond_what_is_due_changes_nothing(amount: str) -> None:
    order = make_order(make_customer())
    before = (stands(order), ChangeSet.objects.count(), Change.objects.count())
    with pytest.raises(RuleBroken) as refusal:
        pay(order, amount)
    assert refusal.value.field == "amount"
    assert (stands(order), ChangeSet.objects.count(), Change.objects.count()) == before
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_payments_and_refunds_out_of_order_are_refused() -> None:
    order = make_order(make_customer())
    with pytest.raises(StepRefused):
        refund(order, "1")
    with pytest.raises(RuleBroken):
        pay(order, "1", TOMORROW)
    pay(order, "100")
    with pytest.raises(StepRefused):
        pay(order, "1")
    with pytest.raises(RuleBroken):
        refund(order, "100.01")
    refund(order, "100")
    cancel(order)
    with pytest.raises(StepRefused):
        pay(order, "100")


@pytest.mark.django_db
def test_cancelling_needs_a_reason_and_no_kept_money() -> None:
    customer = make_customer()
    order = make_order(customer)
    with pytest.raises(RuleBroken) as refusal:
        cancel(order, "  ")
    assert refusal.value.field == "reason"
    pay(order, "40")
    with pytest.raises(RuleBroken, match="40"):
        cancel(order)
    refund(order, "40")
    cancel(order, "缺货")
    assert stands(order) == ("cancelled", 0, None)
    assert Order.objects.get(pk=order.pk).cancel_reason == "缺货"
    customer.refresh_from_db()
    assert (customer.order_count, customer.last_ordered_at) == (0, None)
    with pytest.raises(StepRefused):
        cancel(order)
    reopen(order)
    assert stands(order) == ("unpaid", 0, None)
    with pytest.raises(StepRefused):
        reopen(order)


@pytest.mark.django_db
def test_editing_changes_adds_and_bins_lines() -> None:
    order = make_order(make_customer(), lines=[LINE, LINE])
    first, second = order.lines.all()
    edit(order, lines=[{**LINE, "id": second.pk, "quantity": Decimal(3)}, {**LINE, "goods": "齿轮"}])
    assert order.total == Order.objects.get(pk=order.pk).total == 250
    kept, added = order.lines.in_use()
    assert (kept.pk, kept.quantity, kept.position) == (second.pk, 3, 1)
    assert (added.goods, added.position) == ("齿轮", 2)
    assert not OrderLine.objects.in_use().filter(pk=first.pk).exists()


@pytest.mark.django_db
def test_a_line_of_another_order_is_not_taken_over() -> None:
    customer = make_customer()
    order, other = make_order(customer), make_order(customer)
    foreign = other.lines.get()
    edit(order, lines=[{**LINE, "id": foreign.pk, "goods": "齿轮"}])
    foreign.refresh_from_db()
    assert (foreign.order, foreign.goods) == (other, "轴承")


@pytest.mark.django_db
def test_lines_are_fixed_once_anything_is_paid() -> None:
    order = make_order(make_customer())
    pay(order, "1")
    with pytest.raises(RuleBroken) as refusal:
        edit(order, lines=[{**LINE, "quantity": Decimal(9)}])
    assert refusal.value.field == "lines"
    edit(order, lines=[LINE], address="杭州")
    assert Order.objects.get(pk=order.pk).address == "杭州"
    refund(order, "1")
    edit(order, lines=[{**LINE, "quantity": Decimal(9)}])
    cancel(order)
    with pytest.raises(RuleBroken):
        edit(order, lines=[LINE])


@pytest.mark.django_db
def test_an_order_stays_with_its_customer() -> None:
    order = make_order(make_customer())
    with pytest.raises(RuleBroken) as refusal:
        edit(order, customer=make_customer("乙"))
    assert refusal.value.field == "customer"


@pytest.mark.django_db
def test_editing_down_to_nothing_counts_as_paid() -> None:
    order = make_order(make_customer(), ordered_at=YESTERDAY)
    edit(order, lines=[{**LINE, "unit_price": Decimal(0)}])
    assert stands(order) == ("paid", 0, YESTERDAY)


@pytest.mark.django_db
def test_undoing_a_payment_gives_the_order_its_state_back() -> None:
    order = make_order(make_customer())
    pay(order, "100")
    with change("undo") as writer:
        undo(ChangeSet.objects.get(verb="pay"), change=writer)
    assert stands(order) == ("unpaid", 0, None)
    assert not Payment.objects.in_use().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "paid"},
        {"state": "partly_paid"},
        {"state": "nonsense"},
        {"paid": Decimal("100.01")},
        {"paid": Decimal(-1)},
        {"paid": Decimal(1)},
        {"paid_at": TODAY},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    order = make_order(make_customer())
    with writing(), pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**wrong)
    with writing(), pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=order.customer_id).update(credit=6)


@pytest.mark.django_db
def test_recounting_rebuilds_what_was_lost() -> None:
    customer = make_customer()
    pay(make_order(customer), "100")
    make_order(customer, ordered_at=YESTERDAY)
    Customer.objects.filter(pk=customer.pk).derive(paid_total=0, order_count=9, last_paid_at=None)
    with transaction.atomic():
        actions.recount_customers([customer.pk])
    customer.refresh_from_db()
    assert (customer.paid_total, customer.order_count, customer.last_paid_at) == (100, 2, TODAY)
