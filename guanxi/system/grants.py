"""The resource tree as the role page draws it, and what two sets of grants differ in."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from guanxi.access.models import MenuItem

Kind = MenuItem.Kind


def grant_tree(held: Collection[str]) -> list[dict[str, Any]]:
    """Directories, their menus and what can be granted in each; what grants nothing is left out."""
    children = _children()
    return [node for item in children[None] if (node := _node(item, children, held)) is not None]


def _children() -> dict[int | None, list[MenuItem]]:
    children: dict[int | None, list[MenuItem]] = defaultdict(list)
    for item in MenuItem.objects.in_use():
        children[item.parent_id].append(item)
    return children


def _node(item: MenuItem, children: dict[Any, list[MenuItem]], held: Collection[str]) -> dict[str, Any] | None:
    """A directory or menu with what hangs below it; it is checked when all of that is."""
    below = children.get(item.pk, [])
    leafs = [_leaf(one, held) for one in below if one.kind in {Kind.BUTTON, Kind.LINK}]
    nodes = [node for one in below if (node := _node(one, children, held)) is not None]
    if not leafs and not nodes:
        return None
    return {
        "id": item.pk,
        "label": str(item),
        "icon": item.icon,
        "leafs": leafs,
        "children": nodes,
        "checked": all(one["checked"] for one in [*leafs, *nodes]),
    }


def _leaf(item: MenuItem, held: Collection[str]) -> dict[str, Any]:
    return {"value": item.pk, "label": str(item), "checked": bool(item.permission) and item.permission in held}


def named(items: Collection[MenuItem]) -> list[str]:
    """What is granted, each with the menu that it belongs to."""
    parents = MenuItem.objects.in_bulk([item.parent_id for item in items if item.parent_id])
    return [f"{parents[item.parent_id]} · {item}" if item.parent_id else str(item) for item in items]
