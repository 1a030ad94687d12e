"""Making or recovering an administrator, for whoever commands the machine."""

from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from guanxi.access.models import Role
from guanxi.accounts import second_factor
from guanxi.accounts.models import User
from guanxi.accounts.sessions import end_sessions_of
from guanxi.history.writer import ChangeWriter


def ensure_administrator(*, username: str, password: str, change: ChangeWriter, without_codes: bool = False) -> User:
    """Let this user in as an administrator by a one-time password, whatever stood in the way.

    Makes the user if there is none; takes one out of the bin, enables one, ends the sessions of one. `without_codes`
    turns the two-factor codes off, too, for whoever lost them.
    """
    user: User | None = User.objects.filter(username__iexact=username).first()
    if user is None:
        user = change.create(
            User,
            username=username,
            real_name=_("Administrator"),
            password=make_password(password),
            must_change_password=True,
        )
    else:
        _recover(user, password, change)
        if without_codes:
            second_factor.forget(user)
    change.subject(user)
    role = administrator_role(change=change)
    change.relate(user, "roles", {*user.roles.values_list("pk", flat=True), role.pk})
    return user


def administrator_role(*, change: ChangeWriter) -> Role:
    """The role that holds every right, those of the future too; made if there is none in use."""
    held: Role | None = Role.objects.in_use().filter(holds_all=True).order_by("pk").first()
    return held or change.create(Role, name=_free_name(_("System administrator")), scope=Role.Scope.ALL, holds_all=True)


def _recover(user: User, password: str, change: ChangeWriter) -> None:
    if user.binned_in is not None:
        change.restore(user)
    change.update(user, password=make_password(password), must_change_password=True, is_active=True)
    end_sessions_of(user)


def _free_name(name: str) -> str:
    """This name, or with a number where somebody gave it to a lesser role."""
    taken: Any = {role.casefold() for role in Role.objects.in_use().values_list("name", flat=True)}
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(one for one in names if one.casefold() not in taken)
