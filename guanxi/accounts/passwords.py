"""Passwords: what makes one good, and the one-time ones that administrators hand out."""

import secrets
from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guanxi.accounts.limits import Limit
from guanxi.accounts.parameters import TRIES_PER_ACCOUNT
from guanxi.kernel.rules import RuleBroken

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4
GROUP = 4


def one_time_password() -> str:
    """A random password, such as `k7fm-q2xp-9ahd-wu4c` (79 bits), easy to read aloud and to type."""
    groups = ("".join(secrets.choice(READABLE) for _place in range(GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


class LongEnough(MinimumLengthValidator):
    """Django's rule, said in the words of our catalogue: its own sentence is not translated everywhere."""

    def get_error_message(self) -> str:
        """What a too short password is told."""
        return self.get_help_text()

    def get_help_text(self) -> str:
        """The rule itself."""
        return _("A password has at least %(count)d characters.") % {"count": self.min_length}


def strength_rules() -> list[str]:
    """What a password must be, one sentence each, to be shown before it is chosen."""
    return [str(text) for text in password_validators_help_texts()]


def check_strength(password: str, user: Any) -> None:
    """Raise RuleBroken with everything that makes this a bad password for this user."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise RuleBroken(" ".join(weak.messages), field="new") from weak


def check_choice(user: Any, *, old: str, new: str) -> None:
    """Raise RuleBroken unless `old` is the user's password and `new` another, strong one."""
    if not check_password(old, user.password):
        raise RuleBroken(_("The old password is wrong."), field="old")
    if new == old:
        raise RuleBroken(_("The new password must differ from the old one."), field="new")
    check_strength(new, user)


def old_password_limit(user: Any) -> Limit:
    """How often the own password may be tried by whoever sits at an open session."""
    return Limit(f"old:{user.pk}", TRIES_PER_ACCOUNT.read())
