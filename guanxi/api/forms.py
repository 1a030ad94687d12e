"""What people say about a new access token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.api.models import Token
from guanxi.kernel.days import is_of_our_time, start_of
from guanxi.web.forms import ActionForm

OTHER = "date"
LIVES = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("365 days")),
    (OTHER, gettext_lazy("Until the end of a day")),
]


class TokenForm(ActionForm):
    """What a token is for, what it may do, and for how long."""

    name = forms.CharField(
        max_length=60, label=gettext_lazy("Name"), help_text=gettext_lazy("Which program uses it, and for what.")
    )
    scope = forms.ChoiceField(choices=Token.Scope.choices, label=gettext_lazy("Access"), initial=Token.Scope.READ)
    lives = forms.ChoiceField(choices=LIVES, label=gettext_lazy("Expires after"), initial="90")
    until = forms.DateField(
        required=False,
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Only where you chose a day; a year from now at the latest."),
    )

    def clean(self) -> dict[str, Any]:
        """A day is needed where one is chosen."""
        until = self.cleaned_data.get("until")
        if self.cleaned_data.get("lives") == OTHER and "until" not in self.errors:
            if until is None:
                self.add_error("until", _("Give the last day of the token."))
            elif not is_of_our_time(until):
                self.add_error("until", _("A token ends in the future, after a year at the latest."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Name, access, and the moment at which it ends."""
        return {
            "name": self.cleaned_data["name"],
            "scope": self.cleaned_data["scope"],
            "expires_at": self._end(),
        }

    def _end(self) -> datetime:
        if self.cleaned_data["lives"] != OTHER:
            return timezone.now() + timedelta(days=int(self.cleaned_data["lives"]))
        return start_of(self.cleaned_data["until"] + timedelta(days=1))
