"""What the person's menu offers: pages of the apps above, which register them."""

from functools import cache
from typing import Any

from django.urls import reverse

_links: list[tuple[Any, str, str, str]] = []
_addresses: dict[str, str] = {}


def person_link(label: Any, name: str, icon: str, permission: str = "") -> None:
    """Add a page to the own menu of everybody, or of whoever holds a permission, by the name of its address."""
    _links.append((label, name, icon, permission))


def person_address(variable: str, name: str) -> None:
    """Say which address a template's variable holds: `logout_url`, `language_url`."""
    _addresses[variable] = name


def person_context(user: Any) -> dict[str, Any]:
    """The variables of the menu of a person; a stranger (None) gets no links."""
    mine = [one for one in _links if user is not None and (not one[3] or user.has_perm(one[3]))]
    links = [(label, _address(name), icon) for label, name, icon, _permission in mine]
    return {"user_links": links, **{variable: _address(name) for variable, name in _addresses.items()}}


@cache
def _address(name: str) -> str:
    """Every page shows these ten."""
    return reverse(name)
