"""What people type about sale chances and their plans."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.customers.models import Customer
from guanxi.customers.queries import Duplicate, find_duplicates
from guanxi.dictionary.fields import EntryChoiceField
from guanxi.marketing.models import DEVELOP, DevelopmentPlan, SaleChance
from guanxi.web.forms import ActionForm, RecordForm


class SaleChanceForm(RecordForm):
    """An inquiry: who asks, how to reach them, what it may bring."""

    fieldsets: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = [
        (
            _("Customer"),
            ["customer_name", "contact_name", "contact_phone", "contact_wechat", "contact_email", "customer"],
        ),
        (
            _("Chance"),
            ["source", "success_rate", "expected_amount", "expected_on", "assigned_to", "summary", "description"],
        ),
    ]
    wide: ClassVar[frozenset[str]] = frozenset({"customer_name", "summary", "description"})

    class Meta:
        model = SaleChance
        fields = [
            *("customer_name", "contact_name", "contact_phone", "contact_wechat", "contact_email", "customer"),
            *("source", "success_rate", "expected_amount", "expected_on", "assigned_to", "summary", "description"),
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        labels = {"customer": _("Existing customer")}

    def __init__(self, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, record=record, **kwargs)
        # Afterwards a chance changes hands by its own verb, which has its own permission.
        if record is not None or not user.has_perm("marketing.assign_salechance"):
            del self.fields["assigned_to"]

    def choices_of(self, name: str, visible: Any) -> Any:
        """Those who develop chances."""
        return visible.holding(DEVELOP) if name == "assigned_to" else visible

    def clean(self) -> Any:
        """Say next to the phone that one way to reach the person is needed."""
        cleaned = super().clean()
        ways = [name for name in ("contact_phone", "contact_wechat", "contact_email") if name in self.fields]
        if ways and not any(self.cleaned_data.get(name) or name in self.errors for name in ways):
            self.add_error(ways[0], _("Give a phone number, a WeChat name or an e-mail address."))
        return cleaned


class AssignForm(ActionForm):
    """Who develops the chance from now on."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Salesperson"))

    def choices_of(self, name: str, visible: Any) -> Any:
        """Those who develop chances."""
        return visible.holding(DEVELOP)


class UnassignForm(ActionForm):
    """Whether the chance is taken back although plans exist."""

    confirmed = forms.BooleanField(required=False, label=_("Take it back although plan items exist"))


class WinForm(ActionForm):
    """Which customer the chance became: a like one that exists, another, or a new one."""

    like = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Like customers"))
    customer = forms.ModelChoiceField(
        queryset=Customer.objects.none(), required=False, label=_("Another customer of yours")
    )

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.duplicates = self._duplicates()
        if self.record is not None and self.record.customer_id:
            self.fields.clear()
        elif self.duplicates:
            choices = [(str(one.pk), one.name) for one in self.duplicates]
            like: Any = self.fields["like"]
            like.choices = [*choices, ("new", _("None of these: create a new customer"))]
        else:
            del self.fields["like"]

    def _duplicates(self) -> list[Duplicate]:
        if self.record is None or self.record.customer_id:
            return []
        phone = self.record.contact_phone
        return find_duplicates(name=self.record.customer_name, phones=[phone] if phone else [])

    def values(self) -> dict[str, Any]:
        """The chosen customer; a like one may lie outside one's reach, and is linked all the same."""
        chosen = self.cleaned_data.get("customer")
        like = self.cleaned_data.get("like", "")
        if chosen is None and like and like != "new":
            chosen = Customer.objects.in_use().filter(pk=like).first()
        return {"customer": chosen, "create_anyway": like == "new"}


class LoseForm(ActionForm):
    """Why the chance is given up."""

    reason = EntryChoiceField("lose_reason", label=_("Reason"))
    note = forms.CharField(required=False, max_length=500, label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))


class PlanForm(RecordForm):
    """One planned step; writing its effect marks it done."""

    wide: ClassVar[frozenset[str]] = frozenset({"item", "effect"})

    class Meta:
        model = DevelopmentPlan
        fields = ["chance", "item", "planned_on", "effect"]

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["chance"]

    def choices_of(self, name: str, visible: Any) -> Any:
        """Chances that are being developed."""
        return visible.filter(stage=SaleChance.Stage.DEVELOPING) if name == "chance" else visible


class FinishPlanForm(ActionForm):
    """What the step brought."""

    effect = forms.CharField(max_length=500, label=_("Effect"), widget=forms.Textarea(attrs={"rows": 3}))
