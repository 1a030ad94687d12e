"""The pages of customers and what hangs on them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers import actions, forms, queries
from guanxi.customers.licence import licence_warning
from guanxi.customers.models import Contact, Customer, Interaction, Order
from guanxi.kernel.days import company_day
from guanxi.web.declarations import Action, Kpi, ListView, Panel
from guanxi.web.formats import ago, day, group_day, money, number, short_money
from guanxi.web.panels import part_panel
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

STATE_TONES = {"normal": "ok", "at_risk": "warn", "lost": "bad"}
ORDER_TONES = {"unpaid": "warn", "partly_paid": "info", "paid": "ok", "cancelled": "mut"}


@register
class CustomerResource(Resource):
    """客户信息管理."""

    model = Customer
    directory = "customers"
    code = "2010"
    codes = {"create": "201001", "edit": "201002", "bin": "201003"}
    icon = "building"
    place = 10
    columns = [
        "name",
        "number",
        "level",
        "state",
        "area",
        "manager",
        "satisfaction",
        "paid_total",
        "last_paid_at",
        "last_interaction_at",
    ]
    more_columns = [
        "industry",
        "source",
        "credit",
        "phone",
        "since",
        "order_count",
        "last_ordered_at",
        "received_total",
        "next_follow_up",
        "registered_capital",
        "annual_turnover",
        "legal_representative",
        "licence_number",
        "address",
        "website",
        "created_at",
    ]
    kinds = {"number": "code", "satisfaction": "stars", "credit": "stars", "website": "web", "licence_number": "code"}
    tones = {"state": STATE_TONES}
    sorts = ["created_at", "paid_total", "last_paid_at", "last_interaction_at", "next_follow_up"]
    filters = ["level", "manager", "area", "state", "industry", "last_paid_at", "paid_total", "created_at"]
    views = [
        ListView("mine", _("Mine"), lambda rows, user: rows.filter(manager=user)),
        ListView("pool", _("Public pool"), lambda rows, user: rows.filter(manager=None)),
        ListView("at-risk", _("At risk"), lambda rows, user: rows.filter(state="at_risk"), hot=True),
    ]
    searchable = True
    search_hint = _("Name, number, contact, phone, pinyin")
    empty_text = _("Create the first customer, or import a list from Excel or CSV.")

    form = forms.CustomerForm
    form_template = "customers/customer_form.html"
    create = actions.create_customer
    edit = actions.edit_customer
    bin = actions.bin_customer
    restore = actions.restore_customer
    restore_form = forms.RestoreCustomerForm
    actions = [
        Action(
            "claim",
            actions.claim_customer,
            _("Claim"),
            icon="hand-grab",
            when=lambda customer: customer.manager_id is None,
            primary=True,
            bulk=True,
            confirm=_("You become the manager of this customer."),
        ),
        Action(
            "assign", actions.assign_customer, _("Assign"), form=forms.AssignCustomerForm, icon="user-share", bulk=True
        ),
        Action(
            "return",
            actions.return_customer,
            _("Return to the pool"),
            form=forms.ReturnCustomerForm,
            icon="arrow-back-up",
            when=lambda customer: customer.manager_id is not None,
            bulk=True,
        ),
    ]
    head = ["level", "state"]
    meta = ["number", "area", "phone", "manager", "satisfaction"]
    details = [
        (_("Basics"), ["name", "number", "since", "industry", "source", "area", "manager", "level", "credit"]),
        (_("Contact"), ["phone", "fax", "website", "address", "post_code"]),
        (_("Registration"), ["licence_number", "legal_representative", "registered_capital", "annual_turnover"]),
        (_("Invoices and bank"), ["bank", "bank_account", "tax_number", "local_tax_number", "national_tax_number"]),
        (_("Record"), ["created_by", "created_at", "updated_at", "previous_manager", "returned_at", "return_reason"]),
    ]
    hide_empty = frozenset(
        {"local_tax_number", "national_tax_number", "previous_manager", "returned_at", "return_reason"}
    )

    def form_context(self, request: HttpRequest, record: Any, form: Any) -> Mapping[str, Any]:
        """Customers that may be the one being typed, once something was typed."""
        return {"duplicates": form.duplicates() if form.is_bound else [], "warnings": form.warnings()}

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """A code whose check digit does not fit may be a misprint."""
        problem = licence_warning(record.licence_number)
        return [("warn", problem)] if problem else []

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """What the customer brought in so far."""
        return [
            Kpi(_("Total of paid orders"), short_money(record.paid_total), masked_by="amount"),
            Kpi(_("Received"), short_money(record.received_total), masked_by="amount"),
            Kpi(_("Orders"), number(record.order_count)),
            Kpi(_("Last paid order"), day(record.last_paid_at)),
            Kpi(_("Last interaction"), day(record.last_interaction_at)),
            Kpi(_("Next follow-up"), day(record.next_follow_up)),
        ]

    def side(self, request: HttpRequest, record: Any) -> list[tuple[str, Mapping[str, Any]]]:
        """The people there, beside whatever tab is open."""
        contacts = record.contacts.in_use().order_by("-is_primary", "-id")[:4]
        return [("customers/side_contacts.html", {"contacts": contacts, "masked": self.masked(request.user)})]


def _timeline(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    """The events of a customer as the timeline shows them; `?before=` goes on from there."""
    stretch = queries.timeline(record, user=request.user, before=_moment(request.GET.get("before", "")))
    return {
        "events": [_event(event) for event in stretch.events],
        "before": stretch.before,
        "kinds": Interaction.Kind.choices,
        "composed_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }


def _moment(text: str) -> Any:
    """The moment of an address, or None if it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    time = event["time"]
    return {
        "icon": event["icon"],
        "tone": EVENT_TONES.get(event["kind"], ""),
        "title": event["title"],
        "text": event["text"],
        "time": "" if event["whole_day"] else ago(time),
        "iso": time.isoformat(),
        "day": group_day(company_day(time)),
        "tags": [(money(event["amount"]), "ok")] if event["amount"] is not None else [],
    }


