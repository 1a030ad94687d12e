"""The rows of a list as a program asks for them: what the page understands, and nothing else in silence."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.api.problems import Refused
from guanxi.api.shapes import Shape
from guanxi.kernel.fields import field_at
from guanxi.kernel.text import read_id
from guanxi.web.filters import ChoiceFilter, DayFilter, NumberFilter, RangeFilter, kind_of
from guanxi.web.pages import ListPage
from guanxi.web.pages.lists import BIN, LONGEST_SEARCH
from guanxi.web.paging import Page, read_behind
from guanxi.web.resource import Resource

MOST = 100
USUAL = 20
ENDS = ("from", "to")


def read_list(resource: Resource, shape: Shape, request: HttpRequest) -> dict[str, Any]:
    """One stretch of the list and the cursor of the next; raises Refused for what it does not understand."""
    page = ListPage(resource=resource)
    page.setup(request)
    errors = {name: [sentence] for name, sentence in _faults(page)}
    if errors:
        raise Refused(422, _("Some parameters cannot be understood."), errors=errors)
    found = _stretch(page, shape)
    return {"items": shape.objects(found.rows, page.masked), "next": _cursor(page, found)}


def _stretch(page: ListPage, shape: Shape) -> Page:
    sort, key = page.sort, page.request.GET.get("cursor", "")
    begun, _dot, place = key.rpartition(".")
    limit = read_id(page.request.GET.get("limit", USUAL)) or USUAL
    try:
        if key and begun != sort.text:
            raise ValueError(key)
        columns = sorted({*shape.columns, "id", sort.field})
        return read_behind(page.found(), columns, sort=sort, size=limit, key=place)
    except ValueError:
        errors = {"cursor": [_("This cursor belongs to another list or order.")]}
        raise Refused(422, _("Some parameters cannot be understood."), errors=errors) from None


def _cursor(page: ListPage, found: Page) -> str | None:
    return f"{page.sort.text}.{found.after}" if found.after else None


def _faults(page: ListPage) -> Iterator[tuple[str, str]]:
    """Each parameter that would not do what its sender thinks, with the sentence."""
    resource, params = page.resource, page.request.GET
    shown = {name: one for one in page.filters.filters for name in names_of(type(one), one.name)}
    known = {"limit", "cursor", "sort", "view", *shown, *resource.wholes} | ({"q"} if resource.searchable else set())
    for name in params:
        if name not in known:
            yield name, _("There is no such parameter.")
    for name, one in shown.items():
        if isinstance(one, RangeFilter) and params.get(name) and (one.low, one.high)[name.endswith(".to")] is None:
            yield name, _("“%(text)s” cannot be read.") % {"text": params[name][:40]}
        elif isinstance(one, ChoiceFilter) and name in params and len(one.chosen) != len(params.getlist(name)):
            yield name, _("This value is not among those on offer.")
    yield from _other_faults(page)


def _other_faults(page: ListPage) -> Iterator[tuple[str, str]]:
    resource, params = page.resource, page.request.GET
    if "sort" in params and params["sort"] != page.sort.text:
        yield "sort", _("The list cannot be sorted so.")
    views = {one.name for one in resource.views} | ({BIN} if resource.may(page.request.user, "restore") else set())
    if "view" in params and params["view"] not in views:
        yield "view", _("There is no such view.")
    if "limit" in params and not 1 <= (read_id(params["limit"]) or 0) <= MOST:
        yield "limit", _("Give a number from 1 to %(most)d.") % {"most": MOST}
    for name in resource.wholes & set(params):
        if read_id(params[name]) is None:
            yield name, _("Give the number of a record.")
    if len(params.get("q", "")) > LONGEST_SEARCH:
        yield "q", _("Give at most %(most)d characters.") % {"most": LONGEST_SEARCH}


def names_of(kind: type[Any], name: str) -> list[str]:
    """The parameters of a filter: its name, or both ends of a range."""
    return [f"{name}.{end}" for end in ENDS] if issubclass(kind, RangeFilter) else [name]


def parameters_of(resource: Resource) -> list[dict[str, Any]]:
    """What the list takes, for the description of the API."""
    views = [*(one.name for one in resource.views), *([BIN] if type(resource).restore else [])]
    sorts = [f"{way}{name}" for name in resource.sorts for way in ("-", "")]
    told = [
        parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Most rows."),
        parameter("cursor", {"type": "string"}, "`next` of the answer before, with the same other parameters."),
        parameter("sort", {"type": "string", "enum": sorts}, f"The order; {resource.sort} by itself."),
    ]
    if views:
        told.append(parameter("view", {"type": "string", "enum": views}, "A narrowing of the list, a tab of its page."))
    if resource.searchable:
        told.append(parameter("q", {"type": "string", "maxLength": LONGEST_SEARCH}, "Words that the rows contain."))
    whole = {"type": "integer", "minimum": 1}
    told += [parameter(name, whole, "Rows that hang on this record.") for name in sorted(resource.wholes)]
    filters = [*resource.filters, *resource.further_filters]
    return told + [one for name in filters for one in _filter_parameters(resource, name)]


def _filter_parameters(resource: Resource, filter_name: str) -> Iterator[dict[str, Any]]:
    field = field_at(resource.model, filter_name)
    kind = resource.filter_kinds.get(filter_name) or kind_of(field)
    for name in names_of(kind, filter_name):
        yield parameter(name, _schema_of(kind, field), str(field.verbose_name))


def _schema_of(kind: type[Any], field: Any) -> dict[str, Any]:
    if issubclass(kind, DayFilter):
        return {"type": "string", "format": "date"}
    if issubclass(kind, NumberFilter):
        return {"type": "string", "format": "decimal"}
    values = [str(value) for value, _label in field.flatchoices]
    if field.get_internal_type() == "CharField" and not values:
        return {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": field.max_length}}
    if field.many_to_one:
        return {"type": "array", "items": {"type": "string", "pattern": "^([0-9]+|none)$"}}
    offered = [*values, *(["none"] if field.null else [])] if values else ["yes", "no"]
    return {"type": "array", "items": {"type": "string", "enum": offered}}


def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """One parameter of an address, as the description tells it."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
