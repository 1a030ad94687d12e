"""The only thing that writes records: each write is kept, field by field, in its transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guanxi.history.following import tell_followers
from guanxi.history.models import Change, ChangeSet
from guanxi.history.stamps import raise_stamps
from guanxi.kernel.batches import BATCH, batches
from guanxi.kernel.records import Record, writing
from guanxi.kernel.rules import Conflict, RuleBroken, StepRefused
from guanxi.search import index

Act = Change.Act
T = TypeVar("T", bound=Record)


class ChangeWriter:
    """One change set being written: who, when, by what way, and everything that it writes."""

    def __init__(self, change_set: ChangeSet) -> None:
        self.change_set = change_set
        self._kept: list[Change] = []
        self._touched: dict[type[Record], set[int]] = defaultdict(set)
        self.wrote = False  # whether any record was written

    @property
    def by(self) -> Any:
        """Who acts; None for the system itself."""
        return self.change_set.by

    @property
    def at(self) -> datetime:
        """When: the only clock that actions read."""
        return self.change_set.at

    def create(self, model: type[T], **fields: Any) -> T:
        """Write a new record and keep what it began with."""
        record = self._born(model, fields)
        with writing():
            record.save(force_insert=True)
        self._keep(record, Act.CREATE, {}, _kept_values(record, _names(model)))
        return record

    def create_many(self, model: type[T], rows: Iterable[Mapping[str, Any]]) -> list[T]:
        """Write many new records, a batch a statement."""
        made: list[T] = []
        names = _names(model)
        for batch in batches(rows):
            records = [self._born(model, row) for row in batch]
            with writing():
                model._default_manager.bulk_create(records)
            for record in records:
                self._keep(record, Act.CREATE, {}, _kept_values(record, names))
            made += records
            self.flush()
        return made

    def update(
        self,
        record: T,
        *,
        seen: int | None = None,
        when: Mapping[str, Any] | None = None,
        in_bin: bool = False,
        **fields: Any,
    ) -> T:
        """Change fields of a record; a call that changes nothing writes nothing.

        `seen` is the version that the person had before them; `when` maps fields to the values
        (or collections of values) that the row must still have. Raises Conflict if a field that
        this call changes was changed since `seen`, StepRefused if the row stands elsewhere, and
        RuleBroken if it went to the bin, unless `in_bin` says that it may lie there.
        """
        with transaction.atomic():
            stands = self._locked(type(record), record.pk)
            if stands.binned_in is not None and not in_bin:
                raise RuleBroken(_("“%(record)s” is in the bin.") % {"record": stands})
            _check_step(stands, when or {})
            wanted = _changed(stands, fields)
            self._check_unseen(stands, seen, wanted)
            if wanted:
                self._rewrite(stands, wanted)
        _catch_up(record, stands, [_attname(stands, name) for name in fields])
        return record

    def update_many(self, rows: models.QuerySet[Any], **fields: Any) -> int:
        """Change the same fields of many records; returns how many changed."""
        return sum(
            self._rewrite_batch(rows, batch, fields)
            for batch in batches(list(rows.order_by("pk").values_list("pk", flat=True)))
        )

    def relate(self, record: Record, field: str, targets: Iterable[Any], *, seen: int | None = None) -> None:
        """Set a many-to-many field as a whole, and keep the old and the new ids.

        Raises Conflict if it was changed since the version `seen`.
        """
        new = sorted({getattr(target, "pk", target) for target in targets})
        with transaction.atomic():
            stands = self._locked(type(record), record.pk)
            related = getattr(stands, field)
            old = sorted(related.values_list("pk", flat=True))
            if old == new:
                return
            self._check_unseen(stands, seen, {field: new})
            related.set(new)
            self._bump(stands)
            self._keep(stands, Act.UPDATE, {field: old}, {field: new})
        record.version, record.updated_at = stands.version, stands.updated_at
        getattr(record, "_prefetched_objects_cache", {}).pop(field, None)

    def bin(self, record: Record, *, when: Mapping[str, Any] | None = None) -> None:
        """Move a record to the bin under this change set; `when` as in `update`.

        Raises RuleBroken if it lies there already.
        """
        with transaction.atomic():
            stands = self._locked(type(record), record.pk)
            if stands.binned_in is not None:
                raise RuleBroken(_("“%(record)s” is in the bin already.") % {"record": stands})
            _check_step(stands, when or {})
            self._put_bin(stands, Act.BIN, self._saved(stands).pk)
        _catch_up(record, stands, ["binned_in"])

    def bin_many(self, rows: models.QuerySet[Any]) -> int:
        """Move many records to the bin; returns how many."""
        return self._move_many(rows.filter(binned_in__isnull=True), Act.BIN, self._saved)

    def restore_many(self, rows: models.QuerySet[Any]) -> int:
        """Take many records out of the bin; returns how many."""
        return self._move_many(rows.filter(binned_in__isnull=False), Act.RESTORE, None)

    def restore(self, record: Record) -> None:
        """Take a record out of the bin; raises RuleBroken if it does not lie there as `record` says."""
        with transaction.atomic():
            stands = self._locked(type(record), record.pk)
            if stands.binned_in is None or stands.binned_in != record.binned_in:
                raise RuleBroken(_("“%(record)s” was restored already.") % {"record": stands})
            self._put_bin(stands, Act.RESTORE, None)
        _catch_up(record, stands, ["binned_in"])

    def subject(self, record: Record) -> None:
        """Say what this act is about, when its first write is about something else."""
        self._name(record._meta.label_lower, record.pk, str(record))
        if self.change_set.pk:
            self.change_set.save(update_fields=["subject_model", "subject_id", "subject"])

    def note(self, thing: models.Model) -> None:
        """Keep that an act took place although it writes no record, such as the end of somebody's session."""
        self._name(thing._meta.label_lower, thing.pk, str(thing))
        self._saved()

    def note_rows(self, model: type[models.Model], said: str) -> None:
        """Keep that an act was about many rows and wrote none, such as an export; `said` names them."""
        self._name(model._meta.label_lower, None, said)
        self._saved()

    def _name(self, label: str, pk: Any, said: str) -> None:
        vars(self.change_set).update(subject_model=label, subject_id=pk, subject=said[:200])

    def flush(self) -> None:
        """Write what was kept, in the transaction of the writes themselves."""
        if self._kept:
            Change.objects.bulk_create(self._kept, batch_size=BATCH)
            tell_followers(self._kept)
            self._kept = []
        with index.indexed_once():
            for model, ids in self._touched.items():
                index.touched(model, ids)
        raise_stamps(model.stamp for model in self._touched if model.stamp)
        self._touched.clear()

    def forget(self) -> None:
        """Drop what was not written yet, after its savepoint was rolled back."""
        self._kept = []
        self._touched.clear()

    def _born(self, model: type[T], fields: Mapping[str, Any]) -> T:
        return model(**{"created_by": self.by, **fields}, created_at=self.at, updated_at=self.at)

    def _check_unseen(self, record: Record, seen: int | None, wanted: Mapping[str, Any]) -> None:
        """Refuse if somebody else changed one of these fields since the version that was seen."""
        if seen is None or seen == record.version or not wanted:
            return
        later = Change.objects.filter(model=record.label(), record_id=record.pk, version__gt=seen)
        others = later.exclude(change_set=self.change_set.pk).values_list("after", flat=True)
        moved = {name for after in others for name in after if name in wanted}
        if moved:
            raise Conflict(
                _("Somebody else changed this record while you were editing it."),
                theirs={name: _theirs(record, name) for name in sorted(moved)},
            )

    def _locked(self, model: type[T], pk: int) -> T:
        found: T = _for_update(model._default_manager.filter(pk=pk)).get()
        return found

    def _rewrite(self, record: Record, wanted: Mapping[str, Any]) -> None:
        names = list(wanted)
        before = _kept_values(record, names)
        for name, value in wanted.items():
            setattr(record, _attname(record, name), _plain(value))
        self._bump(record, *names)
        self._keep(record, Act.UPDATE, before, _kept_values(record, names))

    def _rewrite_batch(self, rows: models.QuerySet[Any], pks: list[int], fields: dict[str, Any]) -> int:
        """Change those of one batch that are still among the rows, by one statement; returns how many changed."""
        stands = _for_update(rows.filter(pk__in=pks).order_by("pk"))
        differing = [record for record in stands if _changed(record, fields)]
        names = list(fields)
        old = [_kept_values(record, names) for record in differing]
        self._write_batch(rows.model, differing, fields)
        for record, before in zip(differing, old, strict=True):
            for name, value in fields.items():
                setattr(record, _attname(record, name), _plain(value))
            self._keep(record, Act.UPDATE, before, _kept_values(record, names))
        self.flush()
        return len(differing)

    def _write_batch(self, model: type[Record], records: list[Any], fields: Mapping[str, Any]) -> None:
        """One statement over the batch; the records in memory take their new version."""
        with writing():
            model._default_manager.filter(pk__in=[record.pk for record in records]).update(
                **fields, version=F("version") + 1, updated_at=self.at
            )
        for record in records:
            record.version += 1

    def _move_many(self, rows: models.QuerySet[Any], act: Act, bin_of: Callable[[], ChangeSet] | None) -> int:
        moved = 0
        for pks in batches(list(rows.order_by("pk").values_list("pk", flat=True))):
            records = list(_for_update(rows.filter(pk__in=pks).order_by("pk")))
            self._write_batch(rows.model, records, {"binned_in": bin_of().pk if bin_of else None})
            for record in records:
                self._keep(record, act, {}, {})
            self.flush()
            moved += len(records)
        return moved

    def _bump(self, record: Record, *names: str) -> None:
        record.version += 1
        record.updated_at = self.at
        with writing():
            record.save(update_fields=[*names, "version", "updated_at"], force_update=True)

    def _put_bin(self, record: Record, act: Act, binned_in: int | None) -> None:
        record.binned_in = binned_in
        self._bump(record, "binned_in")
        self._keep(record, act, {}, {})

    def _keep(self, record: Record, act: Act, before: dict[str, Any], after: dict[str, Any]) -> None:
        change_set = self._saved(record)
        self.wrote = True
        self._kept.append(
            Change(
                change_set=change_set,
                model=record.label(),
                record_id=record.pk,
                label=str(record)[:200],
                act=act,
                version=record.version,
                before=before,
                after=after,
            )
        )
        self._touched[type(record)].add(record.pk)
        for model, pk in index.left(type(record), before):
            self._touched[model].add(pk)

    def _saved(self, record: Record | None = None) -> ChangeSet:
        """The change set's row, made by the first write: an act that writes nothing leaves none."""
        if record is not None and not self.change_set.subject_model:
            self.subject(record)
        if self.change_set._state.adding:
            self.change_set.save(force_insert=True)
        return self.change_set


