"""The chain: account, roles, data scopes and the record, each asked of the code that decides."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.access.models import Department, Role
from guanxi.access.queries import right_name
from guanxi.access.reach import Holding, Reach, as_if, holdings_of, reach_with
from guanxi.accounts.models import User
from guanxi.kernel.fields import field_at
from guanxi.kernel.text import listed
from guanxi.system.checking.judging import found_by, lets_in, page_for
from guanxi.system.duties import OWN_PASSWORD, due_first
from guanxi.web.resource import Resource


@dataclass(frozen=True)
class Line:
    """One thing that a step looked at; `holds` is None where it decides nothing by itself."""

    label: str
    text: str
    holds: bool | None = None


@dataclass(frozen=True)
class Step:
    """One link of the chain: whether it holds, one sentence, and what was looked at."""

    name: str
    label: str
    text: str
    lines: list[Line] = field(default_factory=list)
    holds: bool = True


@dataclass(frozen=True)
class Asked(Reach):
    """A reach of nothing that writes down by which fields and rights a model says whose its rows are."""

    fields: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)

    def may(self, permission: str) -> bool:
        """Not held, and written down."""
        self.rights.append(permission)
        return False

    def owning(self, *fields: str) -> Q:
        """Nobody's, and written down."""
        self.fields.extend(fields)
        return super().owning(*fields)


def chain_of(user: User, resource: Resource, verb: str, record: Any, permission: str) -> list[Step]:
    """Every link in order; the first that does not hold is the reason.

    The reach is resolved once; each role is asked for by itself, too, by at most five questions of the database.
    """
    roles = list(user.roles.in_use().order_by("pk"))
    held = holdings_of(user.roles.in_use())
    pairs = [(role, held[role.pk]) for role in roles]
    whole = reach_with(user, held.values())
    steps = [
        _account(user),
        _right(whole, permission, pairs),
        _scope(user, whole, resource, verb, record, pairs),
    ]
    bar = resource.bar(user, verb, record) if all(step.holds for step in steps) else ""
    return [*steps, _ownership(user, whole, resource, record, bar)]


def _account(user: User) -> Step:
    said = {"user": user}
    if lets_in(user):
        text = _("%(user)s may sign in.")
    elif not user.is_active:
        text = _("%(user)s is disabled: nothing opens.")
    elif user.binned_in is not None:
        text = _("%(user)s was deleted: nothing opens.")
    elif due_first(user) == OWN_PASSWORD:
        text = _("%(user)s has to choose a password of their own before anything else opens.")
    else:
        text = _("%(user)s has to set up two-factor codes before anything else opens.")
    return Step("account", _("Account"), text % said, holds=lets_in(user))


def _right(whole: Reach, permission: str, pairs: list[tuple[Role, Holding]]) -> Step:
    name = right_name(permission) or permission
    lines = [
        Line(str(role), _("grants it") if grants else _("does not grant it"), grants)
        for role, one in pairs
        for grants in [one.holds_all or permission in one.permissions]
    ]
    if whole.may(permission):
        return Step("right", _("Roles"), _("The right “%(right)s” is asked for, and held.") % {"right": name}, lines)
    text = _("The right “%(right)s” is asked for; no role of this user grants it.") % {"right": name}
    return Step("right", _("Roles"), f"{text} {_needed(permission)}", lines, holds=False)


def _needed(permission: str) -> str:
    granting = Q(holds_all=True) | Q(grants__permission=permission, grants__binned_in=None)
    roles = Role.objects.in_use().filter(granting).distinct().order_by("pk")
    return _("These roles do: %(roles)s.") % {"roles": listed(f"“{role}”" for role in roles)}