EVENT_TONES = {"interaction": "pri", "order": "ok", "payment": "ok", "chance": "warn", "change": ""}
panel(Customer, Panel("timeline", _("Timeline"), "customers/panel_timeline.html", _timeline, place=10))


class PartResource(Resource):
    """What the parts of a customer share: whoever opens customers reads them."""

    under = "customers.customer"
    parent = "customer"

    def permission(self, verb: str) -> str:
        """Reading goes with the customer; writing has a permission of its own for each kind of part."""
        if verb == "view":
            return CustomerResource.instance.permission("view")
        return f"customers.edit_{self.model._meta.model_name}"


@register
class ContactResource(PartResource):
    """联系人管理."""

    model = Contact
    path = "contacts"
    icon = "address-book"
    columns = ["name", "position", "sex", "mobile", "office_phone", "wechat", "email", "is_primary"]
    more_columns = ["customer", "created_at"]
    sorts = ["created_at"]
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
            [*columns[:-1], "customer", "is_primary", "created_by", "created_at"],
        )
    ]
    empty_text = _("Add the people you deal with there.")


@register
class InteractionResource(PartResource):
    """交往记录."""

    model = Interaction
    path = "interactions"
    icon = "message"
    columns = ["overview", "happened_at", "kind", "place", "next_follow_up", "created_by"]
    more_columns = ["customer", "created_at"]
    sorts = ["happened_at"]
    sort = "-happened_at"
    filters = ["kind", "happened_at"]
    tones = {"kind": {"call": "pri", "visit": "ok", "wechat": "ok", "meeting": "vio", "email": "info"}}
    form = forms.InteractionForm
    create = actions.create_interaction
    edit = actions.edit_interaction
    bin = actions.bin_interaction
    restore = actions.restore_interaction
    create_label = _("Record an interaction")
    details = [(_("Interaction"), [*columns, "customer", "created_at"])]
    empty_text = _("Record the calls, visits and meetings that took place.")


@register
class OrderResource(PartResource):
    """客户订单."""

    model = Order
    path = "orders"
    icon = "receipt"
    columns = ["number", "ordered_at", "state", "total", "paid", "salesperson"]
    more_columns = ["customer", "paid_at", "address", "created_at"]
    kinds = {"number": "code"}
    tones = {"state": ORDER_TONES}
    sorts = ["ordered_at", "total", "created_at"]
    sort = "-ordered_at"
    filters = ["state", "ordered_at", "total", "salesperson"]
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


part_panel(Customer, ContactResource.instance, place=30, sort="-created_at")
part_panel(Customer, InteractionResource.instance, place=40)
part_panel(Customer, OrderResource.instance, place=50)


def _ledger(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {"months": queries.ledger(record), "amounts": "amount" not in reach_of(request.user).masked}


def _lines(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {
        "lines": record.lines.in_use(),
        "payments": record.payments.in_use().select_related("way", "created_by").order_by("-paid_at", "-pk"),
        "amounts": "amount" not in reach_of(request.user).masked,
    }


panel(Customer, Panel("payments", _("Payments"), "customers/panel_ledger.html", _ledger, place=60))
panel(Order, Panel("lines", _("Lines and payments"), "customers/panel_lines.html", _lines, place=10))
