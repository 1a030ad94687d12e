"""What people type about loss cases, measures and thresholds."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.dictionary.fields import EntryChoiceField
from guanxi.retention.models import VIEW, LossThreshold, ReprieveMeasure
from guanxi.web.forms import ActionForm, RecordForm


class ConfirmForm(ActionForm):
    """Why a customer is given up."""

    reason = EntryChoiceField("loss_reason", label=_("Reason of churn"))
    note = forms.CharField(required=False, max_length=500, label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))


class WinBackForm(ActionForm):
    """How a customer was won back."""

    reason = forms.CharField(max_length=300, label=_("How it was won back"))


class AssignForm(ActionForm):
    """Who looks after the case from now on."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Owner"))

    def choices_of(self, name: str, visible: Any) -> Any:
        """Those who look after loss cases."""
        return visible.holding(VIEW)


class MeasureForm(RecordForm):
    """What is done to keep the customer, by when, and what came of it."""

    wide: ClassVar[frozenset[str]] = frozenset({"measure", "outcome"})
    fieldsets: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = [("", ["case", "measure", "planned_on", "outcome"])]

    class Meta:
        model = ReprieveMeasure
        fields = ["case", "measure", "planned_on", "outcome"]
        widgets = {"measure": forms.Textarea(attrs={"rows": 3}), "outcome": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["case"]

    def choices_of(self, name: str, visible: Any) -> Any:
        """Cases on hold."""
        return visible.filter(state="open") if name == "case" else visible


class ThresholdForm(RecordForm):
    """How long customers of a level may go without a paid order."""

    class Meta:
        model = LossThreshold
        fields = ["level", "months"]

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["level"]


class ScanForm(forms.Form):
    """Whether the scan only counts."""

    dry_run = forms.BooleanField(required=False, label=_("Only count, change nothing"))
