"""What a user may do and whose rows they see: roles, scopes and masks resolved into one value."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from guanxi.access.models import Department, MenuItem, Role
from guanxi.history.stamps import Stamped

_reaches: Stamped["Reach"] = Stamped(5_000)


@dataclass(frozen=True)
class Reach:
    """The union of a user's roles. `owners` are the users whose rows are seen, `departments` where they are."""

    user_id: int
    permissions: frozenset[str] = frozenset()
    owners: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    everything: bool = False
    holds_all: bool = False
    masked: frozenset[str] = frozenset()
    second_factor: bool = False
    """Whether a role requires two-factor codes."""

    def may(self, permission: str) -> bool:
        """Whether a permission is held."""
        return self.holds_all or permission in self.permissions

    def owning(self, *fields: str) -> Q:
        """The condition that one of these user fields names somebody within reach."""
        if self.everything:
            return Q()
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__in": sorted(self.owners)})
        return condition


NOTHING = Reach(user_id=0)


def reach_of(user: Any) -> Reach:
    """A user's reach, resolved once a request and shared between requests until access changes."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    known: Reach | None = user.__dict__.get("reach")
    if known is None:
        known = user.__dict__["reach"] = _reaches.read("access", user.pk, lambda: resolve(user))
    return known


def resolve(user: Any) -> Reach:
    """A user's reach as the database stands, whether the user may sign in or not."""
    roles = list(user.roles.in_use().prefetch_related("departments"))
    departments = frozenset(pk for role in roles for pk in departments_of(user, role))
    return Reach(
        user_id=user.pk,
        permissions=permissions_of(roles),
        owners=_owners(user, departments),
        departments=departments,
        everything=any(role.holds_all or role.scope == Role.Scope.ALL for role in roles),
        holds_all=any(role.holds_all for role in roles),
        masked=_masked(roles),
        second_factor=any(role.second_factor for role in roles),
    )


def permissions_of(roles: list[Role]) -> frozenset[str]:
    """What these roles grant by name."""
    granted = MenuItem.objects.in_use().filter(roles__in=roles).exclude(permission="")
    return frozenset(granted.values_list("permission", flat=True))


def _masked(roles: list[Role]) -> frozenset[str]:
    """A class is masked if no role shows it: rights add up, they do not take away."""
    if not roles:
        return frozenset()
    return frozenset.intersection(*(frozenset(() if role.holds_all else role.masks) for role in roles))


def _owners(user: Any, departments: frozenset[int]) -> frozenset[int]:
    users = get_user_model()._default_manager.filter(department__in=departments)
    return frozenset(users.values_list("pk", flat=True)) | {user.pk}


def departments_of(user: Any, role: Role) -> set[int]:
    """The departments whose rows this role shows to this user."""
    own = {user.department_id} - {None}
    if role.scope == Role.Scope.REPORTS:
        return branch(set(user.leads.in_use().values_list("pk", flat=True)))
    if role.scope == Role.Scope.DEPARTMENT:
        return own
    if role.scope == Role.Scope.BRANCH:
        return branch(own)
    if role.scope == Role.Scope.CUSTOM:
        return {department.pk for department in role.departments.all()}
    return set()


def branch(roots: set[int]) -> set[int]:
    """These departments and all below them."""
    parents = dict(Department.objects.in_use().values_list("pk", "parent_id"))
    found = roots & parents.keys()
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found
