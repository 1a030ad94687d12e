"""What administrators do with users. Nobody hands out what they do not hold, nor shuts out the last administrator."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from guanxi.access.actions import measure, refuse_departments, refuse_handing
from guanxi.access.models import Department, Role
from guanxi.access.reach import departments_of, reach_of, resolve
from guanxi.accounts.handover import hand_over
from guanxi.accounts.models import User
from guanxi.accounts.sessions import end_sessions_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import half_width
from guanxi.kernel.uniqueness import told_apart


def create_user(
    *,
    username: str,
    real_name: str,
    password: str,
    change: ChangeWriter,
    email: str = "",
    roles: Iterable[Role] = (),
    leads: Iterable[Department] = (),
    **fields: Any,
) -> User:
    """Let somebody in, by a one-time password that they must change; raises RuleBroken if a name is taken."""
    username, email = half_width(username), email.strip()
    with told_apart(lambda: _refuse_taken(username=username, email=email)):
        user = change.create(
            User,
            username=username,
            email=email,
            real_name=real_name.strip(),
            password=make_password(password),
            must_change_password=True,
            **fields,
        )
    _relate(user, change=change, roles=roles, leads=leads)
    return user


def edit_user(
    user: User,
    *,
    change: ChangeWriter,
    seen: int | None = None,
    roles: Iterable[Role] | None = None,
    leads: Iterable[Department] | None = None,
    **fields: Any,
) -> User:
    """Change what is known of a user, and the roles they hold; the user name stays for ever."""
    if "username" in fields:
        raise TypeError("A user name is given once.")
    if "email" in fields:
        fields["email"] = fields["email"].strip()
    measure(change.by)
    department = fields.get("department", user.department)
    moved = (department.pk if department else None) != user.department_id
    if moved:
        _refuse_moving(user, change.by)
    with told_apart(lambda: _refuse_taken(email=fields.get("email", ""), apart_from=user)):
        change.update(user, seen=seen, **fields)
    _relate(user, change=change, roles=roles, leads=leads, seen=seen, moved=moved)
    return user


def add_member(role: Role, *, user: User, change: ChangeWriter) -> None:
    """Hand a role to one more user."""
    _hold(user)
    _relate(user, change=change, roles=[*user.roles.all(), role], field="user")


def remove_member(role: Role, *, user: User, change: ChangeWriter) -> None:
    """Take a role from a user; never the last administrator's."""
    _hold(user)
    _relate(user, change=change, roles=[one for one in user.roles.all() if one.pk != role.pk], field="user")


def _hold(user: User) -> None:
    """Lock a user, so that two who hand out roles at once both have their effect."""
    User.objects.select_for_update().get(pk=user.pk)


def reset_password(user: User, *, password: str, change: ChangeWriter) -> None:
    """Give a user a one-time password, and end their sessions; refused for whoever holds more than oneself."""
    if change.by is not None and change.by.pk == user.pk:
        raise RuleBroken(_("Change your own password in your profile."))
    refuse_mightier(user, change.by)
    change.update(user, password=make_password(password), must_change_password=True)
    end_sessions_of(user)


def disable_user(user: User, *, change: ChangeWriter, to: User | None = None) -> None:
    """Shut a user out at once, everywhere; what they own goes `to` somebody, or stays theirs."""
    _refuse_oneself(user, change.by)
    change.subject(user)
    if to is not None:
        hand_over(user, to=to, change=change)
    with _somebody_left():
        change.update(user, is_active=False)
    end_sessions_of(user)


def enable_user(user: User, *, change: ChangeWriter) -> None:
    """Let a disabled user in again; refused for whoever holds more than oneself."""
    refuse_mightier(user, change.by)
    change.update(user, is_active=True)


def bin_user(user: User, *, change: ChangeWriter) -> None:
    """Move a user to the bin and shut them out; what they own stays theirs, and their name stays taken."""
    _refuse_oneself(user, change.by)
    with _somebody_left():
        change.bin(user)
    end_sessions_of(user)


def restore_user(user: User, *, change: ChangeWriter) -> None:
    """Take a user out of the bin; refused for whoever holds more than oneself."""
    refuse_mightier(user, change.by)
    change.restore(user)


def _relate(
    user: User,
    *,
    change: ChangeWriter,
    roles: Iterable[Role] | None = None,
    leads: Iterable[Department] | None = None,
    seen: int | None = None,
    moved: bool = False,
    field: str = "roles",
) -> None:
    """Set roles and led departments; what a user gains by it must be held by who gives it."""
    measure(change.by)
    held = set(user.roles.values_list("pk", flat=True))
    led = set(user.leads.values_list("pk", flat=True))
    if leads is not None:
        change.relate(user, "leads", leads, seen=seen)
        moved = moved or set(user.leads.values_list("pk", flat=True)) != led
    if roles is not None:
        with _somebody_left():
            change.relate(user, "roles", roles, seen=seen)
    for role in user.roles.in_use():
        if role.pk not in held:
            refuse_handing(change.by, role, departments=departments_of(user, role), field=field)
        elif moved and not role.holds_all:
            refuse_departments(change.by, departments_of(user, role), field="department")


@contextmanager
def _somebody_left() -> Iterator[None]:
    """Raise RuleBroken if the act within takes the last administrator.

    Locked before: two administrators who shut out each other at once must not both succeed.
    """
    list(User.objects.filter(pk__in=_holders_of_all()).order_by("pk").select_for_update().values_list("pk", flat=True))
    had_one = _administrators().exists()
    yield
    if had_one and not _administrators().exists():
        raise RuleBroken(_("This is the last administrator: somebody must be able to administrate."))


def _administrators() -> Any:
    return User.objects.in_use().filter(pk__in=_holders_of_all(), is_active=True)


def _holders_of_all() -> Any:
    holding = User.roles.through.objects.filter(role__holds_all=True, role__binned_in=None)
    return holding.values("user")


def _refuse_oneself(user: User, by: Any) -> None:
    if by is not None and by.pk == user.pk:
        raise RuleBroken(_("Nobody can shut out themselves."))


def refuse_mightier(user: User, by: Any) -> None:
    """Whoever could sign in as somebody else would hold what they hold."""
    if by is None or reach_of(by).holds_all:
        return
    mine, theirs = reach_of(by), resolve(user)
    shown = mine.masked <= theirs.masked
    within = theirs.departments <= mine.departments and theirs.owners <= mine.owners
    seen = mine.everything or (within and not theirs.everything)
    if theirs.holds_all or theirs.permissions - mine.permissions or not seen or not shown:
        raise RuleBroken(_("“%(user)s” holds rights that you do not hold.") % {"user": user})


def _refuse_moving(user: User, by: Any) -> None:
    """Who moves somebody to another department shows their rows to that department."""
    if by is None:
        return
    reach = reach_of(by)
    if not reach.everything and user.pk not in reach.owners:
        raise RuleBroken(_("Nobody shows others the rows of departments that they do not see."), field="department")


def _refuse_taken(*, username: str = "", email: str = "", apart_from: User | None = None) -> None:
    """User names are taken for ever, those of the bin too; so are e-mail addresses, which also sign in."""
    others = User.objects.exclude(pk=apart_from.pk) if apart_from else User.objects.all()
    if username and others.filter(username__iexact=username).exists():
        raise RuleBroken(_("There is already a user “%(name)s”.") % {"name": username}, field="username")
    if email and others.filter(email__iexact=email).exists():
        raise RuleBroken(_("Another user has this e-mail address."), field="email")
