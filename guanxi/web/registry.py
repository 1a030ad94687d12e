"""What the layers above declare: resources by model, panels, labels, menu directories."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from guanxi.web.declarations import Link, Panel
    from guanxi.web.resource import Resource

_resources: dict[type[models.Model], "Resource"] = {}
_panels: dict[type[models.Model], list["Panel"]] = defaultdict(list)
_list_links: dict[type[models.Model], list[Callable[[HttpRequest], "Link | None"]]] = defaultdict(list)


def register(declaration: type["Resource"]) -> type["Resource"]:
    """Class decorator: make the one instance of a declared resource."""
    resource = declaration()
    _resources.setdefault(resource.model, resource)
    declaration.instance = resource
    all_resources.append(resource)
    return declaration


all_resources: list["Resource"] = []
"""Every declared resource, in the order of declaration; one model may have several menus."""


def resource_of(model: type[models.Model]) -> "Resource | None":
    """The first declared resource of a model."""
    return _resources.get(model)


def panel(model: type[models.Model], panel: "Panel") -> None:
    """Add a panel to another app's record page, without that app knowing."""
    _panels[model].append(panel)


def panels_of(model: type[models.Model]) -> list["Panel"]:
    """The panels that were registered for a model, by their place."""
    return sorted(_panels[model], key=lambda panel: panel.place)


def list_link(model: type[models.Model], link: Callable[[HttpRequest], "Link | None"]) -> None:
    """Add a button to another app's list, such as its import."""
    _list_links[model].append(link)


def list_links_of(model: type[models.Model], request: HttpRequest) -> list["Link"]:
    """The buttons that others added to a list, as far as this user may use them."""
    return [made for link in _list_links[model] if (made := link(request)) is not None]


def options_url(model: type[models.Model], user: Any) -> str:
    """The address that feeds a user's pickers of a model, or nothing if there is none to open."""
    resource = _resources.get(model)
    return reverse(resource.url_name("options")) if resource and resource.may(user, "view") else ""


_reveal: list[tuple[str, str]] = []


def name_reveal(permission: str, address: str) -> None:
    """Say which right shows a hidden value of a record, and the name of the address that does."""
    _reveal[:] = [(permission, address)]


def may_reveal(user: Any) -> bool:
    """Whether somebody may have hidden values shown."""
    return any(user.has_perm(permission) for permission, _address in _reveal)


def reveal_url(model: type[models.Model], pk: Any, field: str) -> str:
    """The address that shows one hidden value once."""
    return reverse(_reveal[0][1], args=[model._meta.label_lower, pk, field])


def record_url(model: type[models.Model], pk: Any) -> str:
    """The address of a record's page, or nothing if its model has none."""
    resource = _resources.get(model)
    return reverse(resource.url_name("record"), args=[pk]) if resource else ""
