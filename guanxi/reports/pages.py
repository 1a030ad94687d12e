"""The pages of reports: the index, one report, its counting by a job, its file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.sheets import MOST, Head
from guanxi.reports import answering
from guanxi.reports.answers import Answer
from guanxi.reports.charts import SHOWN
from guanxi.reports.questions import Question, ask
from guanxi.reports.report import Cell, Measure, Report, Sheet, Tile, reports
from guanxi.web import formats
from guanxi.web.acts import is_fragment, moved, require, require_proof, run_act
from guanxi.web.exports import file_answer
from guanxi.web.jinja import render_block, render_page

UNITS = {"percent": " (%)", "change": " (%)"}
KINDS = {"money": "money", "count": "number", "day": "day", "text": "text"}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The reports that one may open, with what they tell."""
    user: Any = request.user
    shown = [report for report in reports.values() if user.has_perm(report.permission)]
    if not shown:
        require(request, next(iter(reports.values())).permission)
    return render_page(request, "reports/index.html", {"reports": shown, "crumbs": [(_("Reports"), "")]})


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One report; for htmx, which waits for a job, what was counted alone."""
    question = _asked(request, name)
    context: dict[str, Any] = {
        "report": question.report,
        "question": question,
        "form": question.form,
        "filters": question.filters.chips,
        "outcome": None,
        "crumbs": [(_("Reports"), reverse("reports:index")), (question.report.label, "")],
        "may_export": _may_export(question),
        "file_query": question.query(),
    }
    if question.valid:
        context |= _answered(question)
    if is_fragment(request):
        return render_block(request, "reports/report.html", "found", context)
    return render_page(request, "reports/report.html", context)


@require_POST
def count(request: HttpRequest, name: str) -> HttpResponse:
    """Have a report about very many rows counted; the page waits for it."""
    question = _asked(request, name)
    here = reverse(f"reports:{name}") + question.query()
    if question.valid and answering.is_large(question):
        answering.start(question)
    if is_fragment(request):
        return HttpResponseRedirect(here, status=303)
    return moved(request, here)


@require_POST
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The report's first table, whole, as a file with its totals; the log keeps who took it."""
    question = _asked(request, name, whole=True)
    require(request, question.report.export_permission)
    require_proof(request)
    here = reverse(f"reports:{name}") + question.query()
    if not question.valid:
        return HttpResponseRedirect(here, status=303)
    found = answering.outcome(question)
    if found.answer is None:
        messages.error(request, _("This report is counted in the background first: open it, then export it."))
        return HttpResponseRedirect(here, status=303)
    kind = request.POST.get("format", "")
    kind = kind if kind in MOST else "xlsx"
    sheet = _sheet(question, found.answer, request.POST.get("sheet", ""))
    run_act(
        request, "export", lambda change: _noted(change, question.report), reason=f"{kind} · {question.query()}"[:500]
    )
    return file_answer(
        kind, [_head(one) for one in sheet.columns], _values(sheet), title=f"{question.report.label} {sheet.title}"
    )


def _asked(request: HttpRequest, name: str, *, whole: bool = False) -> Question:
    """The question of an address, of somebody who may ask it."""
    report = reports[name]
    require(request, report.permission)
    return ask(report, request.user, request.GET, whole=whole)


def _answered(question: Question) -> dict[str, Any]:
    found = answering.outcome(question)
    if found.answer is None:
        return {"outcome": found}
    sheets = question.report.sheets(question, found.answer)
    return {
        "outcome": found,
        "tiles": [_shown_tile(one) for one in question.report.tiles(question, found.answer)],
        "charts": question.report.charts(question, found.answer, sheets),
        "sheets": [(sheet, *_shown_sheet(sheet)) for sheet in sheets],
        "definitions": definitions(question, sheets),
        "pages": _pages(question, sheets, found),
    }


def definitions(question: Question, sheets: Sequence[Sheet]) -> list[tuple[Any, Any]]:
    """How each figure and column on the page is defined, each once."""
    figures = [one for one in question.report.figures if one.masked not in question.masked]
    measures = [*figures, *(one for sheet in sheets for one in sheet.columns)]
    told = {str(one.label): one.definition for one in reversed(measures) if one.definition}
    return [(one, told[one]) for one in dict.fromkeys(str(one.label) for one in measures) if one in told]


def _pages(question: Question, sheets: Sequence[Sheet], found: answering.Outcome) -> dict[str, Any]:
    """The addresses of the pages before and behind, of a table that has several."""
    assert found.answer is not None
    paged = next((sheet for sheet in sheets if sheet.pages), None)
    if paged is None or not found.answer.count:
        return {}
    size, number = question.page_size, question.page
    first = (number - 1) * size + 1
    last = first + len(paged.rows) - 1
    return {
        "first": first,
        "last": last,
        "total": found.answer.count,
        "before": question.query() + f"&page={number - 1}" if number > 1 else "",
        "next": question.query() + f"&page={number + 1}" if last < found.answer.count and paged.rows else "",
    }


def _shown_tile(tile: Tile) -> dict[str, Any]:
    short = formats.short_money(tile.value) if tile.measure.unit == "money" else ""
    return {"tile": tile, "text": short or show(tile.measure, tile.value), "exact": show(tile.measure, tile.value)}


def _shown_sheet(sheet: Sheet) -> tuple[list[list[tuple[str, str, str]]], list[tuple[str, str, str]]]:
    rows = [[_shown(*pair) for pair in zip(sheet.columns, row, strict=True)] for row in sheet.rows]
    total = [_shown(*pair, blank="") for pair in zip(sheet.columns, sheet.total, strict=True)] if sheet.total else []
    return rows, total


def _shown(measure: Measure, cell: Cell, blank: str = formats.EMPTY) -> tuple[str, str, str]:
    """A cell as (text, link, class)."""
    text = blank if cell.value in (None, "") else show(measure, cell.value)
    side = ""
    if measure.unit == "change" and cell.value:
        side = " up" if cell.value > 0 else " dn"
    return text, cell.link, ("" if measure.unit in {"text", "day"} else "r num") + side


def show(measure: Measure, value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return formats.EMPTY
    if measure.unit == "change":
        return f"{'↑ ' if value > 0 else '↓ ' if value < 0 else ''}{abs(value):,.1f}%"
    if measure.unit == "day":
        return formats.full_day(value)
    return SHOWN[measure.unit](value) if measure.unit in SHOWN else str(value)


def _may_export(question: Question) -> bool:
    return bool(question.user.has_perm(question.report.export_permission))


def _sheet(question: Question, answer: Answer, name: str) -> Sheet:
    sheets = question.report.sheets(question, answer)
    return next((sheet for sheet in sheets if sheet.name == name), sheets[0])


def _noted(change: Any, report: Report) -> str:
    change.note_rows(report.model, str(report.label))
    return ""


def _head(measure: Measure) -> Head:
    return Head(f"{measure.label}{UNITS.get(measure.unit, '')}", KINDS.get(measure.unit, "number"))


def _values(sheet: Sheet) -> Iterator[list[Any]]:
    """The rows, then the totals."""
    for row in [*sheet.rows, *([sheet.total] if sheet.total else [])]:
        yield [cell.value for cell in row]
