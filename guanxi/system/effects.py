"""What changing a role would do to those who hold it: asked of the code that decides, with nothing saved."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from guanxi.access.models import MenuItem, Role
from guanxi.access.queries import right_name
from guanxi.access.reach import Holding, Reach, as_if, holdings_of, reach_of, reach_with
from guanxi.accounts.models import User
from guanxi.web.registry import all_resources, resource_of
from guanxi.web.resource import Resource

CAP = 100
"""Further rows are not counted: counting stops at the first one more."""
MOST = 20
"""So many members are looked at on one page."""


@dataclass(frozen=True)
class Rows:
    """Records of one kind that a member would newly see, or no longer see; at most one more than the cap."""

    label: str
    count: int

    @property
    def text(self) -> str:
        """The number, or that there are more."""
        return f"{CAP}+" if self.count > CAP else str(self.count)


@dataclass(frozen=True)
class Effect:
    """What one member would gain and lose."""

    user: User
    gained: list[str]
    lost: list[str]
    appearing: list[Rows]
    vanishing: list[Rows]
    uncovered: list[str]
    """Classes of fields that would no longer be hidden."""
    covered: list[str]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return any((self.gained, self.lost, self.appearing, self.vanishing, self.uncovered, self.covered))


@dataclass(frozen=True)
class Outlook:
    """The first members, those left out, and how many of those looked at notice nothing."""

    effects: list[Effect]
    unchanged: int
    left_out: int


def outlook(role: Role, wanted: Holding, *, by: Any) -> Outlook:
    """What `wanted` in place of what the role gives would change for its members; `by` is told of rows of their own."""
    members = User.objects.visible_to(by).filter(roles=role.pk, is_active=True).order_by("pk")
    looked_at = list(members.select_related("department")[:MOST])
    effects = [effect for user in looked_at if (effect := _effect(user, role, wanted, by)).any]
    return Outlook(effects, len(looked_at) - len(effects), members.count() - len(looked_at))


def holding_of(values: dict[str, Any], role: Role) -> Holding:
    """What a role would give with these values of the form that grants."""
    custom = values["scope"] == Role.Scope.CUSTOM
    nodes: Collection[MenuItem] = values["grants"]
    return Holding(
        scope=values["scope"],
        departments=frozenset(one.pk for one in values["departments"]) if custom else frozenset(),
        permissions=frozenset(node.permission for node in nodes if node.permission),
        masks=frozenset(values["masks"]),
        second_factor=role.second_factor,
    )


def _effect(user: User, role: Role, wanted: Holding, by: Any) -> Effect:
    held = holdings_of(user.roles.in_use())
    before = reach_with(user, held.values())
    after = reach_with(user, (held | {role.pk: wanted}).values())
    labels = dict(Role.maskable())
    return Effect(
        user=user,
        gained=_names(after, before),
        lost=_names(before, after),
        appearing=_further(user, after, before, by),
        vanishing=_further(user, before, after, by),
        uncovered=[str(labels.get(one, one)) for one in sorted(before.masked - after.masked)],
        covered=[str(labels.get(one, one)) for one in sorted(after.masked - before.masked)],
    )


def _names(more: Reach, less: Reach) -> list[str]:
    """The rights of the one that the other has not."""
    if less.holds_all:
        return []
    return [right_name(one) or one for one in sorted(more.permissions - less.permissions)]


def _further(user: User, more: Reach, less: Reach, by: Any) -> list[Rows]:
    """Rows by kind that the one reach shows and the other does not, as far as `by` sees them, too."""
    if _same(more, less):
        return []
    found = [Rows(str(one.screen_label), _count(one, user, more, less, by)) for one in _kinds(by)]
    return [rows for rows in found if rows.count]


def _same(one: Reach, other: Reach) -> bool:
    return replace(one, masked=frozenset(), second_factor=False) == replace(
        other, masked=frozenset(), second_factor=False
    )


def _kinds(by: Any) -> list[Resource]:
    """One resource of each model whose rows are somebody's, as far as `by` may open them."""
    firsts = [one for one in all_resources if resource_of(one.model) is one and one.may(by, "view")]
    return [one for one in firsts if not getattr(one.model._default_manager.all(), "shared", False)]


def _count(resource: Resource, user: User, more: Reach, less: Reach, by: Any) -> int:
    """At most one more than the cap; where both reaches ask the same of the table, it is not read at all.

    Where they ask differently, rows are read until one more than the cap differ, each looked up in the other by its id.
    """
    shown, known = _rows(resource, user, more), _rows(resource, user, less)
    if shown is None:
        return 0
    rows = shown
    if known is not None:
        if shown.query.sql_with_params() == known.query.sql_with_params():
            return 0
        rows = rows.filter(~_among(known))
    if not reach_of(by).everything:
        rows = rows.filter(_among(resource.model._default_manager.visible_to(by)))
    return len(rows.order_by().values_list("pk", flat=True)[: CAP + 1])


def _among(rows: models.QuerySet[Any]) -> Exists:
    """Whether a row is one of these: asked of that row alone, so that no list of them all is made."""
    return Exists(rows.filter(pk=OuterRef("pk")))


def _rows(resource: Resource, user: User, reach: Reach) -> models.QuerySet[Any] | None:
    """The rows that a reach shows on the pages of a resource; None where it does not open them."""
    if not reach.may(resource.permission("view")):
        return None
    rows: models.QuerySet[Any] = resource.model._default_manager.visible_to(as_if(user, reach))
    return rows
