"""The panels that every record has: its fields, its history; and parts shown as a table."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from guanxi.history.models import REDACTED, Change
from guanxi.kernel.fields import class_of
from guanxi.kernel.records import Record
from guanxi.kernel.text import listed
from guanxi.web import formats
from guanxi.web.cells import Cell, Column, Shower, card_classes, column_of, placed, plain_keys, row_of
from guanxi.web.declarations import Link, Panel
from guanxi.web.labels import labels_of
from guanxi.web.registry import may_reveal, panel, resource_of, reveal_url
from guanxi.web.resource import Resource

SHOWN = 50
"""How many rows a panel shows; the list behind it shows all."""


def cells_of(resource: Resource, record: Any, names: Sequence[str], user: Any) -> list[tuple[Column, Cell]]:
    """Fields of a record as (column, cell)."""
    columns = [resource.column(name) for name in names]
    row = row_of(record, columns)
    shower = Shower(columns, [row], masked=resource.masked(user), tones=resource.tones)
    first = resource_of(resource.model) or resource
    cells = [(column, shower.cell(column, row)) for column in columns]
    if may_reveal(user):
        cells = [(column, _revealing(cell, column, record)) for column, cell in cells]
    return [(column, _leading(cell, column, user) if column.name in first.wholes else cell) for column, cell in cells]


def _revealing(cell: Cell, column: Column, record: Any) -> Cell:
    """A hidden value with the address that shows it."""
    if cell.kind != "masked":
        return cell
    return Cell(cell.kind, cell.text, value=reveal_url(type(record), record.pk, column.name), title=str(column.label))


def _leading(cell: Cell, column: Column, user: Any) -> Cell:
    """The name of the record that this one hangs on, leading there for whoever may open it."""
    whole = resource_of(column.field.related_model)
    if cell.value is None or whole is None or not whole.may(user, "view"):
        return cell
    if not whole.rows(user).filter(pk=cell.value).exists():
        return cell
    return Cell("whole", cell.text, value=whole.url("record", cell.value))


def details_of(resource: Resource, record: Any, user: Any) -> list[tuple[Any, list[Any]]]:
    """The record's fields in their groups, as (column, cell)."""
    names = [name for _label, group in resource.details for name in group]
    cells = dict(zip(names, cells_of(resource, record, names, user), strict=True))
    shown = {name for name in names if cells[name][1].kind != "empty" or name not in resource.hide_empty}
    return [(label, [cells[name] for name in group if name in shown]) for label, group in resource.details]


