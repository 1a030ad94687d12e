"""The resource tree as a table: what is open stands in the address."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from guanxi.access.models import MenuItem
from guanxi.kernel.text import read_id
from guanxi.web.pages import ListPage

ALL = "all"
Kind = MenuItem.Kind


@dataclass(frozen=True)
class Line:
    """One row of the table: a node, how deep it stands, and what may be done with its place."""

    item: Any
    depth: int
    below: int
    open: bool
    first: bool
    last: bool
    toggle: str


class MenuItemTreePage(ListPage):
    """Directories with their menus; the buttons of a menu unfold by its address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The whole tree: it has some hundreds of nodes at most."""
        context = {
            "lines": list(self.lines(None, 0)),
            "holders": self.holders(),
            "all_open": self.opened == {ALL},
            "tones": self.resource.tones["kind"],
        }
        return self.show("system/menu_items.html", self.base_context() | context)

    @cached_property
    def opened(self) -> set[str]:
        """The menus whose buttons are shown, or all."""
        asked = set(self.request.GET.getlist("open"))
        return {ALL} if ALL in asked else {text for text in asked if read_id(text) is not None}

    @cached_property
    def below(self) -> dict[int | None, list[Any]]:
        """The nodes by what they stand in."""
        found: dict[int | None, list[Any]] = defaultdict(list)
        for item in self.resource.rows(self.request.user).order_by("position", "pk"):
            found[item.parent_id].append(item)
        return found

    def holders(self) -> dict[str, int]:
        """How many roles hold each permission: a menu is held with the button of its name."""
        granted = MenuItem.objects.in_use().filter(roles__binned_in=None).exclude(permission="").order_by()
        return dict(granted.values_list("permission").annotate(Count("roles", distinct=True)))

    def lines(self, parent: int | None, depth: int) -> Iterator[Line]:
        """The rows below a node, each with those below it where it is open."""
        siblings = self.below[parent]
        for item in siblings:
            count = len(self.below[item.pk])
            is_open = item.kind == Kind.DIRECTORY or ALL in self.opened or str(item.pk) in self.opened
            ends = (item is siblings[0], item is siblings[-1])
            yield Line(item, depth, count, is_open and count > 0, *ends, self._toggle(item) if count else "")
            if is_open:
                yield from self.lines(item.pk, depth + 1)

    def _toggle(self, item: Any) -> str:
        """The address at which this menu is the other way round; directories stay open."""
        if item.kind == Kind.DIRECTORY:
            return ""
        opened = self.opened
        if ALL in opened:
            opened = {str(pk) for pk, below in self.below.items() if pk and below}
        wanted = sorted(opened ^ {str(item.pk)}, key=int)
        return f"?{urlencode({'open': wanted}, doseq=True)}#row-{item.pk}"
