"""The list as a file: its columns, filters and order, with what is masked masked."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.batches import batches
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.sheets import MOST, WIDTHS, Head, refuse_too_many
from guanxi.web.acts import require_proof, run_act
from guanxi.web.addresses import further_page
from guanxi.web.cells import Cell, Column, Shower, plain_keys
from guanxi.web.exports import file_answer
from guanxi.web.pages.lists import ListPage
from guanxi.web.paging import capped_count

TYPED = {"money", "number", "percent", "stars", "day", "moment", "precise", "phone", "email"}
"""Cells whose value goes into a file as it is; of the others, what they say."""
KINDS = {"precise": "moment", "stars": "number"}


class ExportPage(ListPage):
    """Everything that the list's address finds, as one file; the log keeps who took it."""

    verb = "export"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The file, or the list again with the reason why not."""
        require_proof(request)
        kind = request.POST.get("format", "")
        kind = kind if kind in MOST else "xlsx"
        count = capped_count(self.found(whole=True), MOST[kind])
        try:
            refuse_too_many(count, kind)
        except RuleBroken as broken:
            messages.error(request, broken.message)
            return HttpResponseRedirect(self.resource.url("list") + self.query(), status=303)
        run_act(request, "export", self._note, reason=self._said(kind, count))
        heads = [Head(column.label, _kind(column)) for column in self.columns]
        return file_answer(kind, heads, self._values(), title=self.resource.screen_label)

    def _note(self, change: Any) -> str:
        change.note_rows(self.resource.model, str(self.resource.screen_label))
        return ""

    def _said(self, kind: str, count: int) -> str:
        """What the log keeps: how much left, in which form, and what the list was narrowed to."""
        rows = ngettext("%(num)s row", "%(num)s rows", count) % {"num": f"{count:,}"}
        asked = self.request.GET.urlencode()
        return " · ".join(filter(None, [kind, rows, asked]))[:500]

    def _values(self) -> Iterator[list[Any]]:
        """The rows in the list's order, a batch at a time: their labels come in one go each."""
        names = plain_keys(self.columns) | {"id"}
        rows = self.found(whole=True).order_by(*self.sort.order()).values(*sorted(names))
        for batch in batches(rows[: MOST["csv"]].iterator()):
            shower = Shower(self.columns, batch, masked=self.masked, tones={})
            for row in batch:
                yield [_value(shower.cell(column, row)) for column in self.columns]


def _value(cell: Cell) -> Any:
    if cell.kind == "empty":
        return None
    if cell.kind in {"yes", "active"}:
        return _("Yes") if cell.value else _("No")
    return cell.value if cell.kind in TYPED else cell.text


def _kind(column: Column) -> str:
    kind = KINDS.get(column.kind, column.kind)
    return kind if kind in WIDTHS else "text"


further_page("export", ExportPage, applies=lambda resource: resource.exports)
