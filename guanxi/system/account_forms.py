"""What people type about themselves."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.accounts.models import User
from guanxi.accounts.passwords import check_choice
from guanxi.kernel.rules import RuleBroken
from guanxi.system.signing import said_wait
from guanxi.system.zones import zone_choices
from guanxi.web.forms import ActionForm

THEMES = [("", gettext_lazy("Like the system")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))]
DENSITIES = [
    ("", gettext_lazy("As this browser has it")),
    ("compact", gettext_lazy("Compact")),
    ("normal", gettext_lazy("Medium")),
    ("loose", gettext_lazy("Loose")),
]
NAMES_OF_LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
LONGEST_PASSWORD = 256


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget)


class PasswordForm(ActionForm):
    """The old password and, twice, the new one; `values()` gives the hash of the new one."""

    old = _password(gettext_lazy("Old password"), "current-password")
    new = _password(gettext_lazy("New password"), "new-password")
    confirm = _password(gettext_lazy("New password again"), "new-password")

    def __init__(self, *args: Any, wait: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait = wait

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong at once, each next to its field; while one has to `wait`, look at nothing."""
        typed = self.cleaned_data
        if self.wait:
            self.add_error("old", said_wait(self.wait))
            return typed
        new, confirm = typed.get("new"), typed.get("confirm")
        if new and confirm and new != confirm:
            self.add_error("confirm", _("The two new passwords differ."))
        if typed.get("old") and new:
            self._check(typed["old"], new)
        return typed

    def _check(self, old: str, new: str) -> None:
        try:
            check_choice(self.user, old=old, new=new)
        except RuleBroken as broken:
            self.add_error(broken.field, broken.message)

    def values(self) -> dict[str, Any]:
        """The hash, computed before the transaction that writes it begins: it takes its time."""
        return {"password_hash": make_password(self.cleaned_data["new"])}


class ProfileForm(ActionForm):
    """Name, ways to be reached, and how pages look and speak to one."""

    fieldsets: ClassVar[Any] = [
        (gettext_lazy("Person"), ["real_name", "email", "phone"]),
        (gettext_lazy("Screen and language"), ["language", "time_zone", "theme", "density", "shortcuts"]),
    ]

    real_name = User._meta.get_field("real_name").formfield()
    email = User._meta.get_field("email").formfield()
    phone = User._meta.get_field("phone").formfield()
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[
            ("", gettext_lazy("Like the browser")),
            *((code, NAMES_OF_LANGUAGES[code]) for code, _name in settings.LANGUAGES),
        ],
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=zone_choices,
        help_text=gettext_lazy("In which times are shown; days that rules count stay the company's."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, choices=THEMES)
    density = forms.ChoiceField(label=gettext_lazy("Density"), required=False, choices=DENSITIES)
    shortcuts = forms.BooleanField(
        label=gettext_lazy("Keyboard shortcuts"),
        required=False,
        help_text=gettext_lazy("Single keys such as J, K and C; those with Ctrl work always."),
    )

    def clean_phone(self) -> str:
        """The number in its normal form."""
        phone: str = User._meta.get_field("phone").clean(self.cleaned_data["phone"], None)
        return phone
