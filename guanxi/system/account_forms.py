"""What people type about themselves."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.accounts.codes import fitting_step, new_recovery_codes, open_draft, read_code
from guanxi.accounts.models import User
from guanxi.accounts.passwords import check_choice
from guanxi.accounts.second_factor import take_code, take_recovery_code
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


def _code(label: Any, hint: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, max_length=40, widget=widget)


class SetUpForm(ActionForm):
    """The new secret, sealed, and the code that shows that the app has it."""

    draft = forms.CharField(max_length=255, widget=forms.HiddenInput)
    code = _code(gettext_lazy("Two-factor code"), gettext_lazy("The six digits that the app shows now."))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.step = 0

    def clean(self) -> dict[str, Any]:
        """The code fits the secret, which is not too old."""
        typed = self.cleaned_data
        secret = open_draft(self.user, typed.get("draft", ""), at=self.at)
        if not secret:
            self.add_error(None, _("This key is too old. Here is a new one: let your app read it again."))
        elif "code" in typed:
            self._check(secret, typed["code"])
        return typed

    def _check(self, secret: str, code: str) -> None:
        step = fitting_step(secret, read_code(code), at=self.at)
        if step is None:
            self.add_error("code", _("The code is wrong. If it stays so, set the clock of your phone right."))
        else:
            self.step = step

    def values(self) -> dict[str, Any]:
        """The secret as it is kept, the step of the code that was used, and the recovery codes to be shown."""
        return {"sealed": self.cleaned_data["draft"], "step": self.step, "codes": new_recovery_codes()}


class TurnOffForm(ActionForm):
    """Password and code, which both must be right to turn two-factor codes off."""

    password = _password(gettext_lazy("Password"), "current-password")
    code = _code(
        gettext_lazy("Two-factor code"), gettext_lazy("The six digits that your app shows now, or a recovery code.")
    )

    def __init__(self, *args: Any, wait: int = 0, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait, self.at = wait, at

    def clean(self) -> dict[str, Any]:
        """Look at the code only after the password, so that a guesser of passwords uses up none."""
        typed = self.cleaned_data
        if self.wait:
            self.add_error("password", said_wait(self.wait))
        elif "password" in typed and "code" in typed:
            self._check(typed["password"], typed["code"])
        return typed

    def _check(self, password: str, code: str) -> None:
        if not check_password(password, self.user.password):
            self.add_error("password", _("The password is wrong."))
        elif not (take_code(self.user, code, at=self.at) or take_recovery_code(self.user, code, at=self.at)):
            self.add_error("code", _("The code is wrong, or was used before."))

    def values(self) -> dict[str, Any]:
        """Nothing: both were only to be right."""
        return {}


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
