"""What people change about themselves."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.models import User
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.uniqueness import told_apart

OWN = frozenset({"real_name", "email", "phone", "language", "theme", "density", "time_zone", "shortcuts"})


def edit_profile(user: Any, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> None:
    """Change one's own name, ways to be reached and how pages look and speak to one, and nothing else.

    Raises RuleBroken if the e-mail is another person's, or another's user name: both sign in by it.
    """
    strangers = fields.keys() - OWN
    if strangers:
        raise TypeError(f"People do not change {sorted(strangers)} themselves.")
    with told_apart(lambda: _refuse_taken(user, fields.get("email", ""))):
        change.update(user, seen=seen, **fields)


def _refuse_taken(user: Any, email: str) -> None:
    others = User.objects.exclude(pk=user.pk)
    if email and (others.filter(email__iexact=email).exists() or others.filter(username__iexact=email).exists()):
        raise RuleBroken(_("Somebody else uses this e-mail address."), field="email")
