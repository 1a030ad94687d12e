"""The rows that were not taken: kept with their reasons, and given back as a file that can be mended."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.batches import BATCH
from guanxi.kernel.formulas import harmless
from guanxi.kernel.sheets import MARK, Echo
from guanxi.transfer.kinds.fields import shown
from guanxi.transfer.models import Import, RefusedRow
from guanxi.transfer.reading.table import Row


def keep_refused(found: Import, refusals: Iterable[tuple[Row, str]]) -> None:
    """Keep rows that were refused, as they stand in the file, with the reason of each."""
    rows = [
        RefusedRow(of=found, number=row.number, cells=[shown(cell) for cell in row.cells], reason=reason[:1000])
        for row, reason in refusals
    ]
    RefusedRow.objects.bulk_create(rows, batch_size=BATCH)


def brief(cells: Iterable[Any]) -> str:
    """What a row says, in a line."""
    return " · ".join(filter(None, map(shown, cells)))[:80]


def forget_refused(found: Import) -> None:
    """Forget the refused rows of an import."""
    RefusedRow.objects.filter(of=found).delete()


def refused_lines(found: Import) -> Iterator[str]:
    """A CSV of the file's own columns, with the row's number and the reason at the end."""
    writer = csv.writer(Echo())
    yield MARK + writer.writerow([*map(harmless, found.headings), _("Row"), _("Reason of the refusal")])
    width = len(found.headings)
    for row in found.refusals.order_by("number", "pk").iterator(chunk_size=2_000):
        cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
        yield writer.writerow([*map(harmless, cells), row.number, harmless(row.reason)])
