"""The settings of signing in that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

REMEMBER_DAYS = Setting(
    "accounts.remember_days",
    7,
    label=_("Days that a remembered sign-in lasts"),
    hint=_("Counted from the sign-in; without “remember me” it ends with the browser, or after 12 hours without use."),
    lowest=1,
    highest=90,
)
SESSION_HOURS = Setting(
    "accounts.session_hours",
    24,
    label=_("Hours that any other sign-in lasts"),
    hint=_("Counted from the sign-in, however much it is used; what was typed then stays on the page."),
    lowest=1,
    highest=168,
)
TRIES_PER_ACCOUNT = Setting(
    "accounts.tries_per_account",
    10,
    label=_("Failed sign-ins of one account in 15 minutes"),
    hint=_("After so many nobody is let in for a while, except on devices that the person has used before."),
    lowest=3,
    highest=10,
)
TRIES_PER_ADDRESS = Setting(
    "accounts.tries_per_address",
    100,
    label=_("Failed sign-ins from one network address in 15 minutes"),
    hint=_("A whole office may share one address: this stops only those who try many names."),
    lowest=10,
    highest=10_000,
)

group_settings("accounts", _("Signing in"))
