"""The work of an import: rows in batches, judged or written, each batch with its progress in one transaction."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.history.models import ChangeSet, Way
from guanxi.history.writer import ChangeWriter, close_change_set, continuing
from guanxi.kernel.batches import BATCH
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed
from guanxi.transfer.kinds import KINDS, Kind
from guanxi.transfer.kinds.desk import CREATED, REFUSED, SKIPPED, Desk, Outcome, Unit
from guanxi.transfer.kinds.fields import Field, visible
from guanxi.transfer.models import Import
from guanxi.transfer.reading.table import Row, open_table
from guanxi.transfer.refused import brief, forget_refused, keep_refused

Report = Callable[[int, int], None]
"""`report(done, total)`, called inside each batch's transaction; raises to stop the work."""

TRIES = 3
MOST_DUPLICATES = 100
"""Duplicates that are kept to be shown before an import is confirmed."""

UNWRITABLE = (IntegrityError, DataError, OverflowError)


class Overtaken(Exception):
    """Another worker went on with this import: its batch stands, this one is rolled back."""


def desk_of(found: Import) -> Desk:
    """Who imports and by what rules."""
    return Desk(
        user=found.created_by,
        width=len(found.headings),
        duplicates=found.duplicates,
        pooled=found.pooled,
    )


def fields_of(found: Import) -> list[Field]:
    """The columns that the importer may bring."""
    return visible(KINDS[found.kind].fields, desk_of(found).masked)


def check_import(found: Import, *, at: datetime, report: Report) -> None:
    """Count what an import would do, keep the rows at fault, and write nothing else."""
    kind, desk = KINDS[found.kind], desk_of(found)
    desk.duplicates = Import.Duplicates.SKIP
    writer = ChangeWriter(ChangeSet(verb="import", by=found.created_by, at=at, way=Way.IMPORT))
    forget_refused(found)
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    duplicates: list[tuple[int, str, str]] = []
    likes: list[tuple[int, str, str]] = []
    for batch in _batches(found, kind, desk, after=found.head_row):
        outcomes = [_once(one, kind, seen) for one in kind.judge(batch, desk, writer)]
        duplicates += islice(_duplicates(outcomes), MOST_DUPLICATES - len(duplicates))
        likes += islice(_likes(kind, outcomes), MOST_DUPLICATES - len(likes))
        with transaction.atomic():
            keep_refused(found, _refused(outcomes))
            counts.update(one.what for one in outcomes)
            _stand(found, **_figures(counts), position=batch[-1].rows[-1].number)
            report(counts.total(), 0)
    if not counts:
        raise RuleBroken(_("The file has no rows below its headings."))
    end = {"state": Import.State.CHECKED, "total": counts.total(), "fault": ""}
    _stand(found, **_figures(counts), **end, duplicate_rows=duplicates, like_rows=likes)


def run_import(found: Import, *, at: datetime, report: Report) -> None:
    """Write the rows that were not written yet, batch by batch, then close the change set."""
    kind, desk = KINDS[found.kind], desk_of(found)
    refuse_importer(found)
    assert found.change_set is not None
    for batch in _batches(found, kind, desk, after=max(found.head_row, found.position)):
        _write_batch(found, kind, desk, batch, report)
    with transaction.atomic():
        _stand(found, state=Import.State.DONE, finished_at=at, total=found.handled)
        close_change_set(found.change_set)
        report(found.handled, found.handled)


def stop_import(found: Import, sentence: str, *, at: datetime) -> None:
    """End an import that cannot go on; what was written stays, in its change set."""
    with transaction.atomic():
        _stand(found, state=Import.State.FAILED, fault=sentence[:500], finished_at=at)
        if found.change_set is not None:
            close_change_set(found.change_set)


def refuse_importer(found: Import) -> None:
    """Raise RuleBroken if the person may import no more."""
    user = found.created_by
    if user is not None and not (user.is_active and user.has_perm(KINDS[found.kind].permission)):
        raise RuleBroken(_("%(name)s may not import these any more.") % {"name": user})


def _batches(found: Import, kind: Kind, desk: Desk, *, after: int) -> Iterator[list[Unit]]:
    """Units of at most 500 rows together (an order of more is a batch by itself), from the rows after one."""
    with open_table(found.path) as table:
        rows = (row for row in table.rows if row.number > after)
        batch: list[Unit] = []
        size = 0
        for unit in kind.units(rows, _mapping(found), desk):
            if batch and size + len(unit.rows) > BATCH:
                yield batch
                batch, size = [], 0
            batch.append(unit)
            size += len(unit.rows)
        if batch:
            yield batch


