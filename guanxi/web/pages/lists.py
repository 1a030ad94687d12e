"""The list of a resource, its board, its column chooser and what feeds its pickers."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import View

from guanxi.kernel.text import read_id
from guanxi.search import queries as search
from guanxi.web.acts import moved, safe_next
from guanxi.web.board import board_lanes
from guanxi.web.cells import Cell, Column, Shower, card_classes, placed, plain_keys
from guanxi.web.filters import Filters, asked
from guanxi.web.labels import labels_of
from guanxi.web.models import Preference
from guanxi.web.pages.base import ResourcePage
from guanxi.web.paging import CAP, DEEPEST_OFFSET, SIZES, Page, Sort, capped_counts, read_page
from guanxi.web.registry import list_links_of
from guanxi.web.resource import Resource

VIEW_CAP = 999
BIN = "bin"
"""The view of what lies in the bin, for those who may bin."""
LONGEST_SEARCH = 60


class ListPage(ResourcePage):
    """Rows with views, filters, search, order, pages, columns and a bulk bar; or a board."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; `?part=count` the counts alone, loaded after the rows."""
        if request.GET.get("part") == "count":
            return self.show("web/list_count.html", self._counts(), block="count")
        if self.resource.board and request.GET.get("as") == "board":
            return self.show("web/board.html", self._board(), block="list")
        return self.show(self.resource.list_template, self._list(), block="list")

    @cached_property
    def masked(self) -> frozenset[str]:
        """The field classes that this user may not see."""
        return self.resource.masked(self.request.user)

    @cached_property
    def filter_names(self) -> list[str]:
        """The filters of every list, and those that this address asks for."""
        return [*self.resource.filters, *asked(self.resource.further_filters, self.request.GET)]

    @cached_property
    def filters(self) -> Filters:
        """The filters of the query string."""
        return Filters.read(
            self.resource.model,
            self.filter_names,
            params=self.request.GET,
            user=self.request.user,
            masked=self.masked,
            kinds=self.resource.filter_kinds,
        )

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that this user wants, masked classes included (shown as stars)."""
        return self.resource.chosen_columns(Preference.read(self.request.user, _columns_key(self.resource)))

    @cached_property
    def sort(self) -> Sort:
        """The asked order."""
        return self.resource.sort_of(self.request.GET.get("sort", ""), self.masked)

    @cached_property
    def in_bin(self) -> bool:
        """Whether the bin is looked at, by somebody who may."""
        return self.request.GET.get("view") == BIN and self.resource.may(self.request.user, "restore")

    @cached_property
    def view(self) -> str:
        """The view that the address names, if there is one of that name: what is unknown asks for nothing."""
        name = self.request.GET.get("view", "")
        return name if self.in_bin or name in {one.name for one in self.resource.views} else ""

    def rows(self, view: str | None = None) -> models.QuerySet[Any]:
        """The rows that meet everything that the address asks for."""
        if self.in_bin and view is None:
            binned: models.QuerySet[Any] = self.resource.model._default_manager.binned_visible_to(self.request.user)
            return binned
        rows: models.QuerySet[Any] = self.resource.narrow_list(self.resource.rows(self.request.user), self.request)
        name = self.request.GET.get("view", "") if view is None else view
        for one in self.resource.views:
            if one.name == name:
                rows = one.narrow(rows, self.request.user)
        return rows

    def found(self, *, whole: bool = False) -> models.QuerySet[Any]:
        """The rows of the view that meet the filters and the search; `whole` when all are looked at."""
        rows: models.QuerySet[Any] = self.filters.narrow(self.rows())
        text = self.request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        if text and self.resource.searchable:
            rows = search.narrow(rows, text, masked=self.masked, whole=whole)
        return rows

    def _list(self) -> dict[str, Any]:
        names = plain_keys(self.columns) | self._needed()
        page = read_page(
            self.found(),
            sorted(names),
            sort=self.sort,
            number=_whole(self.request.GET.get("page", ""), 1),
            size=self._size(),
            key=self.request.GET.get("after", ""),
        )
        return self._frame() | self._table(page)

    def _needed(self) -> set[str]:
        flow = getattr(self.resource.model, "flow", None)
        return {"id", self.sort.field} | ({flow.field} if flow else set())

    def _table(self, page: Page) -> dict[str, Any]:
        own = self.resource
        shower = Shower(self.columns, page.rows, masked=self.masked, tones=own.tones, deadlines=own.deadlines)
        return {
            "page": page,
            "last_page": self._last_page,
            "rows": [self._shown(row, shower) for row in page.rows],
            "bulk": [] if self.in_bin else self.resource.bulk_actions(self.request.user),
        }

    def _last_page(self) -> int:
        """The last page that has rows, asked for where somebody went beyond it."""
        [total] = capped_counts([(self.found(whole=True), CAP)], self.request.user)
        return max(page_numbers(1, total, self._size()), default=1)

    def _shown(self, row: dict[str, Any], shower: Shower) -> tuple[int, str, tuple[tuple[str, Cell], ...]]:
        """A row's id, its name, and its other cells with their classes."""
        name, *others = [shower.cell(column, row) for column in self.columns]
        return row["id"], name.text, placed(others, self._classes)

    @cached_property
    def _classes(self) -> list[tuple[str, str]]:
        return card_classes(self.columns)[1:]

    def _frame(self) -> dict[str, Any]:
        """Everything around the rows."""
        params = self.request.GET
        return self.base_context() | {
            "columns": self.columns,
            "sort": self.sort,
            "filters": self.filters.chips,
            "q": params.get("q", ""),
            "view": self.view,
            "no_view": "" if self.view else params.get("view", "")[:LONGEST_SEARCH],
            "sizes": SIZES,
            "size": self._size(),
            "query": self.query,
            "kept": self._kept(),
            "clear_url": self.query(**self._cleared()),
            "narrowed": self._narrowed(),
            "in_bin": self.in_bin,
            "as_board": params.get("as") == "board",
            "list_links": list_links_of(self.resource.model, self.request),
            **self.resource.list_context(self.request),
        }

    def _board(self) -> dict[str, Any]:
        return self._frame() | {
            "lanes": board_lanes(self.resource, self.found(), user=self.request.user, masked=self.masked)
        }

    def _counts(self) -> dict[str, Any]:
        """The total and the pages it makes, and a count for each view's tab."""
        views = self.resource.views
        asked = [(self.found(whole=True), CAP), *((self.rows(one.name), VIEW_CAP) for one in views)]
        total, *in_views = capped_counts(asked, self.request.user)
        number = _whole(self.request.GET.get("page", ""), 0)
        pages = page_numbers(number, total, self._size())
        return {
            "query": self.query,
            "sizes": SIZES,
            "size": self._size(),
            "number": number,
            "total": total,
            "total_text": _capped(total, CAP),
            "numbers": pages,
            "next": self.query(page=number + 1) if number and number < max(pages, default=0) else "",
            "counts": [(view.name, _capped(count, VIEW_CAP)) for view, count in zip(views, in_views, strict=True)],
        }

    def _narrowed(self) -> bool:
        chosen = any(chip.summary for chip in self.filters.chips)
        return chosen or bool(self.request.GET.get("q"))

    def _cleared(self) -> dict[str, None]:
        names = [f"{name}{end}" for name in self.filter_names for end in ("", ".from", ".to")]
        return dict.fromkeys(["q", *names])

    def _kept(self) -> list[tuple[str, str]]:
        """What narrows the list, for a form that asks about all that match."""
        passing = {"page", "after", "part", "size", "sort", "as", "next", "all", "id"}
        params = self.request.GET.lists()
        return [(name, value) for name, values in params if name not in passing for value in values]

    def _size(self) -> int:
        size = _whole(self.request.GET.get("size", ""), SIZES[0])
        return size if size in SIZES else SIZES[0]

    def query(self, **changes: Any) -> str:
        """The query string with some parameters changed; None takes one out."""
        left_out = {"part", "after", "page", *changes}
        params = {name: values for name, values in self.request.GET.lists() if name not in left_out}
        params |= {name: [str(value)] for name, value in changes.items() if value not in (None, "")}
        return f"?{urlencode(params, doseq=True)}"


