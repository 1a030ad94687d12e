"""Search over everything that the user may see, as a page and as the palette's answer."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from guanxi.access.reach import reach_of
from guanxi.search.queries import Hit, global_search
from guanxi.web.acts import is_fragment
from guanxi.web.jinja import render_block, render_page
from guanxi.web.pages.lists import LONGEST_SEARCH
from guanxi.web.registry import all_resources
from guanxi.web.resource import Resource

IN_PALETTE = 5
ON_PAGE = 20


@dataclass(frozen=True)
class Found:
    """The best records of one resource that match: each with its address."""

    resource: Resource
    hits: list[tuple[Hit, str]]
    more: bool


def search_page(request: HttpRequest) -> HttpResponse:
    """`/search/?q=`: records grouped by resource; htmx gets the groups alone."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    most = IN_PALETTE if is_fragment(request) else ON_PAGE
    context = {"q": text, "groups": _find(request.user, text, most)}
    if is_fragment(request):
        return render_block(request, "web/search.html", "results", context)
    return render_page(request, "web/search.html", context)


def _find(user: Any, text: str, most: int) -> list[Found]:
    mine = _mine(user)
    rows = {key: resource.rows(user) for key, resource in mine.items()}
    found = global_search(text, rows, most + 1, masked=reach_of(user).masked)
    return [_group(mine[key], hits, most) for key, hits in found.items()]


def _group(resource: Resource, hits: list[Hit], most: int) -> Found:
    shown = [(hit, resource.url("record", hit.record_id)) for hit in hits[:most]]
    return Found(resource, shown, len(hits) > most)


def _mine(user: Any) -> dict[str, Resource]:
    """The searchable resources that this user may open, the first of each model."""
    found: dict[type, Resource] = {}
    for resource in all_resources:
        if resource.searchable and resource.may(user, "view"):
            found.setdefault(resource.model, resource)
    return {resource.key: resource for resource in found.values()}
