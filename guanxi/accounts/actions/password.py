"""Changing one's own password."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.models import User
from guanxi.accounts.sessions import end_sessions_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken


def change_password(user: Any, *, password_hash: str, session: str, change: ChangeWriter) -> int:
    """Give a user the password they chose, and end their other sessions; returns how many of those were live.

    The choice was checked against the password that `user` holds; raises RuleBroken if somebody reset it meanwhile.
    `session` is the key of the session to keep.
    """
    stands = User.objects.in_use().select_for_update().filter(pk=user.pk, password=user.password)
    if stands.first() is None:
        raise RuleBroken(_("The old password is wrong."), field="old")
    change.update(user, password=password_hash, must_change_password=False)
    return end_sessions_of(user, apart_from=session)
