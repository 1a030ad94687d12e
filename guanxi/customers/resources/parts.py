"""The pages of what hangs on a customer: contacts, interactions, orders with their lines and payments."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers import actions, forms, queries
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.customers.resources.customer import CustomerResource
from guanxi.customers.resources.goods import GOODS, GoodsFilter
from guanxi.customers.resources.phones import with_phones
from guanxi.web.declarations import Action, Panel
from guanxi.web.panels import cells_of, part_panel
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

OF_THE_CUSTOMER = ["customer__manager", "customer__level", "customer__area", "customer__manager__department"]
"""By what reports narrow what hangs on customers."""
ORDER_TONES = {"unpaid": "warn", "partly_paid": "info", "paid": "ok", "cancelled": "mut"}


class PartResource(Resource):
    """What the parts of a customer share: whoever opens customers reads them."""

    under = "customers.customer"
    parent = "customer"

    def permission(self, verb: str) -> str:
        """Reading and taking away go with the customer; writing has a permission of its own for each kind of part."""
        if verb in {"view", "export"}:
            return CustomerResource.instance.permission(verb)
        return f"customers.edit_{self.model._meta.model_name}"


@register
class ContactResource(PartResource):
    """联系人管理."""

    model = Contact
    path = "contacts"
    icon = "address-book"
    columns = ["name", "customer", "position", "sex", "mobile", "office_phone", "wechat", "email", "is_primary"]
    more_columns = ["created_at"]
    sorts = ["created_at"]
    exports = True
    form = forms.ContactForm
    create = actions.create_contact
    edit = actions.edit_contact
    bin = actions.bin_contact
    restore = actions.restore_contact
    searchable = True
    head = ["is_primary"]
    details = [
        (
            _("Contact"),
            [*columns, "created_by", "created_at"],
        )
    ]
    empty_text = _("Add the people you deal with there.")
    api_fields = [
        "customer",
        "name",
        "sex",
        "position",
        "office_phone",
        "mobile",
        "wechat",
        "email",
        "is_primary",
        "created_at",
        "updated_at",
    ]


@register
class InteractionResource(PartResource):
    """交往记录."""

    model = Interaction
    path = "interactions"
    icon = "message"
    columns = ["overview", "customer", "happened_at", "kind", "place", "next_follow_up", "created_by"]
    more_columns = ["created_at"]
    sorts = ["happened_at"]
    sort = "-happened_at"
    filters = ["kind", "happened_at"]
    exports = True
    tones = {"kind": {"call": "pri", "visit": "ok", "wechat": "ok", "meeting": "vio", "email": "info"}}
    form = forms.InteractionForm
    create = actions.create_interaction
    edit = actions.edit_interaction
    bin = actions.bin_interaction
    restore = actions.restore_interaction
    create_label = _("Record an interaction")
    details = [(_("Interaction"), [*columns, "created_at"])]
    empty_text = _("Record the calls, visits and meetings that took place.")
    api_fields = [
        "customer",
        "happened_at",
        "kind",
        "place",
        "overview",
        "next_follow_up",
        "created_by",
        "created_at",
        "updated_at",
    ]


@register
class OrderResource(PartResource):
    """客户订单."""

    model = Order
    path = "orders"
    icon = "receipt"
    columns = ["number", "customer", "ordered_at", "state", "total", "paid", "salesperson"]
    more_columns = ["paid_at", "address", "created_at"]
    kinds = {"number": "code"}
    tones = {"state": ORDER_TONES}
    sorts = ["ordered_at", "total", "created_at"]
    sort = "-ordered_at"
    filters = ["state", "ordered_at", "total", "salesperson"]
    further_filters = [*OF_THE_CUSTOMER, GOODS]
    filter_kinds = {GOODS: GoodsFilter}
    exports = True
    searchable = True
    form = forms.OrderForm
    form_template = "customers/order_form.html"
    form_page = True
    create = actions.create_order
    edit = actions.edit_order
    actions = [
        Action(
            "pay",
            actions.pay_order,
            _("Payment"),
            form=forms.PaymentForm,
            icon="cash",
            primary=True,
            when=lambda order: order.state in {"unpaid", "partly_paid"},
        ),
        Action(
            "refund",
            actions.refund_order,
            _("Refund"),
            form=forms.RefundForm,
            icon="arrow-back-up",
            when=lambda order: order.paid > 0,
        ),
        Action(
            "cancel",
            actions.cancel_order,
            _("Cancel the order"),
            form=forms.CancelOrderForm,
            icon="circle-x",
            danger=True,
        ),
        Action("reopen", actions.reopen_order, _("Reopen"), icon="refresh"),
    ]
    head = ["state"]
    meta = ["customer", "ordered_at", "salesperson"]
    details = [
        (
            _("Order"),
            [
                "number",
                "customer",
                "ordered_at",
                "salesperson",
                "state",
                "total",
                "paid",
                "paid_at",
                "address",
                "cancel_reason",
                "created_by",
                "created_at",
            ],
        )
    ]
    hide_empty = frozenset({"cancel_reason", "paid_at"})
    empty_text = _("Enter the first order with its lines.")
    api_fields = [
        "number",
        "customer",
        "ordered_at",
        "salesperson",
        "address",
        "state",
        "total",
        "paid",
        "paid_at",
        "cancel_reason",
        "created_at",
        "updated_at",
    ]
    api_rows = {
        "lines": ["goods", "quantity", "unit", "unit_price", "discount", "amount"],
        "payments": ["paid_at", "amount", "way", "note"],
    }


@register
class PaymentResource(PartResource):
    """The payments of all customers by date; they are entered with their order."""

    model = Payment
    path = "payments"
    icon = "cash"
    columns = ["paid_at", "customer", "order", "amount", "way", "note"]
    more_columns = ["created_by", "created_at"]
    sorts = ["paid_at", "created_at"]
    sort = "-paid_at"
    filters = ["paid_at", "way"]
    further_filters = OF_THE_CUSTOMER
    exports = True
    details = [(_("Payment"), ["paid_at", "customer", "order", "amount", "way", "note", "created_by", "created_at"])]
    empty_text = _("Payments are entered with the order that they are for.")
    api_fields = ["customer", "order", "paid_at", "amount", "way", "note", "created_by", "created_at", "updated_at"]


def _contacts(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {
        "contacts": with_phones(record.contacts.in_use().order_by("-is_primary", "-id"), request.user),
        "part": ContactResource.instance,
    }


part_panel(Customer, ContactResource.instance, place=30, template="customers/panel_contacts.html", further=_contacts)
part_panel(Customer, InteractionResource.instance, place=40)
part_panel(Customer, OrderResource.instance, place=50)


def _ledger(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {
        "months": queries.ledger(record),
        "owed": record.outstanding,
        "open_orders": record.orders.in_use().filter(state__in=["unpaid", "partly_paid"]).order_by("ordered_at", "pk"),
        "amounts": "amount" not in reach_of(request.user).masked,
        "may_pay": OrderResource.instance.may(request.user, "pay"),
    }


def _lines(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {
        "lines": record.lines.in_use(),
        "payments": record.payments.in_use().select_related("way", "created_by").order_by("-paid_at", "-pk"),
        "amounts": "amount" not in reach_of(request.user).masked,
        "total": cells_of(OrderResource.instance, record, ["total"], request.user)[0][1],
    }


panel(Customer, Panel("payments", _("Payments"), "customers/panel_ledger.html", _ledger, place=60))
panel(Order, Panel("lines", _("Lines and payments"), "customers/panel_lines.html", _lines, place=10))
