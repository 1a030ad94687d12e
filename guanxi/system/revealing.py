"""The page that shows one hidden value once: by a right of its own, proved, limited, and kept in the log."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.access.reach import reach_of
from guanxi.accounts.limits import Limit, take
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.fields import FieldClass, class_of
from guanxi.system.resources.revealing import REVEAL
from guanxi.system.signing import said_wait
from guanxi.web.acts import carry_out, moved, require, require_proof
from guanxi.web.cells import Cell, Shower, row_of
from guanxi.web.jinja import render_page
from guanxi.web.panels import model_of
from guanxi.web.registry import resource_of
from guanxi.web.resource import Resource

MOST = 20
"""How many values one person may have shown in a quarter of an hour."""
TOO_MANY = 429


@require_POST
def reveal(request: HttpRequest, name: str, pk: int, field: str) -> HttpResponse:
    """One value of a record within reach; who looked at which field of what is in the log before it is shown."""
    require(request, REVEAL)
    user: Any = request.user
    resource = _resource(name)
    require(request, resource.permission("view"))
    record = _record(resource, pk, user)
    kind = _class(resource, field)
    if kind not in reach_of(user).masked:
        return moved(request, resource.url("record", record.pk))
    require_proof(request)
    verdict = take([Limit(f"reveal:{user.pk}", MOST, paced=False)], at=timezone.now())
    if not verdict.allowed:
        said = _("You have had %(most)d hidden values shown in a quarter of an hour.") % {"most": MOST}
        return _page(request, resource, record, field, status=TOO_MANY, refusal=f"{said} {said_wait(verdict.wait)}")
    label = str(resource.column(field).label)
    carry_out(request, "reveal", lambda change: _note(record, change), key="", reason=label)
    return _page(request, resource, record, field, shown=_cell(resource, record, field))


def _note(record: Any, change: ChangeWriter) -> str:
    change.note(record)
    return ""


def _resource(name: str) -> Resource:
    model = model_of(name)
    resource = resource_of(model) if model is not None else None
    if resource is None:
        raise Http404
    return resource


def _record(resource: Resource, pk: int, user: Any) -> Any:
    found = resource.model._default_manager.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _class(resource: Resource, field: str) -> str:
    """The class of a field that roles may hide; what no role hides has nothing to show here."""
    try:
        kind = class_of(resource.model._meta.get_field(field))
    except FieldDoesNotExist:
        raise Http404 from None
    if kind == FieldClass.PLAIN:
        raise Http404
    return kind


def _cell(resource: Resource, record: Any, field: str) -> Cell:
    column = resource.column(field)
    row = row_of(record, [column])
    return Shower([column], [row], masked=(), tones=resource.tones).cell(column, row)


def _page(
    request: HttpRequest,
    resource: Resource,
    record: Any,
    field: str,
    *,
    status: int = 200,
    shown: Cell | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "record": record,
        "kind": resource.model._meta.verbose_name,
        "label": resource.column(field).label,
        "shown": shown,
        "refusal": refusal,
        "back": resource.url("record", record.pk),
        "crumbs": [(resource.screen_label, resource.url("list")), (str(record), resource.url("record", record.pk))],
    }
    return render_page(request, "system/reveal.html", context, status=status)
