"""Taking a change set back, as one act of its own."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Protocol

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.history.models import Change, ChangeSet
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.records import Record
from guanxi.kernel.rules import RuleBroken


class AfterUndo(Protocol):
    """Rebuilds what follows from records that an undo gave back."""

    def __call__(self, given_back: Mapping[str, set[int]], /, *, change: ChangeWriter) -> None:
        """`given_back` maps the labels of models to the ids of their records."""


_steps: list[AfterUndo] = []


def after_undo(step: AfterUndo) -> None:
    """Let an app above rebuild its derived columns after an undo."""
    _steps.append(step)


def undo(change_set: ChangeSet, *, change: ChangeWriter) -> None:
    """Give every record that this act wrote the state before it.

    Raises RuleBroken, naming the record, if something that it wrote was changed since, or cannot stand any more.
    """
    stands = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if stands.state != ChangeSet.State.DONE:
        raise RuleBroken(_("This act cannot be undone any more."))
    given_back: dict[str, set[int]] = defaultdict(set)
    for kept in change_set.changes.order_by("-pk").iterator():
        try:
            with transaction.atomic():
                _take_back(kept, change)
        except IntegrityError as taken:
            raise _moved_on(kept) from taken
        given_back[kept.model].add(kept.record_id)
    for step in _steps:
        step(given_back, change=change)
    change_set.state = ChangeSet.State.UNDONE
    change_set.save(update_fields=["state"])


def _take_back(kept: Change, change: ChangeWriter) -> None:
    model: Any = apps.get_model(kept.model)
    record = model._base_manager.filter(pk=kept.record_id).first()
    if record is None:
        raise _moved_on(kept)
    if kept.act == Change.Act.CREATE:
        _refuse_if_newer(kept, change)
        change.bin(record)
    elif kept.act == Change.Act.UPDATE:
        _give_back_fields(kept, record, change)
    elif kept.act == Change.Act.BIN:
        change.restore(record)
    elif kept.act == Change.Act.RESTORE:
        change.bin(record)


def _give_back_fields(kept: Change, record: Record, change: ChangeWriter) -> None:
    given_back = {}
    for name in kept.after:
        field: Any = record._meta.get_field(name)
        if field.many_to_many:
            change.relate(record, name, kept.before[name])
        elif field.to_python(kept.after[name]) != getattr(record, field.attname):
            raise _moved_on(kept)
        else:
            given_back[name] = field.to_python(kept.before[name])
    # At once: between two of them the row may stand as it must not.
    change.update(record, **given_back)


def _refuse_if_newer(kept: Change, change: ChangeWriter) -> None:
    later = Change.objects.filter(model=kept.model, record_id=kept.record_id, version__gt=kept.version)
    mine = [kept.change_set_id, change.change_set.pk]
    if later.exclude(change_set__in=[pk for pk in mine if pk]).exists():
        raise _moved_on(kept)


def _moved_on(kept: Change) -> RuleBroken:
    return RuleBroken(_("“%(record)s” was changed since.") % {"record": kept.label})
