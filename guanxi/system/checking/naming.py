"""Which record is meant by an address, a number or a name: never one that the person who asks does not see."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from guanxi.system.checking.judging import verbs_of
from guanxi.web.pages.base import ResourcePage
from guanxi.web.pages.lists import named_like
from guanxi.web.registry import all_resources, resource_of
from guanxi.web.resource import Resource

MOST = 10
"""How many records are offered where a name fits several."""


class Meant(NamedTuple):
    """A record of a resource, with the verb that its address names."""

    resource: Resource
    record: Any
    verb: str = ""

    @property
    def address(self) -> str:
        """The address of the record, as one may paste it."""
        return self.resource.url("record", self.record.pk)


def kinds_for(user: Any) -> list[Resource]:
    """The first resource of each model that a user may open, in the order of the menu's code."""
    return [one for one in all_resources if resource_of(one.model) is one and one.may(user, "view")]


def meant_by(text: str, kind: str, user: Any) -> list[Meant]:
    """The records that a text may mean, as far as `user` may see them: by address, by number, by name."""
    by_address = _at_address(text, user)
    if by_address is not None:
        return by_address
    kinds = [one for one in kinds_for(user) if kind in {"", one.key}]
    found = [Meant(one, record) for one in kinds for record in _named(one, text, user, narrowed=bool(kind))]
    exact = [one for one in found if getattr(one.record, "number", None) == text.upper()]
    return exact or found[:MOST]


def _at_address(text: str, user: Any) -> list[Meant] | None:
    """The one record at an address, none where the address names none; None if the text is no address."""
    if "/" not in text:
        return None
    try:
        match: Any = resolve(urlsplit(text).path)
    except (Resolver404, ValueError):
        return None
    kind = getattr(match.func, "view_class", None)
    if kind is None or not issubclass(kind, ResourcePage) or "pk" not in match.kwargs:
        return []
    page = kind(**match.func.view_initkwargs)
    resource: Resource = page.resource
    if not resource.may(user, "view"):
        return []
    verb = page.done_verb() if page.done_verb() in verbs_of(resource) else ""
    return [Meant(resource, record, verb) for record in _own(resource, match.kwargs["pk"], user)]


def _own(resource: Resource, pk: int, user: Any) -> Iterator[Any]:
    """The record within the reach of who asks, in use or, for who may take it out of there, in the bin."""
    manager = resource.model._default_manager
    rows = [manager.visible_to(user)]
    if resource.may(user, "restore"):
        rows.append(manager.binned_visible_to(user))
    yield from (record for one in rows for record in one.filter(pk=pk))


def _named(resource: Resource, text: str, user: Any, *, narrowed: bool) -> list[Any]:
    if not (narrowed or resource.searchable):
        return []
    rows = resource.model._default_manager.visible_to(user)
    return list(named_like(resource, rows, text, user).order_by("-pk")[:MOST])