@contextmanager
def changing(
    verb: str,
    *,
    by: Any,
    at: datetime,
    way: str,
    address: str = "",
    reason: str = "",
    token: str = "",
    undoes: ChangeSet | None = None,
) -> Iterator[ChangeWriter]:
    """One act in one transaction: all of it is written and logged, or nothing is; `token` names that of a program."""
    change_set = ChangeSet(verb=verb, by=by, at=at, way=way, address=address, reason=reason, token=token, undoes=undoes)
    with transaction.atomic():
        writer = ChangeWriter(change_set)
        yield writer
        writer.flush()


def open_change_set(
    verb: str, *, by: Any, at: datetime, way: str, reason: str = "", subject: Record | None = None
) -> ChangeSet:
    """Begin an act of many transactions, such as an import; `continuing` adds to it."""
    change_set = ChangeSet(verb=verb, by=by, at=at, way=way, reason=reason, state=ChangeSet.State.OPEN)
    if subject is not None:
        ChangeWriter(change_set).subject(subject)
    change_set.save(force_insert=True)
    return change_set


@contextmanager
def continuing(change_set: ChangeSet) -> Iterator[ChangeWriter]:
    """One transaction of an open change set."""
    with transaction.atomic():
        writer = ChangeWriter(change_set)
        yield writer
        writer.flush()