def _scope(
    user: User, whole: Reach, resource: Resource, verb: str, record: Any, pairs: list[tuple[Role, Holding]]
) -> Step:
    """Each role's data scope alone, beside the rights of all: rights, too, can show rows, such as the public pool."""
    lines = []
    for role, one in pairs:
        alone = replace(reach_with(user, [one]), permissions=whole.permissions, holds_all=whole.holds_all)
        lines.append(Line(str(role), _scope_text(one, alone), _found(user, alone, resource, verb, record)))
    label = _("Data scope")
    if not _found(user, whole, resource, verb, record):
        return Step("scope", label, _why_hidden(record), lines, holds=False)
    if getattr(resource.model._default_manager.all(), "shared", False):
        return Step("scope", label, _("Rows of this kind are nobody's own: whoever may open the page finds them."))
    return Step("scope", label, _("The record lies within this user's reach."), lines)


def _why_hidden(record: Any) -> str:
    if getattr(record, "binned_in", None) is not None:
        return _("The record is in the bin: this page does not find it there.")
    return _("The record lies outside this user's reach: for them it does not exist.")


def _found(user: User, reach: Reach, resource: Resource, verb: str, record: Any) -> bool:
    """Whether the page of the verb finds the record for this user with this reach, let in or not."""
    other = as_if(user, reach)
    other.is_active = True
    return found_by(page_for(other, resource, verb, record.pk), record.pk) is not None


def _scope_text(one: Holding, alone: Reach) -> str:
    label = str(dict(Role.Scope.choices)[one.scope])
    if one.holds_all:
        return str(Role.Scope.ALL.label)
    departments = Department.objects.filter(pk__in=alone.departments)
    return f"{label} ({listed(departments)})" if departments else label


def _ownership(user: User, reach: Reach, resource: Resource, record: Any, bar: str) -> Step:
    """Whose the record is, by the fields that its own model asks for, and what of it bars the step."""
    asked = _asked(user, resource)
    owners = _owners(resource, record, list(dict.fromkeys(asked.fields)))
    lines = [_owner_line(label, owner, reach) for label, owner in owners]
    rights = list(dict.fromkeys(asked.rights))
    lines += [Line(right_name(one) or one, _right_to_nobodys(one, rights, reach)) for one in rights]
    kind = resource.model._meta.verbose_name
    text = _("%(kind)s “%(record)s”") % {"kind": kind, "record": record}
    if getattr(record, "binned_in", None) is not None:
        text = _("%(kind)s “%(record)s”, in the bin") % {"kind": kind, "record": record}
    return Step("record", _("Record"), f"{text} · {bar}" if bar else text, lines, holds=not bar)


def _right_to_nobodys(permission: str, rights: list[str], reach: Reach) -> str:
    """What a right adds to what is seen: rows that are nobody's, as the public pool; any one of the rights is enough."""
    if reach.everything:
        return _("adds nothing: the data scope shows every record already")
    if reach.may(permission):
        return _("held: records of this kind that are nobody's are seen as well")
    if any(reach.may(one) for one in rights):
        return _("not held, nor needed: another right shows records that are nobody's already")
    return _("not held: with it, records of this kind that are nobody's would be seen as well")


def _asked(user: User, resource: Resource) -> Asked:
    asked = Asked(user_id=user.pk)
    other = as_if(user, asked)
    other.is_active = True
    resource.model._default_manager.visible_to(other)
    return asked


def _owners(resource: Resource, record: Any, paths: list[str]) -> list[tuple[str, User | None]]:
    if not paths:
        return []
    values = resource.model._base_manager.filter(pk=record.pk).values_list(*paths).get()
    users = {one.pk: one for one in User.objects.filter(pk__in=values).select_related("department")}
    return [(_path_label(resource.model, path), users.get(pk)) for path, pk in zip(paths, values, strict=True)]


def _path_label(model: Any, path: str) -> str:
    names = path.split("__")
    steps = ["__".join(names[: place + 1]) for place in range(len(names))]
    return " · ".join(str(field_at(model, step).verbose_name) for step in steps)


def _owner_line(label: str, owner: User | None, reach: Reach) -> Line:
    if owner is None:
        return Line(label, _("nobody"))
    place = f"{owner} ({owner.department})" if owner.department else str(owner)
    return Line(label, place, reach.everything or owner.pk in reach.owners)
