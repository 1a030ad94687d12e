"""Setting two-factor codes up, turning them off, and resetting those of somebody else."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts import second_factor
from guanxi.accounts.actions.user import refuse_mightier
from guanxi.accounts.models import User
from guanxi.accounts.sessions import end_sessions_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken


def set_second_factor(
    user: Any, *, sealed: str, step: int, codes: list[str], session: str, change: ChangeWriter
) -> int:
    """Ask this user for a code at every sign-in; their other sessions end, returns how many of those were live.

    `step` is that of the code which confirmed the secret: it is used up. `session` is the key of the session to keep.
    """
    if _locked(user).second_factor_since is not None:
        raise RuleBroken(_("Two-factor codes are set up already."))
    second_factor.keep(user, sealed=sealed, step=step, codes=codes, at=change.at)
    change.note(user)
    return end_sessions_of(user, apart_from=session)


def drop_second_factor(user: Any, *, change: ChangeWriter) -> None:
    """Ask this user for a password only, from now on."""
    _locked(user)
    second_factor.forget(user)
    change.note(user)


def renew_recovery_codes(user: Any, *, codes: list[str], change: ChangeWriter) -> None:
    """Give a user new recovery codes; raises RuleBroken if two-factor codes are off."""
    if _locked(user).second_factor_since is None:
        raise RuleBroken(_("Two-factor codes are off."))
    second_factor.keep_recovery_codes(user, codes)
    change.note(user)


def unbind_user(user: User, *, change: ChangeWriter) -> None:
    """Reset the two-factor codes of somebody who lost them, and end their sessions; refused for who holds more."""
    if change.by is not None and change.by.pk == user.pk:
        raise RuleBroken(_("Turn off your own two-factor codes in your personal settings."))
    refuse_mightier(user, change.by)
    if _locked(user).second_factor_since is None:
        raise RuleBroken(_("Two-factor codes are off."))
    second_factor.forget(user)
    change.note(user)
    end_sessions_of(user)


def _locked(user: Any) -> User:
    """The user as they stand, held so that two acts at once do not cross."""
    held: User = User.objects.select_for_update().get(pk=user.pk)
    return held
