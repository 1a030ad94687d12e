"""The verdict: what the page of a verb would answer somebody, asked of that page itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, resolve

from guanxi.system.duties import due_first
from guanxi.web.pages.base import ResourcePage
from guanxi.web.resource import Resource

PAGES = {"view": "record"}
"""Verbs whose page has another name."""
OPENS, DOOR, REFUSED, HIDDEN, BARRED = 200, 302, 403, 404, 422
"""What a page answers; barred is a step that it refuses because of where the record stands."""


@dataclass(frozen=True)
class Verdict:
    """The status that a request gets, the permission that its page asks for, and what of the record bars the step."""

    status: int
    permission: str
    bar: str = ""

    @property
    def opens(self) -> bool:
        """Whether the page opens."""
        return self.status == OPENS


def judge(user: Any, resource: Resource, verb: str, pk: int) -> Verdict:
    """What the page of this verb answers this user about this record, in the order in which a request is asked."""
    page = page_for(user, resource, verb, pk)
    permission = page.permission()
    if not lets_in(user):
        return Verdict(DOOR, permission)
    if not user.has_perm(permission):
        return Verdict(REFUSED, permission)
    record = found_by(page, pk)
    if record is None:
        return Verdict(HIDDEN, permission)
    bar = resource.bar(user, verb, record)
    return Verdict(BARRED if bar else OPENS, permission, bar)


def lets_in(user: Any) -> bool:
    """Whether pages open at all: to whoever may sign in and has done what comes first."""
    return bool(user.is_active and user.binned_in is None and due_first(user) is None)


def found_by(page: ResourcePage, pk: int) -> Any:
    """The record as the page finds it for whoever it was made for, or None."""
    try:
        return page.record(pk)
    except Http404:
        return None


def page_for(user: Any, resource: Resource, verb: str, pk: int) -> ResourcePage:
    """The page of a verb as a request of this user would meet it."""
    match: Any = resolve(resource.url(PAGES.get(verb, verb), pk))
    request = HttpRequest()
    request.method, request.user = "GET", user
    page: ResourcePage = match.func.view_class(**match.func.view_initkwargs)
    page.setup(request, **match.kwargs)
    return page


def verbs_of(resource: Resource) -> Mapping[str, str]:
    """The verbs of a resource that have a page for each record, with their permissions."""
    return {verb: permission for verb, permission in resource.verbs().items() if _has_page(resource, verb)}


def _has_page(resource: Resource, verb: str) -> bool:
    try:
        match = resolve(resource.url(PAGES.get(verb, verb), 1))
    except NoReverseMatch:
        return False
    return "pk" in match.kwargs and isinstance(getattr(match.func, "view_class", None), type)
