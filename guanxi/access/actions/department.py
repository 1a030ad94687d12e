"""What administrators do with the tree of departments."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.access.actions.handing import refuse_departments
from guanxi.access.models import Department
from guanxi.access.reach import branch
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.kernel.uniqueness import told_apart


def create_department(
    *, change: ChangeWriter, name: str, parent: Department | None = None, **fields: Any
) -> Department:
    """Add a department; raises RuleBroken if its parent has one of this name."""
    name = tidy(name)
    _hold_tree()
    above = _standing(parent)
    with told_apart(lambda: _refuse_taken(name, above)):
        return change.create(Department, name=name, parent=above, **fields)


def edit_department(
    department: Department, *, change: ChangeWriter, seen: int | None = None, **fields: Any
) -> Department:
    """Rename, reorder or move a department; it never comes to stand below itself."""
    name = fields["name"] = tidy(fields.get("name", department.name))
    _hold_tree()
    stands = Department.objects.get(pk=department.pk)
    parent = _standing(fields["parent"]) if "parent" in fields else stands.parent
    if parent is not None and parent.pk in branch({department.pk}):
        raise RuleBroken(_("A department cannot stand below itself."), field="parent")
    if (parent.pk if parent else None) != stands.parent_id:
        # Whoever stands above sees its rows from now on.
        refuse_departments(change.by, branch({department.pk}), field="parent")
    with told_apart(lambda: _refuse_taken(name, parent, apart_from=department)):
        return change.update(department, seen=seen, **fields)


def bin_department(department: Department, *, change: ChangeWriter) -> None:
    """Move an empty department to the bin; refused while it has members or departments below it."""
    _hold_tree()
    if department.children.in_use().exists():
        raise RuleBroken(_("“%(department)s” has departments below it.") % {"department": department})
    if department.members.in_use().exists():
        raise RuleBroken(_("“%(department)s” has members.") % {"department": department})
    change.bin(department)


def restore_department(department: Department, *, change: ChangeWriter) -> None:
    """Take a department out of the bin; refused if its name is taken or its parent is in the bin."""
    _hold_tree()
    parent = Department.objects.get(pk=department.parent_id) if department.parent_id else None
    if parent is not None and parent.binned_in is not None:
        raise RuleBroken(_("“%(department)s” is in the bin: restore it first.") % {"department": parent})
    with told_apart(lambda: _refuse_taken(department.name, parent, apart_from=department)):
        change.restore(department)


def _hold_tree() -> None:
    """Lock the tree to the end of the transaction: two moves at once could make a circle."""
    list(Department.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _standing(parent: Department | None) -> Department | None:
    """A department as it stands under the lock: whoever chose it may have looked earlier; never one in the bin."""
    found = None if parent is None else Department.objects.get(pk=parent.pk)
    if found is not None and found.binned_in is not None:
        raise RuleBroken(_("“%(department)s” is in the bin: restore it first.") % {"department": found}, field="parent")
    return found


def _refuse_taken(name: str, parent: Department | None, apart_from: Department | None = None) -> None:
    siblings = Department.objects.in_use().filter(parent=parent, name__iexact=name)
    if apart_from is not None:
        siblings = siblings.exclude(pk=apart_from.pk)
    if siblings.exists():
        raise RuleBroken(_("There is already a department “%(name)s” here.") % {"name": name}, field="name")
