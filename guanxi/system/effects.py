"""What changing a role would do to those who hold it: asked of the code that decides, with nothing saved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

from guanxi.access.models import MenuItem, Role
from guanxi.access.queries import right_names
from guanxi.access.reach import Holding, Reach, as_if, holdings_of, reach_of, reach_with
from guanxi.accounts.models import User
from guanxi.web.registry import all_resources, resource_of
from guanxi.web.resource import Resource

CAP = 100
"""Further rows are not counted: counting stops at the first one more."""
MOST = 20
"""So many members are looked at on one page.

Members for whom a table would be asked the same are asked for once; where each has rows of their own, a page asks at
most twice a kind for each of them (11 kinds: 440 short questions), besides the reach of each before and after (at most one, and two a role).
"""


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
    """The first members, those left out, and how many of those looked at notice nothing, or nothing that one sees."""

    effects: list[Effect]
    unchanged: int
    unseen: int
    """Their reach differs, but in nothing that who asks sees."""
    left_out: int


def outlook(role: Role, wanted: Holding, *, by: Any) -> Outlook:
    """What `wanted` in place of what the role gives would change for its members; `by` is told of rows of their own."""
    members = User.objects.visible_to(by).filter(roles=role.pk, is_active=True).order_by("pk")
    in_use = Prefetch("roles", Role.objects.in_use())
    looked_at = list(members.select_related("department").prefetch_related(in_use)[:MOST])
    held = holdings_of(Role.objects.in_use().filter(members__in=looked_at).distinct())
    reaches = []
    for user in looked_at:
        own = {one.pk: held[one.pk] for one in user.roles.all() if one.pk in held}
        reaches.append((user, reach_with(user, own.values()), reach_with(user, (own | {role.pk: wanted}).values())))
    names = right_names({right for _user, before, after in reaches for right in before.permissions ^ after.permissions})
    tally = Tally(by)
    told = (_effect(user, before, after, names, tally) for user, before, after in reaches)
    effects = [effect for effect in told if effect.any]
    unchanged = sum(_same(before, after) and before.masked == after.masked for _user, before, after in reaches)
    unseen = len(looked_at) - len(effects) - unchanged
    return Outlook(effects, unchanged, unseen, members.count() - len(looked_at))


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


def _effect(user: User, before: Reach, after: Reach, names: Mapping[str, str], tally: "Tally") -> Effect:
    labels = dict(Role.maskable())
    return Effect(
        user=user,
        gained=_names(after, before, names),
        lost=_names(before, after, names),
        appearing=tally.further(user, after, before),
        vanishing=tally.further(user, before, after),
        uncovered=[str(labels.get(one, one)) for one in sorted(before.masked - after.masked)],
        covered=[str(labels.get(one, one)) for one in sorted(after.masked - before.masked)],
    )


def _names(more: Reach, less: Reach, names: Mapping[str, str]) -> list[str]:
    """The rights of the one that the other has not."""
    if less.holds_all:
        return []
    return [names.get(one, one) for one in sorted(more.permissions - less.permissions)]


def _same(one: Reach, other: Reach) -> bool:
    """Whether both show the same rows and open the same pages, whatever is hidden on them."""
    return _essence(one) == _essence(other)


def _essence(reach: Reach) -> Reach:
    """What decides of rows and pages; who has everything gains nothing by more."""
    bare = replace(reach, masked=frozenset(), second_factor=False)
    if reach.everything:
        bare = replace(bare, owners=frozenset(), departments=frozenset())
    return replace(bare, permissions=frozenset()) if reach.holds_all else bare


def _kinds(by: Any) -> list[Resource]:
    """One resource of each model whose rows are somebody's, as far as `by` may open them."""
    firsts = [one for one in all_resources if resource_of(one.model) is one and one.may(by, "view")]
    return [one for one in firsts if not getattr(one.model._default_manager.all(), "shared", False)]


class Tally:
    """Counts of rows for one who asks; what the database was asked once is not asked for another member."""

    def __init__(self, by: Any) -> None:
        """As far as `by` sees rows of each kind, too."""
        self._by, self.kinds = by, _kinds(by)
        self._counted: dict[tuple[Any, ...], int] = {}

    def further(self, user: User, more: Reach, less: Reach) -> list[Rows]:
        """Rows by kind that the one reach shows and the other does not."""
        if _same(more, less):
            return []
        found = [Rows(str(one.screen_label), self._count(one, user, more, less)) for one in self.kinds]
        return [rows for rows in found if rows.count]

    def _count(self, resource: Resource, user: User, more: Reach, less: Reach) -> int:
        """At most one more than the cap; where both reaches ask the same of the table, it is not read at all."""
        shown, known = _rows(resource, user, more), _rows(resource, user, less)
        asked, asked_before = _question(shown), _question(known)
        if shown is None or asked == asked_before:
            return 0
        key = (resource.key, asked, asked_before)
        if key not in self._counted:
            self._counted[key] = self._ask(resource, shown, known)
        return self._counted[key]

    def _ask(self, resource: Resource, shown: models.QuerySet[Any], known: models.QuerySet[Any] | None) -> int:
        """Rows are read until one more than the cap differ, each looked up in the other by its id."""
        rows = shown if known is None else shown.filter(~_among(known))
        if not reach_of(self._by).everything:
            rows = rows.filter(_among(resource.model._default_manager.visible_to(self._by)))
        return len(rows.order_by().values_list("pk", flat=True)[: CAP + 1])


def _question(rows: models.QuerySet[Any] | None) -> Any:
    """What these rows ask the database, to tell whether two ask the same."""
    return None if rows is None else rows.query.sql_with_params()


def _among(rows: models.QuerySet[Any]) -> Exists:
    """Whether a row is one of these: asked of that row alone, so that no list of them all is made."""
    return Exists(rows.filter(pk=OuterRef("pk")))


def _rows(resource: Resource, user: User, reach: Reach) -> models.QuerySet[Any] | None:
    """The rows that a reach shows on the pages of a resource; None where it does not open them."""
    if not reach.may(resource.permission("view")):
        return None
    rows: models.QuerySet[Any] = resource.model._default_manager.visible_to(as_if(user, reach))
    return rows
