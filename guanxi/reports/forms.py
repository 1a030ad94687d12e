"""What people ask of a report: period, grouping, bounds; what cannot be meant is said next to its field."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.days import is_of_our_time
from guanxi.kernel.fields import AmountField
from guanxi.reports import periods
from guanxi.reports.bands import BANDS, OWN, Band, band_named

UNKNOWN = {"invalid_choice": gettext_lazy("This is not on offer.")}
BASES = [("orders", gettext_lazy("Amount of paid orders")), ("payments", gettext_lazy("Amount of payments"))]
LONGEST_PERIOD = 366 * 30
"""Days: comparisons and months of longer ones say nothing."""


class QuestionForm(forms.Form):
    """What every report may be asked: how to group."""

    group = forms.ChoiceField(required=False, label=gettext_lazy("Group by"), error_messages=UNKNOWN)
    page = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, groups: Any = (), today: date) -> None:
        super().__init__(data, prefix=None)
        self.today = today
        choices: Any = self.fields["group"]
        choices.choices = list(groups)
        if not choices.choices:
            del self.fields["group"]

    def clean_group(self) -> str:
        """The first one unless another is named."""
        chosen: str = self.cleaned_data["group"]
        return chosen or next(iter(dict(self.fields["group"].choices)))  # type: ignore[attr-defined]  # a choice field


class PeriodForm(QuestionForm):
    """A period of company days."""

    period = forms.ChoiceField(
        required=False, label=gettext_lazy("Period"), choices=periods.NAMES, error_messages=UNKNOWN
    )
    begin = forms.DateField(
        required=False,
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("This is not a day.")},
    )
    end = forms.DateField(
        required=False,
        label=gettext_lazy("To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("This is not a day.")},
    )

    def clean(self) -> dict[str, Any]:
        """Make one period of the named one or of both days."""
        found = super().clean() or {}
        name = found.get("period") or ("custom" if found.get("begin") or found.get("end") else "month")
        if name == "custom":
            self._clean_days(found.get("begin"), found.get("end"))
        elif "period" not in self.errors:
            found["span"] = periods.period_to(self.today, name)
        return found | {"period": name}

    def _clean_days(self, begin: date | None, end: date | None) -> None:
        for name, day in (("begin", begin), ("end", end)):
            if name in self.errors:
                continue
            if day is None:
                self.add_error(name, _("Name the day."))
            elif not is_of_our_time(day):
                self.add_error(name, _("This day lies too far away."))
        if begin is None or end is None or self.errors:
            return
        if end < begin:
            self.add_error("end", _("The period ends before it begins."))
        elif (end - begin).days > LONGEST_PERIOD:
            self.add_error("end", _("Choose a period of at most thirty years."))
        else:
            self.cleaned_data["span"] = periods.Period(begin, end)


class ContributionForm(PeriodForm):
    """Money by orders or by payments, of a band of amounts, of customers of a name."""

    basis = forms.ChoiceField(required=False, label=gettext_lazy("Count by"), choices=BASES, error_messages=UNKNOWN)
    q = forms.CharField(required=False, max_length=60, label=gettext_lazy("Customer name"))
    band = forms.ChoiceField(required=False, label=gettext_lazy("Band of amounts"), error_messages=UNKNOWN)
    low = AmountField(required=False, label=gettext_lazy("Above"))
    high = AmountField(required=False, label=gettext_lazy("Up to and including"))
    idle = forms.BooleanField(required=False, label=gettext_lazy("Show customers without any"))
    sort = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Sort by"),
        choices=[
            ("-amount", gettext_lazy("Largest amount first")),
            ("amount", gettext_lazy("Smallest amount first")),
            ("-count", gettext_lazy("Most first")),
            ("count", gettext_lazy("Fewest first")),
        ],
        error_messages=UNKNOWN,
    )

    def __init__(self, data: Any, *, masked: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        bands: Any = self.fields["band"]
        named = [(band.name, str(band)) for band in BANDS]
        bands.choices = [("", _("All amounts")), *named, (OWN, _("Own bounds"))]
        self.masked = masked
        if self.data.get("group") == "goods":  # bands and those without any are of customers
            for name in ("band", "low", "high", "idle"):
                del self.fields[name]
        if masked:  # who may not see amounts may not find them out by asking for them either
            for name in ("band", "low", "high"):
                self.fields.pop(name, None)
            order: Any = self.fields["sort"]
            order.choices = [choice for choice in order.choices if "count" in choice[0]]
            self.fields["basis"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """The band is one of the fixed ones or of one's own bounds."""
        found = super().clean()
        found["basis"] = found.get("basis") or "orders"
        if found.get("group") == "goods" and found["basis"] == "payments":
            self.add_error("basis", _("Payments do not say which goods they are for: count by paid orders."))
        if "basis" in self.errors:  # hidden from who may not see amounts, unless it is what stands in the way
            self.fields["basis"].widget = forms.Select(choices=BASES)
        found["sort"] = found.get("sort") or ("-count" if self.masked else "-amount")
        low, high = found.get("low"), found.get("high")
        own = found.get("band") == OWN or (not found.get("band") and (low is not None or high is not None))
        if own and low is None and high is None and not {"low", "high"} & self.errors.keys():
            self.add_error("low", _("Name at least one bound."))
        if own and low is not None and high is not None and high <= low:
            self.add_error("high", _("The upper bound does not lie above the lower one."))
        found["within"] = Band(low, high) if own else band_named(found.get("band"))
        return found
