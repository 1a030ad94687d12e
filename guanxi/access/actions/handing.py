"""Nobody grants what they do not hold: what every act that gives rights is measured by."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from guanxi.access.models import MenuItem, Role
from guanxi.access.reach import Reach, holdings_of, reach_of
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed


def measure(by: Any) -> None:
    """Read what `by` holds before an act begins: nobody is measured by what the act itself gives them."""
    if by is not None:
        reach_of(by)


def refuse_grants(by: Any, nodes: Collection[MenuItem], *, field: str = "grants") -> None:
    """Raise RuleBroken, naming them, if `by` lacks the permission of one of these nodes; None is the system itself."""
    if by is None:
        return
    reach = reach_of(by)
    lacking = [str(node) for node in nodes if node.permission and not reach.may(node.permission)]
    if lacking:
        raise RuleBroken(
            _("Nobody grants what they do not hold: %(rights)s.") % {"rights": listed(lacking)}, field=field
        )


def refuse_departments(by: Any, departments: Collection[int], *, field: str) -> None:
    """Raise RuleBroken unless `by` sees the rows of all these departments."""
    if by is not None and not _sees(reach_of(by), departments):
        raise RuleBroken(_("Nobody shows others the rows of departments that they do not see."), field=field)


def refuse_everything(by: Any, *, field: str) -> None:
    """Raise RuleBroken unless `by` sees every row."""
    if by is not None and not reach_of(by).everything:
        raise RuleBroken(_("Only who sees everything may show everything."), field=field)


def refuse_unmasked(by: Any, masks: Collection[str], *, field: str) -> None:
    """Raise RuleBroken if these masks would show a class of fields that is hidden from `by`."""
    if by is not None and reach_of(by).masked - set(masks):
        raise RuleBroken(_("Nobody shows others the fields that are hidden from themselves."), field=field)


def refuse_all(by: Any, role: Role) -> None:
    """Raise RuleBroken unless `by` holds every right, as this role does."""
    if by is not None and not reach_of(by).holds_all:
        raise RuleBroken(_("“%(role)s” holds rights that you do not hold.") % {"role": role})


def refuse_handing(by: Any, role: Role, *, departments: Collection[int], field: str) -> None:
    """Raise RuleBroken if a role that shows these departments gives more than `by` holds."""
    if by is None or reach_of(by).holds_all:
        return
    if role.holds_all:
        raise RuleBroken(_("Only who holds every right hands out “%(role)s”.") % {"role": role}, field=field)
    held = holdings_of(Role.objects.filter(pk=role.pk))[role.pk]
    if held.permissions - reach_of(by).permissions:
        raise RuleBroken(_("“%(role)s” holds rights that you do not hold.") % {"role": role}, field=field)
    if role.scope == Role.Scope.ALL:
        refuse_everything(by, field=field)
    refuse_departments(by, departments, field=field)
    refuse_unmasked(by, role.masks, field=field)


def _sees(reach: Reach, departments: Collection[int]) -> bool:
    return reach.everything or set(departments) <= reach.departments