def _mapping(found: Import) -> dict[str, int]:
    """Without the columns that the importer may not bring."""
    names = {field.name for field in fields_of(found)}
    return {name: place for name, place in found.mapping.items() if name in names}


def _once(outcome: Outcome, kind: Kind, seen: set[int]) -> Outcome:
    """What is new twice in one file is new once."""
    if outcome.what != CREATED:
        return outcome
    keys = {_number_of(key) for key in kind.keys_of(outcome.unit)}
    if keys & seen:
        return Outcome(outcome.unit, SKIPPED, _("It stands in the file more than once."), duplicate=True)
    seen |= keys
    return outcome


def _number_of(key: str) -> int:
    """Eight bytes for a text: the keys of a million rows fit into memory."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())


def _write_batch(found: Import, kind: Kind, desk: Desk, batch: Sequence[Unit], report: Report) -> None:
    """One batch in one transaction; what the database itself refuses is looked for row by row."""
    for attempt in range(TRIES):
        write = kind.write if attempt < TRIES - 1 else partial(_one_by_one, kind)
        try:
            figures = _in_one_transaction(found, partial(write, batch, desk), report)
        except UNWRITABLE:  # somebody took a name meanwhile, or one value is beyond the database
            if attempt == TRIES - 1:
                raise
        else:
            for name, value in figures.items():
                setattr(found, name, value)
            return


def _in_one_transaction(
    found: Import, write: Callable[[ChangeWriter], list[Outcome]], report: Report
) -> dict[str, int]:
    """What was written, the rows refused and the import's figures stand together, or none of it does."""
    assert found.change_set is not None
    with continuing(found.change_set) as change:
        _hold(found)
        outcomes = write(change)
        figures = _counted(found, outcomes)
        keep_refused(found, _refused(outcomes))
        Import.objects.filter(pk=found.pk).derive(**figures)
        report(sum(figures[name] for name in ("created", "updated", "skipped", "refused")), found.total)
    return figures


def _hold(found: Import) -> None:
    """Lock the import, and make sure that it stands where this worker left it."""
    stands = Import.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if stands.state != Import.State.RUNNING or stands.position != found.position:
        raise Overtaken


def _one_by_one(kind: Kind, batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    outcomes = []
    for unit in batch:
        try:
            with transaction.atomic():
                outcomes += kind.write([unit], desk, change)
                change.flush()
        except UNWRITABLE:
            change.forget()
            outcomes.append(Outcome(unit, REFUSED, _("The database cannot keep these values.")))
    return outcomes


def _counted(found: Import, outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The import's figures after a batch."""
    counts = Counter(one.what for one in outcomes)
    figures = {name: getattr(found, name) + counts[name] for name in ("created", "updated", "skipped", "refused")}
    return {**figures, "position": outcomes[-1].unit.rows[-1].number}


def _refused(outcomes: Sequence[Outcome]) -> Iterator[tuple[Row, str]]:
    """Each row of the units that were refused, with the reason."""
    return ((row, one.reason) for one in outcomes if one.what == REFUSED for row in one.unit.rows)


def _duplicates(outcomes: Sequence[Outcome]) -> Iterator[tuple[int, str, str]]:
    """What is there already: the number of its first row, what that says, and why it is a duplicate."""
    for one in outcomes:
        if one.duplicate and one.what == SKIPPED:
            row = one.unit.rows[0]
            yield row.number, brief(row.cells), one.reason[:200]


def _likes(kind: Kind, outcomes: Sequence[Outcome]) -> Iterator[tuple[int, str, str]]:
    """What is new but resembles what is there: its row, what that says, whom it resembles, whose that is, and why."""
    new = [one.unit for one in outcomes if one.what == CREATED]
    for unit, found in zip(new, kind.likes_of(new), strict=True) if kind.likes_of else ():
        if found:
            told = (f"{one.name} · {one.manager or _('public pool')} · {listed(one.reasons)}" for one in found)
            yield unit.rows[0].number, brief(unit.rows[0].cells), "\n".join(told)


def _figures(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("created", "updated", "skipped", "refused")}


def _stand(found: Import, **fields: Any) -> None:
    Import.objects.filter(pk=found.pk).derive(**fields)
    for name, value in fields.items():
        setattr(found, name, value)
