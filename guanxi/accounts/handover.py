"""What people own, so that somebody takes it over when they leave: higher apps say what, this one never knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken

_belongings: list["Belonging"] = []


@dataclass(frozen=True)
class Belonging:
    """One kind of what people own: `rows(user)` are theirs, `hand(record, to=…, change=…)` gives one to somebody else.

    Handing over needs `permission`, as giving one of them away by itself does.
    """

    model: type[models.Model]
    rows: Callable[[Any], models.QuerySet[Any]]
    hand: Callable[..., Any]
    permission: str

    def within_reach(self, user: Any, by: Any) -> models.QuerySet[Any]:
        """Those of a user's rows that `by` may know of; the system knows of all."""
        rows = self.rows(user)
        return rows if by is None else rows.filter(pk__in=self._visible(by).values("pk"))

    def _visible(self, by: Any) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = self.model._default_manager.visible_to(by)  # type: ignore[attr-defined]  # scoped models alone have owners
        return found


def belonging(
    model: type[models.Model],
    *,
    rows: Callable[[Any], models.QuerySet[Any]],
    hand: Callable[..., Any],
    permission: str,
) -> None:
    """Declare a kind of records that people own and that others take over from them."""
    _belongings.append(Belonging(model, rows, hand, permission))


def owned(user: Any, *, by: Any) -> list[tuple[Belonging, int]]:
    """What a user owns, as far as `by` may know of it: (kind, how many)."""
    counts = [(one, one.within_reach(user, by).count()) for one in _belongings]
    return [(one, count) for one, count in counts if count]


def hand_over(user: Any, *, to: Any, change: ChangeWriter) -> None:
    """Give everything that a user owns to somebody else; raises RuleBroken rather than leave a part behind."""
    if to.pk == user.pk or not to.is_active or to.binned_in is not None:
        raise RuleBroken(_("Choose an active colleague."), field="to")
    for one in _belongings:
        _hand_over_kind(one, user, to=to, change=change)


def _hand_over_kind(kind: Belonging, user: Any, *, to: Any, change: ChangeWriter) -> None:
    total = kind.rows(user).count()
    if not total:
        return
    noun = {"records": kind.model._meta.verbose_name_plural}
    if change.by is not None and not change.by.has_perm(kind.permission):
        raise RuleBroken(_("You may not hand over what they own of: %(records)s.") % noun, field="to")
    rows = list(kind.within_reach(user, change.by).order_by("pk"))
    if len(rows) < total:
        raise RuleBroken(_("Some of what they own lies outside your reach: %(records)s.") % noun, field="to")
    for record in rows:
        kind.hand(record, to=to, change=change)
