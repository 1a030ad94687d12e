"""The pages of a customer itself."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers import actions, forms
from guanxi.customers.licence import licence_warning
from guanxi.customers.models import Customer
from guanxi.customers.resources import attention
from guanxi.customers.resources.phones import with_phones
from guanxi.customers.stars import StarsFilter
from guanxi.kernel.days import company_day
from guanxi.web.cells import Deadline
from guanxi.web.declarations import Action, Kpi, ListView
from guanxi.web.formats import EMPTY, day, full_day, number, short_money
from guanxi.web.panels import cells_of
from guanxi.web.registry import register
from guanxi.web.resource import Resource

STATE_TONES = {"normal": "ok", "at_risk": "warn", "lost": "bad"}
FACTS = [
    *("industry", "source", "credit", "legal_representative", "registered_capital", "annual_turnover"),
    *("licence_number", "website", "address", "since"),
]
"""What stands beside the tabs of a customer."""


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
        "outstanding",
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
    deadlines = {"next_follow_up": Deadline()}
    sorts = ["created_at", "paid_total", "last_paid_at", "last_interaction_at", "next_follow_up"]
    exports = True
    filters = ["level", "manager", "area", "state", "industry", "last_paid_at", "paid_total", "created_at"]
    further_filters = ["credit", "source", "manager__department"]
    filter_kinds = {"credit": StarsFilter}
    views = [
        ListView("mine", _("Mine"), lambda rows, user: rows.filter(manager=user)),
        ListView("pool", _("Public pool"), lambda rows, user: rows.filter(manager=None)),
        *attention.VIEWS,
        ListView("at-risk", _("At risk"), lambda rows, user: rows.filter(state="at_risk"), hot=True),
    ]
    searchable = True
    search_hint = _("Name, contact, phone, pinyin")
    empty_text = _("Create the first customer, or import a list from Excel or CSV.")

    form = forms.CustomerForm
    form_template = "customers/customer_form.html"
    form_parts = frozenset({"likes"})
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
        Action(
            "merge",
            actions.merge_customer,
            _("Merge"),
            form=forms.MergeForm,
            icon="arrows-join",
            template="customers/merge.html",
            done=_("Merged."),
        ),
    ]
    head = ["level", "state"]
    meta = ["number", "area", "phone", "manager", "satisfaction"]
    details = [
        (_("Basics"), ["name", "number", "since", "industry", "source", "area", "manager", "level", "credit"]),
        (_("How to reach them"), ["phone", "fax", "website", "address", "post_code"]),
        (_("Registration"), ["licence_number", "legal_representative", "registered_capital", "annual_turnover"]),
        (_("Invoices and bank"), ["bank", "bank_account", "tax_number", "local_tax_number", "national_tax_number"]),
        (_("Orders and payments"), ["order_count", "last_ordered_at", "paid_total", "received_total", "outstanding"]),
        (_("Record"), ["created_by", "created_at", "updated_at", "previous_manager", "returned_at", "return_reason"]),
    ]
    hide_empty = frozenset(
        {"local_tax_number", "national_tax_number", "previous_manager", "returned_at", "return_reason"}
    )
    api_fields = [
        "number",
        "name",
        "since",
        "industry",
        "source",
        "area",
        "level",
        "credit",
        "state",
        "manager",
        "phone",
        "fax",
        "website",
        "address",
        "post_code",
        "licence_number",
        "legal_representative",
        "registered_capital",
        "annual_turnover",
        "bank",
        "bank_account",
        "tax_number",
        "satisfaction",
        "order_count",
        "last_ordered_at",
        "paid_count",
        "paid_total",
        "last_paid_at",
        "received_total",
        "outstanding",
        "last_interaction_at",
        "next_follow_up",
        "created_at",
        "updated_at",
    ]

    def form_context(self, request: HttpRequest, record: Any, form: Any) -> Mapping[str, Any]:
        """Customers that may be the one being typed, once something was typed."""
        found = form.duplicates() if form.is_bound or request.GET.get("part") else []
        mine = Customer.objects.visible_to(request.user).filter(pk__in=[one.pk for one in found])
        reachable = set(mine.values_list("pk", flat=True)) if found else set()
        return {"duplicates": found, "reachable": reachable, "warnings": form.warnings()}

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """A code that may be a misprint; when the customer returns to the pool, or who left it there, and why."""
        texts = [licence_warning(record.licence_number), attention.return_warning(record)]
        found = [("warn", text) for text in texts if text]
        if record.manager_id is None:
            found.append(("info", _pooled(record)))
        return found

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """What the customer brought in so far."""
        received = short_money(record.received_total)
        note = gettext("received %(amount)s") % {"amount": received}
        differs = record.received_total != record.paid_total
        return [
            Kpi(_("Total of paid orders"), short_money(record.paid_total), note if differs else "", masked_by="amount"),
            Kpi(_("Outstanding"), short_money(record.outstanding), masked_by="amount"),
            Kpi(_("Orders"), number(record.order_count), gettext("cancelled ones left out")),
            Kpi(_("Last order"), day(record.last_ordered_at)),
            Kpi(_("Last interaction"), day(record.last_interaction_at)),
            Kpi(_("Next follow-up"), day(record.next_follow_up)),
        ]

    def side(self, request: HttpRequest, record: Any) -> list[tuple[str, Mapping[str, Any]]]:
        """The people there and what is known of the company, beside whatever tab is open."""
        contacts = record.contacts.in_use().order_by("-is_primary", "-id")[:4]
        facts = [(column, cell) for column, cell in cells_of(self, record, FACTS, request.user) if cell.kind != "empty"]
        cards: list[tuple[str, Mapping[str, Any]]] = []
        cards.append(("customers/side_contacts.html", {"contacts": with_phones(contacts, request.user)}))
        return [*cards, ("customers/side_facts.html", {"facts": facts})] if facts else cards


def _pooled(record: Any) -> str:
    """Since when and why a customer lies in the public pool."""
    if record.returned_at is None:
        return gettext("In the public pool: nobody looks after this customer yet.")
    return gettext("In the public pool since %(day)s, returned from %(manager)s: %(reason)s") % {
        "day": full_day(company_day(record.returned_at)),
        "manager": record.previous_manager or EMPTY,
        "reason": record.return_reason,
    }
