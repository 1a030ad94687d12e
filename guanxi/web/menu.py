"""The menu of a user, from the resource tree; and the built-in tree, from the resources."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from guanxi.access.models import MenuItem
from guanxi.access.reach import reach_of
from guanxi.history.stamps import Stamped, read_stamps
from guanxi.web.registry import resource_of
from guanxi.web.resource import Resource

Groups = list[dict[str, Any]]

_items_kept: Stamped[list[MenuItem]] = Stamped(1)
_groups_kept: Stamped[Groups] = Stamped(1_000)


def menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The directories and menus that the user may open, the current one marked."""
    groups = _groups(request.user)
    current = _current(groups, request.path)
    return [
        {**group, "items": [{**entry, "current": entry is current} for entry in group["items"]]} for group in groups
    ]


def menu_key(request: HttpRequest, menu: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    """What the look of this menu depends on, besides the language."""
    reach = reach_of(request.user)
    current = next(
        (entry["url"] for group in menu for entry in group["items"] if entry["current"]), request.path == "/"
    )
    return read_stamps().get("access", 0), reach.permissions, reach.holds_all, current


def _groups(user: Any) -> Groups:
    """What a user may open, shared by all who may open the same until access changes."""
    reach = reach_of(user)
    key = (reach.permissions, reach.holds_all, get_language())
    return _groups_kept.read("access", key, lambda: _grouped(_items(), user))


def _grouped(items: Sequence[MenuItem], user: Any) -> Groups:
    children: dict[Any, list[MenuItem]] = {}
    for item in items:
        children.setdefault(item.parent_id, []).append(item)
    groups = []
    for directory in children.get(None, []):
        entries = [entry for item in children.get(directory.pk, []) if (entry := _entry(item, user)) is not None]
        if entries and not directory.hidden:
            groups.append({"label": str(directory), "icon": directory.icon, "items": entries})
    return groups


def _current(groups: Sequence[dict[str, Any]], path: str) -> dict[str, Any] | None:
    """The one entry that leads nearest to this page, however many doors lead there."""
    entries = [entry for group in groups for entry in group["items"]]
    leading = [entry for entry in entries if entry["url"] != "/" and path.startswith(entry["url"])]
    return max(leading, key=lambda entry: len(entry["url"]), default=None)


def _entry(item: MenuItem, user: Any) -> dict[str, Any] | None:
    if item.hidden or not item.permission or not user.has_perm(item.permission):
        return None
    try:
        url = item.url if item.kind == MenuItem.Kind.LINK else reverse(item.url)
    except NoReverseMatch:
        return None
    return {"label": str(item), "url": url, "icon": item.icon, "count": None, "outside": not url.startswith("/")}


def _items() -> list[MenuItem]:
    """The directories, menus and links in order, read again only when access changed."""
    shown = [MenuItem.Kind.DIRECTORY, MenuItem.Kind.MENU, MenuItem.Kind.LINK]
    return _items_kept.read("access", "", lambda: list(MenuItem.objects.in_use().filter(kind__in=shown)))


def crumbs_of(resource: Resource, record: Any) -> list[tuple[Any, str]]:
    """The way to a page: its list, then the record; a part of another record lies below that one."""
    if record is None:
        return [(resource.screen_label, resource.url("list"))]
    whole = getattr(record, resource.parent) if resource.parent else None
    above = resource_of(type(whole)) if whole is not None else None
    way = crumbs_of(above, whole) if above else [(resource.screen_label, resource.url("list"))]
    return [*way, (str(record), resource.url("record", record.pk))]
