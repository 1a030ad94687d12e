"""The menu of a user, from the resource tree; and the built-in tree, from the resources."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from guanxi.access.models import MenuItem
from guanxi.history.stamps import read_stamps
from guanxi.web.registry import resource_of
from guanxi.web.resource import Resource

_tree: dict[str, Any] = {"stamp": None, "items": []}


def menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The directories and menus that the user may open, the current one marked."""
    items = _items()
    children: dict[Any, list[MenuItem]] = {}
    for item in items:
        children.setdefault(item.parent_id, []).append(item)
    groups = []
    for directory in children.get(None, []):
        entries = [entry for item in children.get(directory.pk, []) if (entry := _entry(item, request)) is not None]
        if entries and not directory.hidden:
            groups.append({"label": str(directory), "icon": directory.icon, "items": entries})
    _mark_current(groups, request.path)
    return groups


def _mark_current(groups: list[dict[str, Any]], path: str) -> None:
    """Mark the one entry that leads nearest to this page, however many doors lead there."""
    entries = [entry for group in groups for entry in group["items"]]
    leading = [entry for entry in entries if path.startswith(entry["url"]) and entry["url"] != "/"]
    if leading:
        max(leading, key=lambda entry: len(entry["url"]))["current"] = True


def _entry(item: MenuItem, request: HttpRequest) -> dict[str, Any] | None:
    user: Any = request.user
    if item.hidden or not item.permission or not user.has_perm(item.permission):
        return None
    try:
        url = item.url if item.kind == MenuItem.Kind.LINK else reverse(item.url)
    except NoReverseMatch:
        return None
    return {"label": str(item), "url": url, "icon": item.icon, "current": False, "count": None}


def _items() -> list[MenuItem]:
    """The directories, menus and links in order, read again only when access changed."""
    stamp = read_stamps().get("access", 0)
    if _tree["stamp"] != stamp:
        shown = [MenuItem.Kind.DIRECTORY, MenuItem.Kind.MENU, MenuItem.Kind.LINK]
        _tree.update(stamp=stamp, items=list(MenuItem.objects.in_use().filter(kind__in=shown)))
    items: list[MenuItem] = _tree["items"]
    return items


def crumbs_of(resource: Resource, record: Any) -> list[tuple[Any, str]]:
    """The way to a page: its list, then the record; a part of another record lies below that one."""
    if record is None:
        return [(resource.screen_label, resource.url("list"))]
    whole = getattr(record, resource.parent) if resource.parent else None
    above = resource_of(type(whole)) if whole is not None else None
    way = crumbs_of(above, whole) if above else [(resource.screen_label, resource.url("list"))]
    return [*way, (str(record), resource.url("record", record.pk))]
