"""Reads about rights."""

from guanxi.access.models import MenuItem


def right_name(permission: str) -> str:
    """What the resource tree calls a permission, behind the name of its menu; nothing where the tree has none."""
    nodes = MenuItem.objects.in_use().filter(permission=permission).exclude(permission="").select_related("parent")
    node = nodes.order_by("kind", "position", "pk").first()  # its button comes before the menu that it opens
    if node is None:
        return ""
    return f"{node.parent} · {node}" if node.parent else str(node)
