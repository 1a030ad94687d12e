"""What the person's menu offers: pages of the apps above, which register them."""

from functools import cache
from typing import Any

from django.urls import reverse

_links: list[tuple[Any, str, str]] = []
_addresses: dict[str, str] = {}


def person_link(label: Any, name: str, icon: str) -> None:
    """Add a page to everybody's own menu, by the name of its address."""
    _links.append((label, name, icon))


def person_address(variable: str, name: str) -> None:
    """Say which address a template's variable holds: `logout_url`, `language_url`."""
    _addresses[variable] = name


def person_context(*, signed_in: bool) -> dict[str, Any]:
    """The variables of the person's menu; a stranger gets no links."""
    links = [(label, _address(name), icon) for label, name, icon in _links] if signed_in else []
    return {"user_links": links, **{variable: _address(name) for variable, name in _addresses.items()}}


@cache
def _address(name: str) -> str:
    """Every page shows these ten."""
    return reverse(name)