def _details(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    resource = resource_of(type(record))
    assert resource is not None
    return {"groups": details_of(resource, record, request.user)}


def changes_shown(changes: list[Change], masked: frozenset[str]) -> list[tuple[Change, list[tuple[Any, str, str]]]]:
    """Changes of records of any models with their fields as (label, old, new); what is masked stays so."""
    by_model: dict[str, list[Change]] = defaultdict(list)
    for one in changes:
        by_model[one.model].append(one)
    models_of = {label: model for label in by_model if (model := model_of(label)) is not None}
    labels = {label: _reference_labels(model, by_model[label]) for label, model in models_of.items()}
    return [
        (one, _shown_fields(models_of[one.model], one, masked, labels[one.model]) if one.model in models_of else [])
        for one in changes
    ]


def model_of(label: str) -> type[models.Model] | None:
    """The model of a log's label, None where an older release had it."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _history(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    resource = resource_of(type(record))
    assert resource is not None
    masked = resource.masked(request.user)
    changes = list(
        Change.objects.filter(model=record.label(), record_id=record.pk)
        .select_related("change_set__by")
        .order_by("-id")[:SHOWN]
    )
    return {"changes": changes_shown(changes, masked)}


def _reference_labels(model: type[models.Model], changes: list[Change]) -> dict[str, Any]:
    """The labels of every record that these changes refer to, one query a field."""
    found: dict[str, Any] = {name: {key: (words[key], "") for key in words} for name, words in _worded(model)}
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.many_to_one]
    for field in [*fields, *model._meta.many_to_many]:
        sides = [side[field.name] for one in changes for side in (one.before, one.after) if side.get(field.name)]
        values = {pk for side in sides for pk in (side if isinstance(side, list) else [side])}
        found[field.name] = labels_of(field.related_model, values) if values else {}
    return found


def _worded(model: Any) -> Any:
    return getattr(model, "worded", {}).items()


def _shown_fields(
    model: type[models.Model], one: Change, masked: frozenset[str], labels: dict[str, Any]
) -> list[tuple[Any, str, str]]:
    """Each field of a change as (label, old, new), the empty beginnings left out."""
    shown = []
    for name, new in one.after.items():
        old = one.before.get(name)
        if (new in (None, "", [], False) and old is None) or _internal(model, name):
            continue
        shown.append(shown_field(model, name, old, new, masked, labels.get(name)))
    return shown


def _internal(model: type[models.Model], name: str) -> bool:
    """Whether a field has no label of its own: it serves the program, such as a folded name."""
    field = next((field for field in model._meta.concrete_fields if field.name == name), None)
    return field is not None and str(field.verbose_name) == name.replace("_", " ")


def shown_field(
    model: type[models.Model],
    name: str,
    old: Any,
    new: Any,
    masked: frozenset[str],
    labels: Any,
) -> tuple[Any, str, str]:
    """One field of a change as (label, old, new); what is masked stays so."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:  # an older release had it
        return name, str(old), str(new)
    if class_of(field) in masked and REDACTED not in (old, new):
        hidden = class_of(field)
        return field.verbose_name, formats.masked(old, hidden), formats.masked(new, hidden)
    return field.verbose_name, _said(field, old, labels), _said(field, new, labels)


def _said(field: Any, value: Any, labels: Any) -> str:
    if value == REDACTED:
        return str(_("Redacted"))
    if value in (None, "", []):
        return formats.EMPTY
    if labels:
        return listed(labels.get(pk, (pk,))[0] for pk in (value if isinstance(value, list) else [value]))
    if field.many_to_many or field.many_to_one or isinstance(value, (list, dict)):
        return listed(value) if isinstance(value, list) else str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    row = {field.attname: field.to_python(value)}
    column = column_of(field.model, field.name, sortable=False)
    if column.kind == "moment":
        return formats.moment(row[field.attname])
    cell: Cell = Shower([column], [row], masked=(), tones={}).cell(column, row)
    return cell.text


def tabs_of(resource: Resource) -> list[Panel]:
    """The tabs of a resource's records: those registered, their fields, and of what the log keeps its history."""
    logged = [HISTORY] if issubclass(resource.model, Record) else []
    return [*resource.panels(), DETAILS, *logged]


DETAILS = Panel("details", _("Details"), "web/panel_details.html", _details, place=20)
HISTORY = Panel("history", _("Change log"), "web/panel_history.html", _history, place=95)


def part_panel(
    whole: type[models.Model],
    part: Resource,
    *,
    place: int = 50,
    sort: str = "",
    field: str = "",
    template: str = "web/panel_part.html",
    further: Callable[[HttpRequest, Any], Mapping[str, Any]] | None = None,
) -> None:
    """Show a resource whose rows belong to another record as a tab of that record.

    `template` shows them in another way than a table, with what `further` adds to the context.
    """
    field = field or part.parent
    part.wholes.add(field)

    def rows(user: Any, record: Any) -> models.QuerySet[Any]:
        return part.rows(user).filter(**{field: record.pk})

    def table(request: HttpRequest, record: Any) -> Mapping[str, Any]:
        return part_table(part, rows(request.user, record), request.user, sort, without=field)

    def context(request: HttpRequest, record: Any) -> Mapping[str, Any]:
        return {
            **(further or table)(request, record),
            "part": part,
            "whole": record,
            "all_url": f"{reverse(part.url_name('list'))}?{field}={record.pk}",
            "new_url": _new_url(part, field, record, request),
        }

    panel(whole, _panel_of(part, template, context, rows, place, field))


def _panel_of(part: Resource, template: str, context: Any, rows: Any, place: int, field: str) -> Panel:
    return Panel(
        part.name,
        part.model._meta.verbose_name_plural,
        template,
        context,
        permission=part.permission("view"),
        rows=rows,
        place=place,
        new=lambda request, record: _new_link(part, field, record, request),
    )


def part_table(
    part: Resource, rows: models.QuerySet[Any], user: Any, sort: str = "", *, without: str = ""
) -> dict[str, Any]:
    """The first rows of a part as a table, without the column of what they are part of."""
    masked = part.masked(user)
    columns = [column for column in part.chosen_columns(None) if column.name != without]
    order = part.sort_of(sort or part.sort, masked)
    keys = {"id", order.field} | plain_keys(columns)
    found = list(rows.order_by(*order.order()).values(*sorted(keys))[: SHOWN + 1])
    shower = Shower(columns, found[:SHOWN], masked=masked, tones=part.tones)
    classes = card_classes(columns)
    return {
        "part_columns": columns,
        "part_rows": [
            (row, placed([shower.cell(column, row) for column in columns], classes)) for row in found[:SHOWN]
        ],
        "part_more": len(found) > SHOWN,
    }


def _new_link(part: Resource, field: str, record: Any, request: HttpRequest) -> Link | None:
    url = _new_url(part, field, record, request)
    return Link(part.new_label, url, part.icon or "plus", drawer=not part.form_page) if url else None


def _new_url(part: Resource, field: str, record: Any, request: HttpRequest) -> str:
    if not part.may(request.user, "create") or not part.goes_with(record):
        return ""
    return f"{part.url('create')}?{urlencode({field: record.pk, 'next': request.path})}"
