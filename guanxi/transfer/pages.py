"""The import wizard: upload, match columns, check, confirm, progress, result."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.access.reach import reach_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.transfer import actions, files, samples
from guanxi.transfer.forms import ConfirmForm, MatchForm, UploadForm
from guanxi.transfer.kinds import KINDS, Kind
from guanxi.transfer.kinds.fields import shown, visible
from guanxi.transfer.models import Import
from guanxi.transfer.parameters import UPLOAD_MEGABYTES
from guanxi.transfer.reading.limits import HEAD_ROWS
from guanxi.transfer.reading.table import Row, glance
from guanxi.transfer.refused import refused_lines
from guanxi.transfer.resources import MODELS, ImportResource, duplicates_of, likes_of, refusals_of, shows_rows
from guanxi.transfer.work import fields_of
from guanxi.web.acts import is_fragment, require, run_act, undo_url
from guanxi.web.jinja import render_block, render_page
from guanxi.web.pages.base import new_key
from guanxi.web.registry import resource_of

SAMPLES = 3
WORKING = (Import.State.CHECKING, Import.State.RUNNING)
STEPS = {
    Import.State.UPLOADED: 1,
    Import.State.CHECKING: 2,
    Import.State.CHECKED: 3,
    Import.State.RUNNING: 4,
    Import.State.DONE: 5,
    Import.State.FAILED: 5,
}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step 1: the file."""
    kind = _kind(request, request.POST.get("kind") or request.GET.get("kind", ""))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(_begin(request, kind, form.cleaned_data["file"]), status=303)
        except RuleBroken as broken:
            form.add_error("file", str(broken))
    return _page(request, "transfer/upload.html", kind, {"form": form, "limit": UPLOAD_MEGABYTES.read()}, 0, form)


def _begin(request: HttpRequest, kind: Kind, upload: Any) -> str:
    """Keep the file and take it in; a file that is refused, or was sent before, is not kept."""
    path, taken = files.keep(upload.chunks()), False

    def begin(change: ChangeWriter) -> str:
        nonlocal taken
        found = actions.begin_import(
            kind=kind.name,
            path=path,
            filename=Path(upload.name).name,
            rows=rows,
            language=get_language() or "",
            change=change,
        )
        taken = True
        return reverse("transfer:import-match", args=[found.pk])

    try:
        rows = glance(path, HEAD_ROWS)
        return run_act(request, "upload", begin)
    finally:
        if not taken:
            files.forget(path)


@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which column is which field."""
    found, kind = _own(request, pk)
    if found.state not in (Import.State.UPLOADED, Import.State.CHECKED) or not found.path:
        return HttpResponseRedirect(_wizard(found), status=303)
    form = MatchForm(request.POST or None, found=found, fields=fields_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(_match(request, found, form), status=303)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
    try:
        rows, problem = glance(found.path, HEAD_ROWS), ""
    except RuleBroken as broken:  # the file was readable when it came: the disk may have failed, or others read
        rows, problem = [], str(broken)
    columns = _columns(found, form, rows)
    left_out = sum(1 for column in columns if not column["bound"].value())
    context = {"found": found, "form": form, "columns": columns, "left_out": left_out, "problem": problem}
    return _page(request, "transfer/match.html", kind, context, 1, form)


def _match(request: HttpRequest, found: Import, form: MatchForm) -> str:
    pairs = form.mapping()
    names = [name for name, _place in pairs]
    labels = {field.name: str(field.label) for field in fields_of(found)}
    for name in names:
        if names.count(name) > 1:
            raise RuleBroken(_("“%(field)s” is chosen for two columns.") % {"field": labels[name]})

    def do(change: ChangeWriter) -> str:
        actions.match_columns(found, mapping=dict(pairs), change=change)
        return _wizard(found)

    return run_act(request, "match", do)


def _columns(found: Import, form: MatchForm, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each column with its field and the first cells below its heading."""
    below = [row.cells for row in rows if row.number > found.head_row][:SAMPLES]
    cells = list(zip_longest(*below, fillvalue=""))
    return [
        {
            "bound": form[f"column-{place}"],
            "heading": heading,
            "samples": [shown(cell)[:40] for cell in cells[place]] if place < len(cells) else [],
        }
        for place, heading in enumerate(found.headings)
    ]


