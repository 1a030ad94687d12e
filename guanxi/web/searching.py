"""Search over everything that the user may see, as a page and as the palette's answer."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from guanxi.search import index
from guanxi.web.acts import is_fragment
from guanxi.web.jinja import render_block, render_page
from guanxi.web.pages.lists import LONGEST_SEARCH
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource

IN_PALETTE = 5
ON_PAGE = 20


@dataclass(frozen=True)
class Found:
    """The first records of one resource that match."""

    resource: Resource
    records: list[tuple[str, str, str]]
    more: bool


def search_page(request: HttpRequest) -> HttpResponse:
    """`/search/?q=`: records grouped by resource; htmx gets the groups alone."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    most = IN_PALETTE if is_fragment(request) else ON_PAGE
    groups = [found for one in _mine(request.user) if (found := _find(one, request.user, text, most))]
    context = {"q": text, "groups": groups if text else []}
    if is_fragment(request):
        return render_block(request, "web/search.html", "results", context)
    return render_page(request, "web/search.html", context)


def _mine(user: Any) -> list[Resource]:
    """The searchable resources that this user may open, one for each model."""
    found = {}
    for resource in all_resources:
        if resource.searchable and resource.may(user, "view"):
            found.setdefault(resource.model, resource)
    return list(found.values())


def _find(resource: Resource, user: Any, text: str, most: int) -> Found | None:
    if not text:
        return None
    rows = list(index.narrow(resource.rows(user), text).order_by("-id")[: most + 1])
    if not rows:
        return None
    records = [(str(row), resource.search_line(row, user), resource.url("record", row.pk)) for row in rows]
    return Found(resource, records[:most], len(rows) > most)
