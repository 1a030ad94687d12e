"""Short ways to ask reports in tests, and to follow their links to the rows behind a mark."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.test import RequestFactory
from django.urls import resolve

from guanxi.customers.models import Order
from guanxi.reports.answers import Answer
from guanxi.reports.questions import Question, ask
from guanxi.reports.report import Cell, reports
from tests import cast


def asked(name: str, user: Any, query: str = "", at: datetime = cast.NOW, **options: Any) -> Question:
    return ask(reports[name], user, QueryDict(query), at, **options)


def answer(name: str, user: Any, query: str = "", at: datetime = cast.NOW) -> Answer:
    question = asked(name, user, query, at)
    assert question.valid, question.form.errors
    return question.report.answer(question)


def figures(found: Answer) -> dict[str, Any]:
    return {name: one.value for name, one in found.figures.items()}


def rows_behind(link: str, user: Any) -> Any:
    """The rows that the list of a link shows to a user."""
    parts = urlsplit(link)
    view: Any = resolve(parts.path).func
    page = view.view_class(**view.view_initkwargs)
    page.request = RequestFactory().get(link)
    page.request.user = user
    assert page.resource.may(user, "view")
    return page.found(whole=True)


def marks(question: Question) -> Iterator[tuple[str, Cell]]:
    """Every figure and cell of a report that leads to a list."""
    found = question.report.answer(question)
    for tile in question.report.tiles(question, found):
        if tile.link:
            yield tile.measure.unit, Cell(tile.value, tile.link)
    for sheet in question.report.sheets(question, found):
        for row in sheet.rows:
            for column, cell in zip(sheet.columns, row, strict=True):
                if cell.link.partition("?")[0].endswith("s/") and column.unit in {"count", "money"}:
                    yield column.unit, cell


def assert_every_mark_leads_to_its_rows(question: Question) -> int:
    """Open the list behind every mark: it has as many rows, or the same sum, as the mark says; returns how many."""
    count = 0
    for unit, cell in marks(question):
        rows = list(rows_behind(cell.link, question.user))
        found = (
            len(rows) if unit == "count" else sum(row.total if isinstance(row, Order) else row.amount for row in rows)
        )
        assert found == cell.value, (cell, found)
        count += 1
    return count
