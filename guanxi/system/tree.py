"""The built-in resource tree, from the declared resources: a node and its check cannot drift apart."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.access.models import MenuItem
from guanxi.access.nodes import Node
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource

Kind = MenuItem.Kind
VERBS = {"view": _("View"), "create": _("Create"), "edit": _("Edit"), "bin": _("Delete"), "export": _("Export")}
"""What the shared pages' permissions are called."""


@dataclass(frozen=True)
class Right:
    """A permission that no page of a resource declares, such as that of an import."""

    permission: str
    label: Any
    under: str
    code: str = ""


_rights: list[Right] = []
_screens: list[Callable[[], Node]] = []
"""Made when asked for: their labels are in both languages."""


def right(permission: str, label: Any, *, under: str, code: str = "") -> None:
    """Give a permission of its own a button below the menu of the resource whose key is `under`."""
    _rights.append(Right(permission, label, under, code))


def screen(
    key: str, label: Any, *, directory: str, permission: str, url: str, code: str = "", icon: str = "", place: int = 50
) -> None:
    """Give a page without a resource, such as a report, its menu and the button of the permission that opens it."""
    _screens.append(
        lambda: Node(
            key,
            Kind.MENU,
            *_both(label),
            parent=directory,
            code=code,
            permission=permission,
            icon=icon,
            url=url,
            position=place,
        )
    )
    right(permission, VERBS["view"], under=key)


def built_in_tree() -> list[Node]:
    """Every directory with a menu, every menu and every permission's one button, parents first."""
    menus = [*(_menu(resource) for resource in _with_menu()), *(screen() for screen in _screens)]
    doors = [_door(resource, *door) for resource in _with_menu() for door in resource.doors]
    return [*_directories({node.parent for node in [*menus, *doors]}), *menus, *doors, *_buttons()]


def _with_menu() -> list[Resource]:
    shown = [resource for resource in all_resources if resource.directory]
    return sorted(shown, key=lambda resource: resource.place)


def _directories(used: set[str]) -> list[Node]:
    return [
        Node(key, Kind.DIRECTORY, *_both(label), code=code, icon=icon, position=10 * place)
        for place, (key, code, label, icon) in enumerate(settings.DIRECTORIES, start=1)
        if key in used
    ]


def _menu(resource: Resource, *, key: str = "", directory: str = "", code: str = "") -> Node:
    return Node(
        key or resource.key,
        Kind.MENU,
        *_both(resource.screen_label),
        parent=directory or resource.directory,
        code=code or resource.code,
        permission=resource.permission("view"),
        icon=resource.icon,
        url=resource.url_name("list"),
        position=resource.place,
    )


def _door(resource: Resource, directory: str, code: str) -> Node:
    return _menu(resource, key=f"{resource.key}@{directory}", directory=directory, code=code)


def _buttons() -> Iterator[Node]:
    """One button for each permission, below the menu that it opens, else below the first that names it."""
    owners = {resource.permission("view"): resource for resource in reversed(_with_menu())}
    for resource in [*_with_menu(), *(one for one in all_resources if one.under)]:
        for permission in resource.verbs().values():
            owners.setdefault(permission, resource)
    places: dict[str, int] = defaultdict(int)
    found = [
        (_menu_key(one), permission, _label(one, permission), _code(one, permission))
        for permission, one in owners.items()
    ]
    found += [(one.under, one.permission, _both(one.label), one.code) for one in _rights]
    for menu, permission, label, code in found:
        places[menu] += 1
        yield Node(
            permission, Kind.BUTTON, *label, parent=menu, code=code, permission=permission, position=places[menu]
        )


def _menu_key(resource: Resource) -> str:
    return resource.key if resource.directory else resource.under


def _code(resource: Resource, permission: str) -> str:
    return resource.codes.get(_verb(permission), "")


def _verb(permission: str) -> str:
    """`develop` of `marketing.develop_salechance`."""
    return permission.partition(".")[2].partition("_")[0]


def _label(resource: Resource, permission: str) -> tuple[str, str]:
    """What the permission lets people do; for parts of another record, to which of them."""
    verb = _verb(permission)
    actions = {action.verb: action.label for action in resource.actions}
    label = resource.rights.get(permission) or resource.rights.get(verb) or VERBS.get(verb) or actions.get(verb) or verb
    if resource.directory:
        return _both(label)
    zh, en = _both(label)
    noun_zh, noun_en = _both(resource.screen_label)
    return f"{noun_zh}：{zh}", f"{noun_en}: {en}"


def _both(label: Any) -> tuple[str, str]:
    """A label in Chinese and in English."""
    with override("zh-hans"):
        chinese = str(label)
    with override("en"):
        return chinese, str(label)