class OptionsPage(ResourcePage):
    """Feeds the pickers of a model: id and name of the records within reach that match."""

    def permission(self) -> str:
        """Whoever may open the list may pick from it."""
        return self.resource.permission("view")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Names that all colleagues know are fed to everybody who is signed in."""
        if self.resource.known_to_all:
            return View.dispatch(self, request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Up to twenty options for the typed text."""
        text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        rows = self.resource.rows(request.user)
        if text:
            rows = named_like(self.resource, rows, text, request.user)
        ids = list(rows.order_by("-id").values_list("pk", flat=True)[:20])
        labels = labels_of(self.resource.model, ids)
        options = [{"value": pk, "label": labels[pk][0]} for pk in ids if pk in labels]
        return JsonResponse({"options": options}, headers={"Cache-Control": "no-store"})


def named_like(resource: Resource, rows: Any, text: str, user: Any) -> Any:
    """Rows to pick from, by search for whoever may open the list; who only knows the names finds by them alone."""
    if resource.searchable and resource.may(user, "view"):
        return search.narrow(rows, text, masked=resource.masked(user))
    name = resource.known_by or resource.title_field
    if resource.model._meta.get_field(name).is_relation:
        return rows.none()
    return rows.filter(**{f"{name}__icontains": text})


class ColumnsPage(ResourcePage):
    """Keeps which columns a user wants, in which order."""

    def post(self, request: Any) -> HttpResponse:
        """Keep the choice; none means the declared columns."""
        wanted = [name for name in request.POST.getlist("column") if self._known(name)]
        Preference.choose(request.user, _columns_key(self.resource), wanted)
        return moved(request, safe_next(request, self.resource.url("list")))

    def _known(self, name: str) -> bool:
        return name in self.resource.all_columns

    def get(self, request: HttpRequest) -> HttpResponse:
        """There is nothing to read here."""
        raise Http404


def _columns_key(resource: Any) -> str:
    return f"columns.{resource.key}"


def page_numbers(number: int, total: int, size: int) -> list[int]:
    """The pages to link to: the first, the last, the neighbours; 0 stands for a gap."""
    last = min(-(-total // size), DEEPEST_OFFSET // size)
    near = {1, last, number - 1, number, number + 1} if number else {1}
    shown = sorted(page for page in near if 1 <= page <= last)
    return [
        number
        for before, page in zip([0, *shown], shown, strict=False)
        for number in ([0, page] if page - before > 1 else [page])
    ]


def _capped(count: int, cap: int) -> str:
    return f"{cap:,}+" if count > cap else f"{count:,}"


def _whole(text: str, default: int) -> int:
    whole = read_id(text)
    return default if whole is None else whole
