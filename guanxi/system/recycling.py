"""The recycle bin: what was deleted within the person's reach, and the way back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.history.models import ChangeSet
from guanxi.web.jinja import render_page
from guanxi.web.person import person_link
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource

SHOWN = 30


@dataclass(frozen=True)
class Binned:
    """The latest binned records of one resource: (record, the act that binned it, address that restores it)."""

    resource: Resource
    rows: list[tuple[Any, ChangeSet | None, str]]


@require_GET
def recycling(request: HttpRequest) -> HttpResponse:
    """The latest records in the bin, by kind; parts that went there with their record come back with it."""
    groups = [group for resource in _restorable(request.user) if (group := _group(resource, request.user)).rows]
    context = {"groups": groups, "shown": SHOWN, "crumbs": [(_("Recycle bin"), "")]}
    return render_page(request, "system/recycling.html", context)


def _restorable(user: Any) -> list[Resource]:
    """The resources whose records this user may restore, the first of each model."""
    found: dict[type, Resource] = {}
    for resource in all_resources:
        if type(resource).restore is not None and resource.may(user, "restore"):
            found.setdefault(resource.model, resource)
    return list(found.values())


def _group(resource: Resource, user: Any) -> Binned:
    """What was binned itself, not along with what it hangs on; of a selection each one counts."""
    with_another = ChangeSet.objects.filter(pk=OuterRef("binned_in")).exclude(subject_model=resource.model.label())
    rows = resource.model._default_manager.binned_visible_to(user).filter(~Exists(with_another))
    records = list(rows.order_by("-binned_in", "-pk")[:SHOWN])
    acts: dict[int, ChangeSet] = ChangeSet.objects.select_related("by").in_bulk({one.binned_in for one in records})
    return Binned(resource, [(one, acts.get(one.binned_in), resource.url("restore", one.pk)) for one in records])


person_link(gettext_lazy("Recycle bin"), "account:bin", "trash")
