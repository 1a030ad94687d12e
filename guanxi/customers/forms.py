"""What people type about customers and what hangs on them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.accounts.models import User
from guanxi.customers.actions import MERGED
from guanxi.customers.licence import licence_warning, normalise_licence
from guanxi.customers.models import Contact, Customer, Interaction, Order
from guanxi.customers.queries import Duplicate, find_duplicates
from guanxi.dictionary.fields import EntryChoiceField
from guanxi.kernel.days import company_day
from guanxi.kernel.fields import AmountField, FieldClass
from guanxi.kernel.money import trimmed
from guanxi.kernel.text import read_id
from guanxi.web.cells import Shower, column_of
from guanxi.web.formats import EMPTY
from guanxi.web.forms import ActionForm, RecordForm


def _today() -> date:
    return company_day(timezone.now())


def _begin(kwargs: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The arguments of a form that begins with these values, unless told otherwise."""
    return {**kwargs, "initial": {**values, **(kwargs.get("initial") or {})}}


class PartForm(RecordForm):
    """A part of a customer: chosen when it is new, fixed afterwards."""

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["customer"]


class CustomerForm(RecordForm):
    """A customer; only the name is required. The manager is chosen once, then assigned."""

    fieldsets: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = [
        (_("Basics"), ["name", "manager", "level", "industry", "area", "source", "credit", "since"]),
        (_("How to reach them"), ["phone", "fax", "website", "post_code", "address"]),
        (_("Business"), ["licence_number", "legal_representative", "registered_capital", "annual_turnover"]),
        (
            _("Invoicing and bank"),
            ["tax_number", "bank", "bank_account", "local_tax_number", "national_tax_number"],
        ),
    ]
    wide: ClassVar[frozenset[str]] = frozenset({"name", "address"})
    open_groups: ClassVar[int] = 2
    also_read: ClassVar[frozenset[str]] = frozenset({"likes"})

    class Meta:
        model = Customer
        widgets = {"credit": forms.Select(choices=[("", "—"), *((stars, "★" * stars) for stars in range(1, 6))])}
        fields = [
            *("name", "manager", "level", "industry", "area", "source", "credit", "since"),
            *("phone", "fax", "website", "post_code", "address"),
            *("licence_number", "legal_representative", "registered_capital", "annual_turnover"),
            *("tax_number", "bank", "bank_account", "local_tax_number", "national_tax_number"),
        ]

    def __init__(self, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        mine = {"manager": user.pk} if record is None and user.has_perm("customers.view_customer") else {}
        super().__init__(*args, user=user, record=record, **_begin(kwargs, **mine))
        if record is not None:
            del self.fields["manager"]
        self._drop_old_tax_numbers(record)

    def _drop_old_tax_numbers(self, record: Any) -> None:
        """The numbers of before 2018 are shown only where there are some."""
        for name in ("local_tax_number", "national_tax_number"):
            if not getattr(record, name, ""):
                del self.fields[name]

    def choices_of(self, name: str, visible: Any) -> Any:
        """Managers are those who look after customers; without the right to assign, only oneself."""
        if name != "manager":
            return visible
        able = visible.holding("customers.view_customer")
        return able if self.user.has_perm("customers.assign_customer") else able.filter(pk=self.user.pk)

    def clean(self) -> Any:
        """Show customers that may be the one being entered before it is entered; saving again enters it."""
        cleaned = super().clean()
        shown = set(self.data.getlist("likes")) if self.record is None else set()
        if self.record is None and any(str(one.pk) not in shown for one in self.duplicates()):
            self.add_error(None, _("Like customers exist already: save again if this is another one."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """The like customers, whose ids are sent again as `likes` when this is another one."""
        return {"likes": [{"id": one.pk, "name": one.name} for one in self.duplicates()]} if not self.record else {}

    def warnings(self) -> dict[str, str]:
        """What looks mistyped, by field: shown, never refused."""
        text = licence_warning(normalise_licence(self._typed("licence_number")))
        return {"licence_number": text} if text else {}

    def duplicates(self) -> list[Duplicate]:
        """Customers that may be the one being typed."""
        return find_duplicates(
            name=self._typed("name"),
            phones=[self._typed("phone")],
            licence_number=self._typed("licence_number"),
            apart_from=self.record.pk if self.record else None,
        )

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "") if name in self.fields else ""


class ContactForm(PartForm):
    """A person at a customer."""

    class Meta:
        model = Contact
        fields = [
            *("customer", "name", "position", "sex", "mobile", "office_phone", "wechat", "email", "is_primary"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = [("", "—"), *Contact.Sex.choices]  # type: ignore[attr-defined]  # a choice field


class InteractionForm(PartForm):
    """What took place, and when to follow up."""

    wide: ClassVar[frozenset[str]] = frozenset({"overview", "place"})

    class Meta:
        model = Interaction
        fields = ["customer", "happened_at", "kind", "overview", "place", "next_follow_up"]
        widgets = {"overview": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        now = {} if record else {"happened_at": timezone.now().replace(second=0, microsecond=0)}
        super().__init__(*args, record=record, **_begin(kwargs, **now))


class LineForm(forms.Form):
    """One line of an order."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    goods = forms.CharField(max_length=200, label=_("Goods"))
    quantity = AmountField(
        max_digits=14,
        decimal_places=3,
        min_value=0,
        label=_("Quantity"),
        error_messages={"invalid": _("Enter a number, such as 1,200 or 2.5.")},
    )
    unit = forms.CharField(max_length=20, required=False, label=_("Unit"))
    unit_price = AmountField(max_digits=18, decimal_places=6, min_value=0, label=_("Unit price"))
    discount = AmountField(required=False, min_value=0, label=_("Discount"))


LineFormSet: Any = forms.formset_factory(LineForm, extra=1, can_delete=True, max_num=500, absolute_max=500)
TOO_MANY = {"too_many_forms": _("An order has at most %(num)s lines.")}


class OrderForm(PartForm):
    """An order with its lines; `lines` is a formset of `LineForm`, None where amounts are masked."""

    wide: ClassVar[frozenset[str]] = frozenset({"address"})
    row_forms: ClassVar[Mapping[str, type[forms.Form]]] = {"lines": LineForm}

    class Meta:
        model = Order
        fields = ["customer", "ordered_at", "salesperson", "address"]

    def __init__(self, data: Any = None, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        begin = {} if record else {"ordered_at": _today()}
        super().__init__(data, *args, user=user, record=record, **_begin(kwargs, **begin))
        self.lines: Any = None
        if record is None or FieldClass.AMOUNT not in reach_of(user).masked:
            self.lines = LineFormSet(data, prefix="lines", initial=_rows_of(record), error_messages=TOO_MANY)

    def is_valid(self) -> bool:
        """Whether the order and each of its lines can be read."""
        lines_are_valid = self.lines is None or self.lines.is_valid()
        return super().is_valid() and lines_are_valid

    def values(self) -> dict[str, Any]:
        """The clean arguments of the action, with the lines that were not taken out."""
        values = super().values()
        if self.lines is not None:
            rows = [form.cleaned_data for form in self.lines.forms if form.cleaned_data]
            kept = [row for row in rows if not row["DELETE"]]
            values["lines"] = [{name: row[name] for name in row if name != "DELETE"} for row in kept]
        return values


def _rows_of(order: Any) -> list[dict[str, Any]]:
    names = ("id", "goods", "quantity", "unit", "unit_price", "discount")
    rows = order.lines.in_use().values(*names) if order is not None else []
    return [
        {**row, "quantity": trimmed(row["quantity"]), "unit_price": trimmed(row["unit_price"], least=2)} for row in rows
    ]


class PaymentForm(ActionForm):
    """Money that came in for an order."""

    amount = AmountField(label=_("Amount"))
    paid_at = forms.DateField(label=_("Date"), initial=_today)
    way = EntryChoiceField("payment_way", required=False, label=_("Way of payment"))
    note = forms.CharField(max_length=300, required=False, label=_("Note"))

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        hidden = record is None or FieldClass.AMOUNT in reach_of(kwargs["user"]).masked
        amount = {} if hidden else {"amount": self.begins_with(record)}
        super().__init__(*args, record=record, **_begin(kwargs, **amount))

    def begins_with(self, order: Order) -> Any:
        """What is outstanding."""
        return order.total - order.paid


class RefundForm(PaymentForm):
    """Money that went back for an order."""

    def begins_with(self, order: Order) -> Any:
        """What is kept."""
        return order.paid


class CancelOrderForm(ActionForm):
    """Why an order is cancelled."""

    reason = forms.CharField(max_length=300, label=_("Reason"))


class ReturnCustomerForm(ActionForm):
    """Why a customer goes to the public pool."""

    reason = forms.CharField(max_length=300, label=_("Reason"))


class AssignCustomerForm(ActionForm):
    """Who looks after the customer from now on."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Manager"))

    def choices_of(self, name: str, visible: Any) -> Any:
        """Those who can open customers."""
        return visible.holding("customers.view_customer")


class RestoreCustomerForm(ActionForm):
    """Another name, asked for when the customer's own was taken while it lay in the bin."""

    name = forms.CharField(max_length=100, required=False, label=_("Name"))

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        name = {} if record is None else {"name": record.name}
        super().__init__(*args, record=record, **_begin(kwargs, **name))


class MergeForm(ActionForm):
    """Which customer is the same company, and which value of each differing field stays."""

    other = forms.ModelChoiceField(queryset=Customer.objects.none(), label=_("The same company is also"))
    compared = forms.CharField(required=False, widget=forms.HiddenInput)
    also_read: ClassVar[frozenset[str]] = frozenset(MERGED)

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        chosen = self.fields["other"].queryset.filter(pk=read_id(self["other"].value())).first()  # type: ignore[attr-defined]  # a choice of records
        self.differing = self._differing(chosen) if chosen is not None else []
        for name, mine, theirs in self.differing:
            field: Any = Customer._meta.get_field(name)
            self.fields[name] = forms.ChoiceField(
                choices=[("mine", mine), ("theirs", theirs)],
                initial="theirs" if mine == EMPTY else "mine",
                label=field.verbose_name,
                widget=forms.RadioSelect,
            )
        if chosen is not None and self.is_bound and self["compared"].value() != str(chosen.pk):
            self._begin_comparing()

    def _begin_comparing(self) -> None:
        """Propose a value of each field when the two are first seen side by side: nothing is missing yet."""
        self.data = self.data.copy()
        for name, _mine, _theirs in self.differing:
            self.data[name] = self.fields[name].initial

    def choices_of(self, name: str, visible: Any) -> Any:
        """The other customers within reach."""
        return visible.exclude(pk=self.record.pk) if self.record else visible

    def clean(self) -> Any:
        """The values are compared once the other customer is known: a first sending only chooses it."""
        cleaned = super().clean()
        other = self.cleaned_data.get("other")
        if other is not None and self.cleaned_data.get("compared") != str(other.pk):
            self.add_error(None, _("Choose for each field which value stays, then merge."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The other customer, and the fields that are taken from it."""
        taken = [name for name, _mine, _theirs in self.differing if self.cleaned_data.get(name) == "theirs"]
        return {"other": self.cleaned_data["other"], "taken": taken}

    def _differing(self, other: Customer) -> list[tuple[str, str, str]]:
        """The fields that this user may see and that differ, with both values as they read."""
        masked = reach_of(self.user).masked
        columns = [column_of(Customer, name, sortable=False) for name in MERGED]
        rows = [{column.key: getattr(one, column.key) for column in columns} for one in (self.record, other)]
        shower = Shower(columns, rows, masked=masked, tones={})
        return [
            (column.name, shower.cell(column, rows[0]).text, shower.cell(column, rows[1]).text)
            for column in columns
            if column.field_class not in masked and rows[0][column.key] != rows[1][column.key]
        ]
