"""Reads about rights."""

from collections.abc import Collection

from guanxi.access.models import MenuItem


def right_name(permission: str) -> str:
    """What the resource tree calls a permission, behind the name of its menu; nothing where the tree has none."""
    return right_names([permission]).get(permission, "")


def right_names(permissions: Collection[str]) -> dict[str, str]:
    """Those of these permissions that the resource tree names, with their names."""
    nodes = MenuItem.objects.in_use().filter(permission__in=permissions).exclude(permission="").select_related("parent")
    found: dict[str, str] = {}
    for node in nodes.order_by("kind", "position", "pk"):  # its button comes before the menu that it opens
        found.setdefault(node.permission, f"{node.parent} · {node}" if node.parent else str(node))
    return found
