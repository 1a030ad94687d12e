"""Keeping the built-in nodes of the resource tree as the code says."""

from collections.abc import Iterable, Sequence
from typing import Any

from guanxi.access.models import MenuItem
from guanxi.access.nodes import Node
from guanxi.history.writer import ChangeWriter

STEPS = {MenuItem.Kind.DIRECTORY: 10, MenuItem.Kind.MENU: 10}
"""How far apart the codes of siblings are, in the last two digits; those of buttons follow each other."""


def sync_menu_items(nodes: Sequence[Node], *, change: ChangeWriter) -> None:
    """Create, update and bin built-in nodes, parents before their children; a call that finds all right writes nothing.

    What administrators renamed, reordered or hid stays so; a code once given stays, too.
    """
    known = {item.key: item for item in MenuItem.objects.all()}
    for node in nodes:
        item = known.get(node.key)
        if item is None:
            known[node.key] = _create(node, known, change)
        else:
            _update(item, node, known, change)
    _bin_others(known.values(), {node.key for node in nodes}, change)


def _create(node: Node, known: dict[str, MenuItem], change: ChangeWriter) -> MenuItem:
    return change.create(
        MenuItem,
        key=node.key,
        position=node.position,
        built_in=True,
        code=node.code or _next_code(node, known),
        **_labels(node),
        **_fixed(node, known),
    )


def _update(item: MenuItem, node: Node, known: dict[str, MenuItem], change: ChangeWriter) -> None:
    if item.binned_in is not None:
        change.restore(item)
    fields = _fixed(node, known) | {"built_in": True}
    if node.code:
        fields["code"] = node.code
    if not item.renamed:
        fields |= _labels(node)
    if item.built_in and node.kind == MenuItem.Kind.MENU:
        del fields["parent"]  # administrators may have moved it to another directory
    if any(getattr(item, _column(name)) != getattr(value, "pk", value) for name, value in fields.items()):
        change.update(item, **fields)


def _bin_others(items: Iterable[MenuItem], keys: set[str], change: ChangeWriter) -> None:
    """What the code does not know any more leaves the tree."""
    for item in items:
        if item.built_in and item.binned_in is None and item.key not in keys:
            change.bin(item)


def _column(name: str) -> str:
    return "parent_id" if name == "parent" else name


def _fixed(node: Node, known: dict[str, MenuItem]) -> dict[str, Any]:
    """What only the code decides."""
    return {
        "kind": node.kind,
        "parent": known[node.parent] if node.parent else None,
        "permission": node.permission,
        "url": node.url,
    }


def _labels(node: Node) -> dict[str, str]:
    """What administrators may rename."""
    return {"label_zh": node.label_zh, "label_en": node.label_en, "icon": node.icon}


def _next_code(node: Node, known: dict[str, MenuItem]) -> str:
    """The code after the highest among its siblings, binned ones too: a code is never given twice."""
    parent = known.get(node.parent)
    step = STEPS.get(MenuItem.Kind(node.kind), 1)
    siblings = [item for item in known.values() if item.parent_id == (parent.pk if parent else None)]
    stem = parent.code if parent else ""
    used = [int(item.code[len(stem) :]) for item in siblings if item.code[len(stem) :].isdigit()]
    return f"{stem}{max(used, default=0) + step:02}"
