"""Forms give clean values and offer only what the user may choose."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from guanxi.accounts.models import User
from guanxi.customers import actions, forms
from guanxi.customers.models import Customer, Order
from tests.cast import change, make_user
from tests.customers.company import LINE, make_contact, make_customer, make_order, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("李思远", "customers.view_customer", "customers.create_customer")


def sent(**fields: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in fields.items()})
    return data


def lines(*rows: dict[str, Any], standing: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": standing}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_customer_needs_only_a_name(owner: User) -> None:
    form = forms.CustomerForm(sent(name="云栖智造"), user=owner)
    assert form.is_valid(), form.errors
    with change(by=owner) as writer:
        customer = actions.create_customer(change=writer, **form.values())
    assert Customer.objects.get(pk=customer.pk).manager is None


def test_amounts_and_phones_are_read_as_people_type_them(owner: User) -> None:
    form = forms.CustomerForm(
        sent(name="甲", phone="138 0013 8000", registered_capital="500万", website="guanxi.example"), user=owner
    )
    assert form.is_valid(), form.errors
    assert form.values()["phone"] == "13800138000"
    assert form.values()["registered_capital"] == 5_000_000


@pytest.mark.parametrize(
    "fault",
    [{"name": " "}, {"phone": "12"}, {"credit": "6"}, {"website": "javascript:alert(1)"}, {"bank_account": "9" * 51}],
)
def test_what_cannot_be_is_refused_by_its_field(owner: User, fault: dict[str, str]) -> None:
    form = forms.CustomerForm(sent(**{"name": "甲", **fault}), user=owner)
    assert not form.is_valid()
    assert list(form.errors) == list(fault)


def test_the_manager_is_oneself_without_the_right_to_assign(owner: User) -> None:
    colleague, clerk = make_user("王若溪", "customers.view_customer"), make_user("赵敏")
    assert forms.CustomerForm(user=owner)["manager"].initial == owner.pk
    assert not forms.CustomerForm(sent(name="甲", manager=colleague.pk), user=owner).is_valid()
    chief = make_user("陈嘉木", "customers.view_customer", "customers.assign_customer")
    assert forms.CustomerForm(sent(name="甲", manager=colleague.pk), user=chief).is_valid()
    assert not forms.CustomerForm(sent(name="甲", manager=clerk.pk), user=chief).is_valid()
    assert "manager" not in forms.CustomerForm(user=chief, record=make_customer()).fields


def test_old_tax_numbers_show_only_where_filled(owner: User) -> None:
    assert "local_tax_number" not in forms.CustomerForm(user=owner).fields
    customer = make_customer(local_tax_number="330100")
    assert "local_tax_number" in forms.CustomerForm(user=owner, record=customer).fields


def test_a_slip_in_the_licence_number_is_a_warning(owner: User) -> None:
    form = forms.CustomerForm(sent(name="甲", licence_number="91110000600037341M"), user=owner)
    assert form.is_valid()
    assert list(form.warnings()) == ["licence_number"]
    assert forms.CustomerForm(user=owner).warnings() == {}


def test_likely_duplicates_show_while_typing(owner: User) -> None:
    customer = make_customer("甲", phone="13800138000")
    assert [one.pk for one in forms.CustomerForm(sent(name="乙", phone="13800138000"), user=owner).duplicates()] == [
        customer.pk
    ]
    assert forms.CustomerForm(sent(name="甲"), user=owner, record=customer).duplicates() == []
    assert forms.CustomerForm(user=owner).duplicates() == []


def test_a_masked_reader_is_not_asked_for_phones(owner: User) -> None:
    clerk = make_user("冯宇", "customers.view_customer", masks=["phone", "amount"])
    assert not {"phone", "fax", "registered_capital"} & forms.CustomerForm(user=clerk).fields.keys()
    assert forms.CustomerForm(user=clerk).duplicates() == []


def test_a_contact_stays_with_its_customer(owner: User) -> None:
    mine, foreign = make_customer("甲", manager=owner), make_customer("乙")
    assert forms.ContactForm(sent(customer=mine.pk, name="赵敏"), user=owner).is_valid()
    assert not forms.ContactForm(sent(customer=foreign.pk, name="赵敏"), user=owner).is_valid()
    assert "customer" not in forms.ContactForm(user=owner, record=make_contact(mine)).fields


def test_an_interaction_is_read(owner: User) -> None:
    mine = make_customer(manager=owner)
    form = forms.InteractionForm(
        sent(customer=mine.pk, happened_at="2026-11-23T10:00", kind="visit", overview="谈了报价"), user=owner
    )
    assert form.is_valid(), form.errors
    assert form.values()["happened_at"].hour == 10


def test_an_order_is_read_with_its_lines(owner: User) -> None:
    mine = make_customer(manager=owner)
    rows = lines({"goods": "轴承", "quantity": "1,000", "unit_price": "0.000125"}, {"goods": "", "quantity": ""})
    form = forms.OrderForm(sent(customer=mine.pk, ordered_at="2026-11-23", **rows), user=owner)
    assert form.is_valid(), (form.errors, form.lines.errors)
    with change(by=owner) as writer:
        order = actions.create_order(change=writer, **form.values())
    assert Order.objects.get(pk=order.pk).total == Decimal("0.13")


def test_an_order_form_refuses_lines_at_fault(owner: User) -> None:
    mine = make_customer(manager=owner)
    rows = lines({"goods": "轴承", "quantity": "0.0001", "unit_price": "abc"})
    form = forms.OrderForm(sent(customer=mine.pk, ordered_at="2026-11-23", **rows), user=owner)
    assert not form.is_valid()
    assert list(form.lines.errors[0]) == ["quantity", "unit_price"]


def test_a_quantity_is_asked_for_as_a_number_and_a_price_as_an_amount(owner: User) -> None:
    rows = lines({"goods": "轴承", "quantity": "两个", "unit_price": "贵"})
    form = forms.OrderForm(sent(customer=make_customer(manager=owner).pk, ordered_at="2026-11-23", **rows), user=owner)
    with translation.override("zh-hans"):
        assert form.lines.errors[0] == {
            "quantity": ["请输入数字，例如 1,200 或 2.5。"],
            "unit_price": ["请输入金额，例如 1,200.00 或 12万。"],
        }


def test_a_line_too_many_is_refused_in_a_sentence(owner: User) -> None:
    rows = lines(*({"goods": "轴承", "quantity": 1, "unit_price": 1} for _line in range(501)))
    form = forms.OrderForm(sent(customer=make_customer(manager=owner).pk, ordered_at="2026-11-23", **rows), user=owner)
    assert not form.is_valid()
    with translation.override("zh-hans"):
        assert form.lines.non_form_errors() == ["一张订单最多 500 行。"]


def test_the_lines_of_an_order_are_drawn_without_templates_of_their_own(client: Client) -> None:
    client.force_login(make_user("陈嘉木", "customers.view_customer", "customers.edit_order", scope="all"))
    drawn = [
        client.post("/customers/orders/new/", sent(**lines(*({"goods": ""} for _line in range(count))))).templates
        for count in (1, 500)
    ]
    assert len(drawn[0]) == len(drawn[1])


def test_what_was_typed_into_a_line_at_fault_stands_there_with_a_sentence(client: Client) -> None:
    client.force_login(make_user("陈嘉木", "customers.view_customer", "customers.edit_order", scope="all"))
    rows = lines({"goods": '<b>"轴承"</b>', "quantity": "两个", "unit_price": "1,000", "DELETE": "on"}, {"goods": "轴"})
    text = client.post("/customers/orders/new/", sent(**rows)).content.decode()
    assert 'value="&lt;b&gt;&#34;轴承&#34;&lt;/b&gt;"' in text
    assert 'value="两个"' in text
    assert 'value="1,000"' in text
    assert 'name="lines-0-DELETE" aria-label="删除此行" checked' in text
    assert 'aria-describedby="id_lines-1-quantity_error"' in text
    assert 'id="id_lines-1-quantity_error"' in text


@pytest.mark.parametrize(
    ("quantity", "price", "shown"),
    [("2", "5", ("2", "5.00")), ("1.5", "0.0125", ("1.5", "0.0125")), ("1000", "150.5", ("1000", "150.50"))],
)
def test_lines_are_edited_without_needless_zeros(
    owner: User, quantity: str, price: str, shown: tuple[str, str]
) -> None:
    order = make_order(make_customer(), lines=[{**LINE, "quantity": Decimal(quantity), "unit_price": Decimal(price)}])
    line = forms.OrderForm(user=owner, record=Order.objects.get(pk=order.pk)).lines.forms[0]
    assert tuple(str(line[name].value()) for name in ("quantity", "unit_price")) == shown


def test_editing_an_order_keeps_and_takes_out_lines(owner: User) -> None:
    order = make_order(make_customer(manager=owner), lines=[LINE, LINE])
    first, second = order.lines.all()
    form = forms.OrderForm(user=owner, record=order)
    assert [row["id"] for row in form.lines.initial] == [first.pk, second.pk]
    rows = lines(
        {"id": first.pk, "goods": "轴承", "quantity": 2, "unit": "个", "unit_price": 50},
        {"id": second.pk, "goods": "轴承", "quantity": 2, "unit": "个", "unit_price": 50, "DELETE": "on"},
        standing=2,
    )
    form = forms.OrderForm(sent(ordered_at="2026-11-23", **rows), user=owner, record=order)
    assert form.is_valid(), (form.errors, form.lines.errors)
    with change(by=owner) as writer:
        actions.edit_order(order, change=writer, **form.values())
    assert list(order.lines.in_use()) == [first]


def test_whoever_may_not_see_amounts_does_not_edit_lines() -> None:
    clerk = make_user("冯宇", "customers.view_customer", scope="all", masks=["amount"])
    order = make_order(make_customer())
    form = forms.OrderForm(sent(ordered_at="2026-11-23", address="杭州"), user=clerk, record=order)
    assert form.is_valid(), form.errors
    assert "lines" not in form.values()


def test_payments_begin_with_what_is_due_and_refunds_with_what_is_kept(owner: User) -> None:
    order = make_order(make_customer(manager=owner))
    pay(order, "30")
    assert forms.PaymentForm(user=owner, record=order)["amount"].initial == 70
    assert forms.RefundForm(user=owner, record=order)["amount"].initial == 30
    form = forms.PaymentForm(sent(amount="70", paid_at="2026-11-23"), user=owner, record=order)
    assert form.is_valid(), form.errors
    with change(by=owner) as writer:
        actions.pay_order(order, change=writer, **form.values())
    assert Order.objects.get(pk=order.pk).state == "paid"


def test_customers_are_assigned_to_those_who_open_them(owner: User) -> None:
    clerk = make_user("赵敏")
    assert forms.AssignCustomerForm(sent(to=owner.pk), user=owner).is_valid()
    assert not forms.AssignCustomerForm(sent(to=clerk.pk), user=owner).is_valid()


def test_amounts_that_one_may_not_see_are_neither_filled_in_nor_told(client):
    clerk = make_user("冯宇", "customers.view_customer", "customers.edit_order", scope="all", masks=["amount"])
    order = make_order(make_customer(), total="98765431")
    client.force_login(clerk)
    for page in (f"/customers/orders/{order.pk}/pay/", f"/customers/orders/{order.pk}/refund/"):
        assert "98765431" not in client.get(page).content.decode()
    refused = client.post(f"/customers/orders/{order.pk}/pay/", {"amount": "999999999", "paid_at": "2026-11-23"})
    assert refused.status_code == 422
    assert "11,155" not in refused.content.decode()
    assert "****" in refused.content.decode()
