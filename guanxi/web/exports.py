"""What a page shows as a file: one answer for Excel and for CSV."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from guanxi.kernel.sheets import Head, csv_lines, write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(kind: str, heads: Sequence[Head], rows: Iterable[Sequence[Any]], *, title: Any) -> HttpResponseBase:
    """The table as a file to keep: CSV is streamed as the rows come, Excel is written to a file on disk first.

    Ask `refuse_too_many` of `kernel.sheets` before.
    """
    if kind == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        write_workbook(file, heads, rows, title=title)
        file.seek(0)
        answer = FileResponse(file, content_type=EXCEL)
    name = f"{title}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer
