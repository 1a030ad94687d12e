"""What people do with an import: bring a file, match its columns, have it checked, confirm it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter, open_change_set
from guanxi.jobs.registry import enqueue
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed
from guanxi.transfer import files
from guanxi.transfer.kinds import KINDS
from guanxi.transfer.kinds.fields import Field, find_head, guess, shown, visible
from guanxi.transfer.models import Import
from guanxi.transfer.reading.table import Row
from guanxi.transfer.refused import forget_refused
from guanxi.transfer.work import desk_of, fields_of

EITHER = {
    "contacts": [("customer_number", "customer_name")],
    "orders": [("customer_number", "customer_name"), ("unit_price", "amount")],
}
"""Of each of these at least one column is needed."""

NEEDED = {"orders": ["ordered_at"]}


def begin_import(
    *, kind: str, path: Path | str, filename: str, rows: Sequence[Row], language: str, change: ChangeWriter
) -> Import:
    """Take a file in, given its first rows: find its headings and guess what they mean."""
    fields = visible(KINDS[kind].fields, _masked(change.by))
    if len(rows) < 2:
        raise RuleBroken(_("The file has no rows below its headings."), field="file")
    head = rows[find_head(rows, fields)]
    headings = [shown(cell).strip()[:200] for cell in head.cells]
    while headings and not headings[-1]:
        headings.pop()
    return change.create(
        Import,
        kind=kind,
        path=str(path),
        filename=filename[:200],
        size=Path(path).stat().st_size,
        head_row=head.number,
        headings=headings,
        mapping=guess(headings, fields),
        language=language,
    )


def match_columns(found: Import, *, mapping: Mapping[str, int], change: ChangeWriter) -> None:
    """Say which column is which field, and have the rows checked by a job."""
    _refuse_beyond(found, Import.State.UPLOADED, Import.State.CHECKED)
    refuse_mapping(found, mapping)
    change.update(found, mapping=dict(mapping))
    _stand(found, state=Import.State.CHECKING)
    enqueue("transfer.check", {"import": found.pk}, key=str(found.pk), owner=change.by)


def start_import(found: Import, *, duplicates: str, pooled: bool, change: ChangeWriter) -> None:
    """Have the checked rows written by a job, all of them in one change set."""
    _refuse_beyond(found, Import.State.CHECKED)
    if duplicates == Import.Duplicates.UPDATE and not may_update(found):
        raise RuleBroken(_("These cannot be updated by an import."), field="duplicates")
    change.update(found, duplicates=duplicates, pooled=pooled)
    open_import(found, at=change.at, by=change.by)
    enqueue("transfer.import", {"import": found.pk}, key=str(found.pk), owner=change.by)


def open_import(found: Import, *, at: datetime, by: Any) -> None:
    """Begin to write: the counters at nought, the change set open."""
    opened = open_change_set("import", by=by, at=at, way=Way.IMPORT, subject=found)
    forget_refused(found)
    _stand(
        found,
        state=Import.State.RUNNING,
        change_set=opened,
        position=0,
        fault="",
        **dict.fromkeys(("created", "updated", "skipped", "refused"), 0),
    )


def let_go(found: Import) -> None:
    """Have no more to do with the file: what was only tried cannot be confirmed later, when it may have changed."""
    _stand(found, path="")


def may_update(found: Import) -> bool:
    """Whether rows whose record is there already may change it."""
    kind = KINDS[found.kind]
    return kind.updates and desk_of(found).may(f"customers.edit_{kind.model}")


def forget_files(*, before: datetime) -> int:
    """Delete the files and refused rows of imports brought before a moment; returns how many."""
    old = Import.objects.filter(created_at__lt=before).exclude(path="").exclude(state=Import.State.RUNNING)
    count = 0
    for found in list(old):
        files.forget(found.path)
        forget_refused(found)
        _stand(found, path="", duplicate_rows=[], like_rows=[])
        count += 1
    return count


def refuse_mapping(found: Import, mapping: Mapping[str, int]) -> None:
    """Raise RuleBroken if a column is missing, or stands for two fields."""
    fields = fields_of(found)
    twice = sorted({place for place in mapping.values() if list(mapping.values()).count(place) > 1})
    if twice:
        raise RuleBroken(_("The column “%(column)s” stands for two fields.") % {"column": found.headings[twice[0]]})
    needed = {field.name for field in fields if field.required} | set(NEEDED.get(found.kind, []))
    missing = [field for field in fields if field.name in needed and field.name not in mapping]
    if missing:
        raise RuleBroken(_("Say which column holds: %(fields)s.") % {"fields": _listed(missing)})
    for names in EITHER.get(found.kind, []):
        if not any(name in mapping for name in names):
            choice = [field for field in fields if field.name in names]
            raise RuleBroken(_("Say which column holds one of: %(fields)s.") % {"fields": _listed(choice)})


def _listed(fields: Sequence[Field]) -> str:
    return listed(field.label for field in fields)


def _refuse_beyond(found: Import, *states: str) -> None:
    """Locked to the end of the transaction, so that two people do not both take the step."""
    stands = Import.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if stands.state not in states:
        raise RuleBroken(_("This import is past that step: “%(state)s”.") % {"state": stands.get_state_display()})
    if not stands.path:
        raise RuleBroken(_("The file was deleted meanwhile: upload it again."))


def _stand(found: Import, **fields: Any) -> None:
    Import.objects.filter(pk=found.pk).derive(**fields)
    for name, value in fields.items():
        setattr(found, name, value)


def _masked(user: Any) -> frozenset[str]:
    return desk_of(Import(created_by=user)).masked
