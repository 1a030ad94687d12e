"""What administrators do with the resource tree: names, order, and directories and links of their own."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from guanxi.access.models import MenuItem
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed, tidy

Kind = MenuItem.Kind
OWN = (Kind.DIRECTORY, Kind.LINK)
"""What administrators may add: menus and buttons come from the code that enforces them."""
TREE = "access.view_menuitem"
"""The permission of the menu that opens this very tree."""
STEP = 10
SCHEMES = {"http", "https"}


def create_menu_item(
    *,
    kind: str,
    label_zh: str,
    label_en: str = "",
    parent: MenuItem | None = None,
    url: str = "",
    icon: str = "",
    hidden: bool = False,
    change: ChangeWriter,
) -> MenuItem:
    """Add a directory, or a link with a permission of its own, at the end of its siblings."""
    if kind not in OWN:
        raise RuleBroken(_("Only directories and links can be added."), field="kind")
    _hold_tree()
    parent = _as_stored(parent)
    _check_place(kind, parent)
    token = f"own.{secrets.token_hex(6)}"
    return change.create(
        MenuItem,
        key=token,
        kind=kind,
        permission=token if kind == Kind.LINK else "",
        url=_safe_url(url) if kind == Kind.LINK else "",
        parent=parent,
        position=_last(parent) + STEP,
        icon=icon,
        hidden=hidden,
        **_names(label_zh, label_en),
    )


def edit_menu_item(
    item: MenuItem,
    *,
    label_zh: str,
    label_en: str = "",
    icon: str = "",
    hidden: bool = False,
    change: ChangeWriter,
    seen: int | None = None,
    **fields: Any,
) -> MenuItem:
    """Rename, hide or move a node, and lead a link of one's own elsewhere.

    What the code gives (kind, code, permission, address) stays; so does the place of buttons.
    """
    named = {**_names(label_zh, label_en), "icon": icon}
    _hold_tree()
    parent = _as_stored(fields.get("parent", item.parent))
    wanted: dict[str, Any] = {**named, "hidden": hidden, "parent": parent}
    if "url" in fields and item.kind == Kind.LINK and not item.built_in:
        wanted["url"] = _safe_url(fields["url"])
    if (parent.pk if parent else None) != item.parent_id:
        _refuse_fixed_place(item)
        _check_place(item.kind, parent)
        wanted["position"] = _last(parent) + STEP
    _refuse_hiding_the_tree(item, hidden=hidden, parent=parent)
    if item.built_in and any(getattr(item, name) != value for name, value in named.items()):
        wanted["renamed"] = True
    return change.update(item, seen=seen, **wanted)


def raise_menu_item(item: MenuItem, *, change: ChangeWriter) -> None:
    """Put a node before the one above it."""
    _swap(item, -1, change)


def lower_menu_item(item: MenuItem, *, change: ChangeWriter) -> None:
    """Put a node behind the one below it."""
    _swap(item, 1, change)


def bin_menu_item(item: MenuItem, *, change: ChangeWriter) -> None:
    """Delete a node of one's own; refused while something hangs on it or a role holds it."""
    if item.built_in:
        raise RuleBroken(_("“%(node)s” is built in: it can be hidden, not deleted.") % {"node": item})
    _hold_tree()
    if item.children.in_use().exists():
        raise RuleBroken(_("“%(node)s” is not empty: move or delete first what stands in it.") % {"node": item})
    roles = list(item.roles.filter(binned_in=None).order_by("pk"))
    if roles:
        said = {"node": item, "roles": listed(roles)}
        raise RuleBroken(_("“%(node)s” is granted to %(roles)s: take it away there first.") % said)
    change.bin(item)


def restore_menu_item(item: MenuItem, *, change: ChangeWriter) -> None:
    """Take a node of one's own out of the bin; refused while its directory lies there."""
    _hold_tree()
    directory = _as_stored(item.parent)
    if directory is not None and directory.binned_in is not None:
        raise RuleBroken(_("“%(directory)s” is in the bin: restore it first.") % {"directory": directory})
    change.restore(item)


def _hold_tree() -> None:
    """Lock the tree to the end of the transaction: two who move and delete at once could lose a node."""
    list(MenuItem.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _as_stored(item: MenuItem | None) -> MenuItem | None:
    """A node as it stands under the lock: whoever chose it may have looked earlier."""
    return None if item is None else MenuItem.objects.get(pk=item.pk)


def _names(label_zh: str, label_en: str) -> dict[str, str]:
    """Both names; who leaves the English one out gets the Chinese one there, too."""
    chinese = tidy(label_zh)
    return {"label_zh": chinese, "label_en": tidy(label_en) or chinese}


def _last(parent: MenuItem | None) -> int:
    return max(MenuItem.objects.in_use().filter(parent=parent).values_list("position", flat=True), default=0)


def _check_place(kind: str, parent: MenuItem | None) -> None:
    """Directories stand at the top, menus and links in a directory: the menu has two levels."""
    if kind == Kind.DIRECTORY and parent is not None:
        raise RuleBroken(_("A directory stands at the top."), field="parent")
    if kind == Kind.DIRECTORY:
        return
    if parent is None or parent.kind != Kind.DIRECTORY or parent.binned_in is not None:
        raise RuleBroken(_("Choose the directory that it stands in."), field="parent")


def _refuse_fixed_place(item: MenuItem) -> None:
    if item.kind not in {Kind.MENU, Kind.LINK}:
        raise RuleBroken(_("“%(node)s” keeps its place: only menus and links move.") % {"node": item}, field="parent")


def _refuse_hiding_the_tree(item: MenuItem, *, hidden: bool, parent: MenuItem | None) -> None:
    """Nobody would find the page again that shows what was hidden."""
    leads_here = item.kind == Kind.MENU and item.permission == TREE
    holds_it = hidden and item.children.in_use().filter(kind=Kind.MENU, permission=TREE).exists()
    if holds_it or (leads_here and (hidden or (parent is not None and parent.hidden))):
        raise RuleBroken(_("This page stays in the menu: nobody would find again what was hidden."), field="hidden")


def _swap(item: MenuItem, step: int, change: ChangeWriter) -> None:
    """Number the siblings anew, this one a place further on; at the end of the row it stays where it is."""
    _hold_tree()
    siblings = MenuItem.objects.in_use().filter(parent=MenuItem.objects.get(pk=item.pk).parent_id)
    row = list(siblings.order_by("position", "pk"))
    place = next((place for place, one in enumerate(row) if one.pk == item.pk), None)
    if place is None:
        raise RuleBroken(_("“%(record)s” is in the bin.") % {"record": item})
    other = place + step
    if not 0 <= other < len(row):
        raise RuleBroken(_("“%(node)s” is at the end already.") % {"node": item})
    change.subject(item)
    row[place], row[other] = row[other], row[place]
    for number, one in enumerate(row, start=1):
        change.update(one, position=number * STEP)


def _safe_url(url: str) -> str:
    """An http(s) address, or a path of one's own; raises RuleBroken for what a browser could take for a script."""
    typed = url.strip()
    if not typed.isprintable() or " " in typed or "\\" in typed or not _leads_somewhere(typed):
        raise RuleBroken(_("Enter an address that begins with https://, http:// or /."), field="url")
    return typed


def _leads_somewhere(url: str) -> bool:
    if url.startswith("/"):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 1) > 0
    except ValueError:
        return False