def close_change_set(change_set: ChangeSet) -> None:
    """End an act of many transactions."""
    change_set.state = ChangeSet.State.DONE
    change_set.save(update_fields=["state"])


def _names(model: type[Record]) -> list[str]:
    return [field.name for field in model.logged_fields()]


def _attname(record: Record, name: str) -> str:
    return str(getattr(record._meta.get_field(name), "attname", name))


def _kept_values(record: Record, names: Sequence[str]) -> dict[str, Any]:
    """Field values as the log keeps them: ids for references, a mark for secrets."""
    return {name: "•••" if name in record.secret else getattr(record, _attname(record, name)) for name in names}


def _changed(record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields whose value differs, by the field's own name (`manager`, not `manager_id`)."""
    return {
        record._meta.get_field(name).name: value
        for name, value in fields.items()
        if _plain(value) != getattr(record, _attname(record, name))
    }


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _check_step(record: Record, when: Mapping[str, Any]) -> None:
    for name, allowed in when.items():
        stands = getattr(record, _attname(record, name))
        options = allowed if isinstance(allowed, (set, frozenset, list, tuple)) else {allowed}
        if stands not in options:
            raise StepRefused(
                _("“%(record)s” is now “%(state)s”: this step cannot be taken any more.")
                % {"record": record, "state": _shown(record, name)}
            )


def _shown(record: Record, name: str) -> Any:
    display: Callable[[], Any] | None = getattr(record, f"get_{name}_display", None)
    return display() if display else getattr(record, name)


def _theirs(record: Record, name: str) -> Any:
    """What a field holds now; the ids of a many-to-many one."""
    value = getattr(record, name)
    return list(value.values_list("pk", flat=True)) if record._meta.get_field(name).many_to_many else value


def _for_update(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Lock the rows, not those they are joined with, where the database can; SQLite's transactions are exclusive."""
    return rows.select_for_update(of=("self",))


def _catch_up(record: Record, stands: Record, attnames: Iterable[str]) -> None:
    """Let the record in hand say what the row says now."""
    for attname in [*attnames, "version", "updated_at"]:
        setattr(record, attname, getattr(stands, attname))
