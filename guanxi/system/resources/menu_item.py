"""资源管理: the tree of directories, menus and buttons, with directories and links of one's own."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.access import actions
from guanxi.access.models import MenuItem, Role
from guanxi.system import forms
from guanxi.system.resources.role import RoleResource
from guanxi.web.declarations import Action, Panel
from guanxi.web.panels import part_table
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

EDIT = "access.edit_menuitem"


@register
class MenuItemResource(Resource):
    """Every node of the tree; what the code says of the built-in ones is only read here."""

    model = MenuItem
    directory = "system"
    code = "6030"
    codes = {"create": "603001", "view": "603002", "edit": "603003", "bin": "603004"}
    label = gettext_lazy("Resource tree")
    icon = "hierarchy"
    place = 30
    path = "resources"
    columns = ["label_zh", "label_en", "kind", "code", "permission", "parent", "position", "hidden", "built_in"]
    more_columns = ["url", "created_at"]
    kinds = {"code": "code", "permission": "code", "url": "code"}
    tones = {"kind": {"directory": "vio", "menu": "pri", "button": "mut", "link": "info"}}
    sorts = ["position", "created_at"]
    sort = "position"
    create_label = gettext_lazy("New directory or link")
    form = forms.MenuItemForm
    form_template = "system/menu_item_form.html"
    create = actions.create_menu_item
    edit = actions.edit_menu_item
    bin = actions.bin_menu_item
    restore = actions.restore_menu_item
    actions = [
        Action("raise", actions.raise_menu_item, gettext_lazy("Move up"), icon="arrow-up", permission=EDIT),
        Action("lower", actions.lower_menu_item, gettext_lazy("Move down"), icon="arrow-down", permission=EDIT),
    ]
    head = ["kind"]
    meta = ["parent", "code"]
    details = [
        (gettext_lazy("Resource"), ["label_zh", "label_en", "kind", "icon", "parent", "position", "hidden"]),
        (gettext_lazy("Given by the program"), ["built_in", "code", "permission", "url"]),
    ]
    hide_empty = frozenset({"code", "permission", "url", "icon"})

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """What is built in is explained, what is hidden said."""
        said: list[tuple[str, Any]] = []
        if record.built_in:
            said.append(("info", _("Built in: its code, permission and address come from the program.")))
        if record.hidden:
            said.append(("warn", _("Hidden from the menu; whoever holds the right still opens it by its address.")))
        return said


def _holders(user: Any, record: Any) -> Any:
    """Those that hold its permission, by whichever node: of a menu and its first button it is the same one."""
    held = Role.objects.filter(grants__permission=record.permission) if record.permission else Role.objects.none()
    return RoleResource.instance.rows(user).filter(pk__in=held.values("pk"))


def _roles(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    part = RoleResource.instance
    return part_table(part, _holders(request.user, record), request.user) | {"part": part, "new_url": "", "all_url": ""}


panel(
    MenuItem,
    Panel(
        "roles",
        gettext_lazy("Roles that hold it"),
        "web/panel_part.html",
        _roles,
        permission=RoleResource.instance.permission("view"),
        rows=_holders,
        place=30,
    ),
)