@require_GET
def wizard(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps 3 to 6: whatever the import stands at; the page asks again while a job works on it."""
    found, kind = _found(request, pk)
    if found.state == Import.State.UPLOADED:
        return HttpResponseRedirect(reverse("transfer:import-match", args=[pk]), status=303)
    return _stand(request, found, kind)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: yes, import them."""
    found, kind = _own(request, pk)
    form = _confirm_form(request, found, request.POST)
    if found.state != Import.State.CHECKED:
        return HttpResponseRedirect(_wizard(found), status=303)
    if form.is_valid():
        try:
            return HttpResponseRedirect(_start(request, found, form), status=303)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
    return _stand(request, found, kind, form)


def _start(request: HttpRequest, found: Import, form: ConfirmForm) -> str:
    duplicates, pooled = form.cleaned_data["duplicates"], form.cleaned_data.get("owner", "pool") == "pool"

    def do(change: ChangeWriter) -> str:
        actions.start_import(found, duplicates=duplicates, pooled=pooled, change=change)
        return _wizard(found)

    return run_act(request, "confirm_import", do)


@require_GET
def refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows with their reasons, as CSV."""
    found, _of = _found(request, pk)
    if not shows_rows(request.user, found):
        raise Http404
    answer = StreamingHttpResponse(refused_lines(found), content_type="text/csv; charset=utf-8")
    name = f"{Path(found.filename).stem}-{_('refused')}.csv"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """The workbook to fill in."""
    kind = _kind(request, name)
    fields = visible(kind.fields, reach_of(request.user).masked)
    answer = HttpResponse(
        samples.workbook_of(kind, fields),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{kind.label}.xlsx")
    return answer


def _stand(request: HttpRequest, found: Import, kind: Kind, form: ConfirmForm | None = None) -> HttpResponse:
    shown = shows_rows(request.user, found) and (found.state == Import.State.CHECKED or found.finished_at)
    context: dict[str, Any] = {
        "found": found,
        "mine": found.created_by_id == request.user.pk,
        "working": found.state in WORKING,
        "form": form or _confirm_form(request, found),
        "refusals": refusals_of(found) if shown else [],
        "duplicates": duplicates_of(found) if shown and found.state == Import.State.CHECKED else [],
        "likes": likes_of(found) if shown and found.state == Import.State.CHECKED else [],
        "list_url": _list_url(found),
        "undo_url": undo_url(request, found.change_set) if found.change_set and found.created + found.updated else "",
        "percent": 100 * found.handled // found.total if found.total and found.state == Import.State.RUNNING else None,
    }
    return _page(request, "transfer/wizard.html", kind, context, STEPS[Import.State(found.state)], form)


def _confirm_form(request: HttpRequest, found: Import, data: Any = None) -> ConfirmForm:
    return ConfirmForm(data, found=found, updates=actions.may_update(found), user=request.user)


def _list_url(found: Import) -> str:
    resource = resource_of(MODELS[found.kind])
    return resource.url("list") if resource else ""


def _page(
    request: HttpRequest, template: str, kind: Kind, context: Mapping[str, Any], step: int, form: Any = None
) -> HttpResponse:
    user: Any = request.user
    whole = {
        "kind": kind,
        "kinds": [one for one in KINDS.values() if user.has_perm(one.permission)],
        "heading": _("Import %(rows)s") % {"rows": str(kind.label).lower()},
        "steps": [_("Upload"), _("Match columns"), _("Check"), _("Preview"), _("Import"), _("Result")],
        "step": step,
        "width": "wizard",
        "submit_key": new_key(),
        "crumbs": [(ImportResource.instance.screen_label, _imports_url(request)), (kind.label, "")],
        **context,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    if is_fragment(request):
        return render_block(request, template, "step", whole, status=status)
    return render_page(request, template, whole, status=status)


def _imports_url(request: HttpRequest) -> str:
    user: Any = request.user
    return ImportResource.instance.url("list") if user.has_perm("transfer.view_import") else ""


def _kind(request: HttpRequest, name: str) -> Kind:
    """The kind of a name, if the person may import it."""
    if name not in KINDS:
        raise Http404
    require(request, KINDS[name].permission)
    return KINDS[name]


def _found(request: HttpRequest, pk: int) -> tuple[Import, Kind]:
    """An import within reach: without the right to any kind it is refused, out of reach it does not exist."""
    user: Any = request.user
    if not any(user.has_perm(kind.permission) for kind in KINDS.values()):
        require(request, next(iter(KINDS.values())).permission)
    found = Import.objects.visible_to(user).select_related("created_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    require(request, KINDS[found.kind].permission)
    return found, KINDS[found.kind]


def _own(request: HttpRequest, pk: int) -> tuple[Import, Kind]:
    """An import that the person brought: it is done with its author's rights, so nobody else may go on with it."""
    found, kind = _found(request, pk)
    if found.created_by_id != request.user.pk:
        raise Http404
    return found, kind


def _wizard(found: Import) -> str:
    return reverse("transfer:import-wizard", args=[found.pk])
