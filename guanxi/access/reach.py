"""What a user may do and whose rows they see: roles, scopes and masks resolved into one value."""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable
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


@dataclass(frozen=True)
class Holding:
    """What one role gives to whoever holds it: as it stands, or as it would after a change."""

    scope: str
    departments: frozenset[int] = frozenset()
    """Those chosen for the scope of that name."""
    permissions: frozenset[str] = frozenset()
    masks: frozenset[str] = frozenset()
    holds_all: bool = False
    second_factor: bool = False


def resolve(user: Any) -> Reach:
    """A user's reach as the database stands, whether the user may sign in or not."""
    return reach_with(user, holdings_of(user.roles.in_use()).values())


def holdings_of(roles: Any) -> dict[int, Holding]:
    """What each of these rows of roles gives, by its id."""
    found = list(roles.prefetch_related("departments"))
    granted: dict[int, set[str]] = defaultdict(set)
    nodes = MenuItem.objects.in_use().filter(roles__in=found).exclude(permission="")
    for role_id, permission in nodes.values_list("roles", "permission"):
        granted[role_id].add(permission)
    return {role.pk: _holding(role, granted[role.pk]) for role in found}


def _holding(role: Role, permissions: Iterable[str]) -> Holding:
    return Holding(
        scope=role.scope,
        departments=_chosen(role),
        permissions=frozenset(permissions),
        masks=frozenset(role.masks),
        holds_all=role.holds_all,
        second_factor=role.second_factor,
    )


def reach_with(user: Any, held: Collection[Holding]) -> Reach:
    """The reach of a user who holds these: rights add up, a class stays hidden only if each of them hides it."""
    departments = frozenset(pk for one in held for pk in _departments(user, one.scope, one.departments))
    return Reach(
        user_id=user.pk,
        permissions=frozenset[str]().union(*(one.permissions for one in held)),
        owners=_owners(user, departments),
        departments=departments,
        everything=any(one.holds_all or one.scope == Role.Scope.ALL for one in held),
        holds_all=any(one.holds_all for one in held),
        masked=_masked(held),
        second_factor=any(one.second_factor for one in held),
    )


def as_if(user: Any, reach: Reach) -> Any:
    """This user with another reach, to ask what they would see; the user at hand keeps their own."""
    other = copy.copy(user)
    other.__dict__["reach"] = reach
    return other


def _masked(held: Collection[Holding]) -> frozenset[str]:
    """A class is masked if no role shows it: rights add up, they do not take away."""
    if not held:
        return frozenset()
    return frozenset.intersection(*(frozenset() if one.holds_all else one.masks for one in held))


def _owners(user: Any, departments: frozenset[int]) -> frozenset[int]:
    users = get_user_model()._default_manager.filter(department__in=departments)
    return frozenset(users.values_list("pk", flat=True)) | {user.pk}


def departments_of(user: Any, role: Role) -> set[int]:
    """The departments whose rows this role shows to this user."""
    return _departments(user, role.scope, _chosen(role))


def _chosen(role: Role) -> frozenset[int]:
    """The departments chosen for a role of that scope."""
    custom = role.scope == Role.Scope.CUSTOM
    return frozenset(department.pk for department in role.departments.all()) if custom else frozenset()


def _departments(user: Any, scope: str, chosen: Collection[int]) -> set[int]:
    own = {user.department_id} - {None}
    if scope == Role.Scope.REPORTS:
        return branch(set(user.leads.in_use().values_list("pk", flat=True)))
    if scope == Role.Scope.DEPARTMENT:
        return own
    if scope == Role.Scope.BRANCH:
        return branch(own)
    return set(chosen) if scope == Role.Scope.CUSTOM else set()


def branch(roots: set[int]) -> set[int]:
    """These departments and all below them."""
    parents = dict(Department.objects.in_use().values_list("pk", "parent_id"))
    found = roots & parents.keys()
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found
