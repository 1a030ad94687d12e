"""What administrators do with roles: their names, their rights, whose rows they show."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from guanxi.access.actions.handing import (
    measure,
    refuse_all,
    refuse_departments,
    refuse_everything,
    refuse_grants,
    refuse_handing,
    refuse_unmasked,
)
from guanxi.access.models import Department, MenuItem, Role
from guanxi.access.reach import departments_of, reach_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.kernel.uniqueness import told_apart

NARROW = {Role.Scope.OWN}
"""Scopes that show nobody else's rows."""


REQUIREMENT = "second_factor"
"""The one field of the administrators' role that may change: whether it requires two-factor codes."""


def create_role(*, change: ChangeWriter, name: str, remark: str = "", second_factor: bool = False) -> Role:
    """Add a role that grants nothing yet; raises RuleBroken if its name is in use."""
    name = tidy(name)
    with told_apart(lambda: _refuse_taken(name)):
        return change.create(Role, name=name, remark=remark, second_factor=second_factor)


def edit_role(role: Role, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> Role:
    """Change a role's name, remark and whether it requires two-factor codes.

    Of the administrators' role only the last may change, and only by who holds every right.
    """
    if role.holds_all and fields.keys() == {REQUIREMENT}:
        refuse_all(change.by, role)
        return change.update(role, seen=seen, **fields)
    _refuse_fixed(role)
    name = fields["name"] = tidy(fields.get("name", role.name))
    with told_apart(lambda: _refuse_taken(name, apart_from=role)):
        return change.update(role, seen=seen, **fields)


def copy_role(role: Role, *, name: str, change: ChangeWriter) -> Role:
    """A new role with the same rights, scope and masks, and nobody who holds it."""
    _refuse_fixed(role)
    departments = list(role.departments.all())
    refuse_handing(change.by, role, departments=[one.pk for one in departments], field="")
    copy = create_role(name=name, remark=role.remark, second_factor=role.second_factor, change=change)
    change.update(copy, scope=role.scope, masks=role.masks)
    change.relate(copy, "departments", departments)
    change.relate(copy, "grants", role.grants.all())
    change.subject(copy)
    return copy


def bin_role(role: Role, *, change: ChangeWriter) -> None:
    """Move a role to the bin: its rights end with the next request of whoever holds it."""
    _refuse_fixed(role)
    change.bin(role)


def restore_role(role: Role, *, change: ChangeWriter) -> None:
    """Take a role out of the bin, for those who held it; refused if it gives more than one holds oneself."""
    for member in _members(role) or [None]:
        departments = departments_of(member, role) if member else {one.pk for one in role.departments.all()}
        refuse_handing(change.by, role, departments=departments, field="")
    with told_apart(lambda: _refuse_taken(role.name, apart_from=role)):
        change.restore(role)


def grant_role(
    role: Role,
    *,
    grants: Collection[MenuItem],
    scope: str,
    departments: Iterable[Department] = (),
    masks: Collection[str] = (),
    change: ChangeWriter,
    seen: int | None = None,
) -> Role:
    """Set what a role may do, whose rows it shows and what it hides, as a whole.

    Raises RuleBroken if that gives more than who does it holds, Conflict if somebody else changed it since `seen`.
    """
    measure(change.by)
    _refuse_fixed(role)
    chosen = list(departments) if scope == Role.Scope.CUSTOM else []
    if scope == Role.Scope.CUSTOM and not chosen:
        raise RuleBroken(_("Choose the departments whose rows it shows."), field="departments")
    added = {node.pk: node for node in grants}
    for pk in role.grants.values_list("pk", flat=True):
        added.pop(pk, None)
    refuse_grants(change.by, list(added.values()))
    if set(role.masks) - set(masks):
        refuse_unmasked(change.by, masks, field="masks")
    before = (role.scope, set(role.departments.values_list("pk", flat=True)))
    change.update(role, seen=seen, scope=scope, masks=sorted(masks))
    change.relate(role, "departments", chosen, seen=seen)
    change.relate(role, "grants", grants, seen=seen)
    if before != (scope, {one.pk for one in chosen}):
        _refuse_wider(role, chosen, change)
    return role


def _refuse_wider(role: Role, chosen: list[Department], change: ChangeWriter) -> None:
    """Whose rows the changed scope shows to those who hold the role."""
    if role.scope in NARROW or change.by is None or reach_of(change.by).everything:
        return
    if role.scope == Role.Scope.ALL:
        refuse_everything(change.by, field="scope")
    refuse_departments(change.by, [one.pk for one in chosen], field="departments")
    for member in _members(role):
        refuse_departments(change.by, departments_of(member, role), field="scope")


def _members(role: Role) -> list[Any]:
    return list(get_user_model()._default_manager.filter(roles=role, binned_in__isnull=True))


def _refuse_fixed(role: Role) -> None:
    if role.holds_all:
        raise RuleBroken(_("“%(role)s” holds every right, those of the future too: it is fixed.") % {"role": role})


def _refuse_taken(name: str, apart_from: Role | None = None) -> None:
    roles = Role.objects.in_use().filter(name__iexact=name)
    if apart_from is not None:
        roles = roles.exclude(pk=apart_from.pk)
    if roles.exists():
        raise RuleBroken(_("There is already a role “%(name)s”.") % {"name": name}, field="name")
