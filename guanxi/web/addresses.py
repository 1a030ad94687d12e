"""The addresses of a resource: one line in an app's urls.py gives all of them."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from guanxi.web import pages
from guanxi.web.resource import Resource

_further: list[tuple[str, Any, Callable[[Resource], bool]]] = []


def further_page(name: str, view: Any, *, applies: Callable[[Resource], bool]) -> None:
    """Give the lists of some resources a further page, from a layer above."""
    _further.append((name, view, applies))


def addresses(declaration: type[Resource]) -> list[URLPattern]:
    """Every address of a declared resource."""
    resource = declaration.instance
    return [
        *_standing(resource),
        *(page for action in resource.actions for page in _verbs(resource, action)),
        _page(resource, f"{_one(resource)}tab/<slug:tab>/", pages.PanelPage, "panel"),
    ]


def _base(resource: Resource) -> str:
    return f"{resource.path}/" if resource.path else ""


def _one(resource: Resource) -> str:
    return f"{_base(resource)}<int:pk>/"


def _page(resource: Resource, route: str, view: Any, name: str, **options: Any) -> URLPattern:
    found: URLPattern = path(route, view.as_view(resource=resource, **options), name=f"{resource.name}-{name}")
    return found


def _standing(resource: Resource) -> list[URLPattern]:
    """The list, the record, and the pages of the declared standard verbs."""
    base, one = _base(resource), _one(resource)
    kind = type(resource)
    wanted = [
        (True, base, pages.ListPage, "list"),
        (True, f"{base}options/", pages.OptionsPage, "options"),
        (True, f"{base}columns/", pages.ColumnsPage, "columns"),
        (True, one, pages.RecordPage, "record"),
        (kind.create, f"{base}new/", pages.CreatePage, "create"),
        (kind.edit, f"{one}edit/", pages.EditPage, "edit"),
        (kind.bin, f"{one}bin/", pages.BinPage, "bin"),
        (kind.bin, f"{base}bin/", pages.BulkBinPage, "bulk-bin"),
        (kind.restore, f"{one}restore/", pages.RestorePage, "restore"),
    ]
    wanted += [(applies(resource), f"{base}{name}/", view, name) for name, view, applies in _further]
    return [_page(resource, route, view, name) for on, route, view, name in wanted if on]


def _verbs(resource: Resource, action: Any) -> list[URLPattern]:
    one = _page(resource, f"{_one(resource)}{action.verb}/", pages.ActionPage, action.verb, action=action)
    if not action.bulk:
        return [one]
    route = f"{_base(resource)}{action.verb}/"
    return [one, _page(resource, route, pages.BulkPage, f"bulk-{action.verb}", action=action)]
