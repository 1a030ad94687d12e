"""Taking a change set back, as one act of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from guanxi.history.models import REDACTED, Change, ChangeSet
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.batches import BATCH
from guanxi.kernel.records import Record
from guanxi.kernel.rules import RuleBroken

Given = Mapping[str, set[int]]
"""The labels of models with the ids of their records."""
Act = Change.Act


class BeforeUndo(Protocol):
    """Locks what everybody locks first, so that an undo and another act do not wait for each other."""

    def __call__(self, concerned: Given, /) -> None:
        """`concerned` maps the labels of models to the ids of their records, and of those that they hung on."""


class AfterUndo(Protocol):
    """Rebuilds what follows from records that an undo gave back."""

    def __call__(self, given_back: Given, /, *, change: ChangeWriter) -> None:
        """`given_back` maps the labels of models to the ids of their records, and of those that they hung on."""


_locks: list[BeforeUndo] = []
_steps: list[AfterUndo] = []


def before_undo(lock: BeforeUndo) -> None:
    """Let an app above lock what its own acts lock before anything else."""
    _locks.append(lock)


def after_undo(step: AfterUndo) -> None:
    """Let an app above rebuild its derived columns after an undo, or refuse what it would lead to."""
    _steps.append(step)


def refuse_undo(change_set: ChangeSet, *, by: ChangeSet | None = None) -> None:
    """Raise RuleBroken if this act cannot be undone whatever its records say; `by` is an undo already begun."""
    with transaction.atomic():  # a preview asks outside of any; within an act the lock holds to its end
        stands = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    begun = ChangeSet.objects.filter(undoes=change_set.pk, state=ChangeSet.State.OPEN)
    if stands.undoes_id is not None:
        raise RuleBroken(_("An undo is not undone: do the act again."))
    if stands.state == ChangeSet.State.UNDONE:
        raise RuleBroken(_("This act was undone already."))
    if stands.state != ChangeSet.State.DONE:
        raise RuleBroken(_("This act cannot be undone any more."))
    if (begun.exclude(pk=by.pk) if by else begun).exists():
        raise RuleBroken(_("This act is being undone already."))
    if not stands.changes.exists():
        raise RuleBroken(_("This act changed no record: there is nothing to undo."))


def undo(change_set: ChangeSet, *, change: ChangeWriter) -> None:
    """Give every record that this act wrote the state before it.

    Raises RuleBroken, naming the record, if something that it wrote was changed since, or cannot stand any more.
    """
    refuse_undo(change_set)
    give_back([one for batch in newest_first(change_set) for one in batch], change=change)
    mark_undone(change_set)


def newest_first(change_set: ChangeSet) -> Iterator[list[Change]]:
    """The changes of an act in batches, the newest first, by key: whoever stops halfway leaves no cursor open."""
    rows = change_set.changes.order_by("-pk")
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__lt=batch[-1].pk)[:BATCH])


def mark_undone(change_set: ChangeSet) -> None:
    """Say that all of an act was given back."""
    change_set.state = ChangeSet.State.UNDONE
    change_set.save(update_fields=["state"])


def mark_stopped(change_set: ChangeSet, reason: str) -> None:
    """Say of an undo that everything was taken again, and why."""
    change_set.state = ChangeSet.State.STOPPED
    change_set.reason = reason[:500]
    change_set.save(update_fields=["state", "reason"])


def undo_batch(change_set: ChangeSet, done: int, *, change: ChangeWriter) -> int:
    """Give the next few hundred changes back, after `done` of them; returns how many there were."""
    batch = list(change_set.changes.order_by("-pk")[done : done + BATCH])
    give_back(batch, change=change)
    return len(batch)


def give_back(kept: Iterable[Change], *, change: ChangeWriter) -> None:
    """Take these changes back, the newest first, and rebuild what follows from their records."""
    changes = list(kept)
    given_back: dict[str, set[int]] = defaultdict(set)
    for one in changes:
        given_back[one.model].add(one.record_id)
    touched = defaultdict(set, {label: set(ids) for label, ids in given_back.items()})
    for label, pk in chain.from_iterable(map(_left, changes)):
        touched[label].add(pk)
    for lock in _locks:
        lock(touched)
    for one in changes:
        try:
            with transaction.atomic():
                _take_back(one, change)
        except IntegrityError as taken:
            raise _moved_on(one) from taken
    for label, ids in given_back.items():
        _refuse_loose_ends(apps.get_model(label), ids)
    for step in _steps:
        step(touched, change=change)


def _left(kept: Change) -> Iterator[tuple[str, int]]:
    """The records that a change had led to instead, such as the customer to which a contact was moved."""
    model = apps.get_model(kept.model)
    for name, value in kept.after.items() if kept.act == Act.UPDATE else ():
        field: Any = model._meta.get_field(name)
        if field.many_to_one and isinstance(value, int):
            yield field.related_model._meta.label_lower, value


def _take_back(kept: Change, change: ChangeWriter) -> None:
    model: Any = apps.get_model(kept.model)
    # Locked before it is compared: who writes it just then is not overwritten.
    record = model._base_manager.select_for_update().filter(pk=kept.record_id).first()
    if record is None:
        raise _moved_on(kept)
    if kept.act == Act.CREATE:
        _refuse_if_newer(kept, change)
        change.bin(record)
    elif kept.act == Act.UPDATE:
        _give_back_fields(kept, record, change)
    elif kept.act == Act.BIN:
        if record.binned_in != kept.change_set_id:
            raise _moved_on(kept)
        change.restore(record)
    elif kept.act == Act.RESTORE:
        change.bin(record)


def _give_back_fields(kept: Change, record: Record, change: ChangeWriter) -> None:
    given_back = {}
    for name in kept.after:
        if differs(record, name, kept):
            raise _moved_on(kept)
        field: Any = record._meta.get_field(name)
        if field.many_to_many:
            change.relate(record, name, kept.before[name])
        else:
            given_back[name] = field.to_python(kept.before[name])
    # At once: between two of them the row may stand as it must not.
    change.update(record, in_bin=True, **given_back)


def differs(record: Record, name: str, kept: Change) -> bool:
    """Whether a field stands otherwise than a change left it, or the log does not know what stood before."""
    field: Any = record._meta.get_field(name)
    if name in record.secret or REDACTED in (kept.before[name], kept.after[name]):
        return True
    if field.many_to_many:
        return bool(sorted(getattr(record, name).values_list("pk", flat=True)) != kept.after[name])
    return bool(field.to_python(kept.after[name]) != getattr(record, field.attname))


def _refuse_if_newer(kept: Change, change: ChangeWriter) -> None:
    later = Change.objects.filter(model=kept.model, record_id=kept.record_id, version__gt=kept.version)
    mine = [kept.change_set_id, change.change_set.pk]
    if later.exclude(change_set__in=[pk for pk in mine if pk]).exists():
        raise _moved_on(kept)


def _refuse_loose_ends(model: Any, ids: Collection[int]) -> None:
    """Nothing in use may hang on what lies in the bin now, nor come back to something that does."""
    binned = model._base_manager.filter(pk__in=ids, binned_in__isnull=False).values("pk")
    for relation in model._meta.related_objects:
        if _hangs(relation.field):
            rows = relation.related_model._base_manager.filter(binned_in__isnull=True)
            _refuse_loose(rows.filter(**{f"{relation.field.name}__in": binned}))
    back = model._base_manager.filter(pk__in=ids, binned_in__isnull=True)
    for field in model._meta.concrete_fields:
        if field.many_to_one and _hangs(field) and not field.null:
            _refuse_loose(back.filter(**{f"{field.name}__binned_in__isnull": False}))


def _hangs(field: Any) -> bool:
    """Whether a reference is one between records; who wrote a row may leave."""
    user = settings.AUTH_USER_MODEL.lower()
    if not isinstance(field, models.ForeignKey) or field.related_model._meta.label_lower == user:
        return False
    return all(issubclass(model, Record) for model in (field.model, field.related_model))


def _refuse_loose(rows: models.QuerySet[Any]) -> None:
    loose = rows.first()
    if loose is not None:
        said = {"record": loose, "kind": loose._meta.verbose_name}
        raise RuleBroken(_("“%(record)s” (%(kind)s) would hang on something in the bin.") % said)


def _moved_on(kept: Change) -> RuleBroken:
    return RuleBroken(_("“%(record)s” was changed since.") % {"record": kept.label})
