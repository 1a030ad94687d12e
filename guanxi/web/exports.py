"""What a page shows as a file: one answer for Excel and for CSV."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.sheets import Head, csv_lines, write_workbook

MOST = {"xlsx": 100_000, "csv": 1_000_000}
"""How many rows a file of each format takes."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterable[Sequence[Any]]


def refuse_too_many(count: int, kind: str) -> None:
    """Raise RuleBroken if a file of this format does not take so many rows."""
    if count > MOST[kind]:
        said = {"most": f"{MOST[kind]:,}"}
        raise RuleBroken(
            _("A CSV file takes at most %(most)s rows: narrow the list first.") % said
            if kind == "csv"
            else _("An Excel file takes at most %(most)s rows: narrow the list first, or choose CSV.") % said
        )


def file_answer(kind: str, heads: Sequence[Head], rows: Rows, *, title: Any) -> HttpResponseBase:
    """The table as a file to keep: CSV is streamed as the rows come, Excel is written to a file on disk first."""
    if kind == "csv":
        lines = _as_now(csv_lines(heads, rows))
        answer: HttpResponseBase = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        write_workbook(file, heads, rows, title=title)
        file.seek(0)
        answer = FileResponse(file, content_type=EXCEL)
    name = f"{title}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer


def _as_now(lines: Iterator[str]) -> Iterator[str]:
    """The lines in the language and the time zone of the request, which has ended when they are read."""
    language, zone = translation.get_language() or "", timezone.get_current_timezone()

    def read() -> Iterator[str]:
        with translation.override(language), timezone.override(zone):
            yield from lines

    return read()
