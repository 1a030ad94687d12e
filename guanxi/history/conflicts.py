"""What stands in the way of an undo, found without writing anything."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils.translation import gettext as _

from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import differs, newest_first
from guanxi.kernel.text import listed

Act = Change.Act


@dataclass(frozen=True)
class Obstacle:
    """A record that the act wrote and that stands otherwise now: what of it, in words."""

    change: Change
    why: str


def conflicts_of(change_set: ChangeSet) -> Iterator[Obstacle]:
    """Every record of an act that was changed since, each once, the newest changes first; two queries a batch."""
    seen: set[tuple[str, int, str]] = set()
    told: set[tuple[str, int]] = set()
    for batch in newest_first(change_set):
        by_model: dict[str, list[Change]] = defaultdict(list)
        for kept in batch:
            by_model[kept.model].append(kept)
        for label, changes in by_model.items():
            for obstacle in _of_model(label, changes, seen):
                key = (label, obstacle.change.record_id)
                if key not in told:
                    told.add(key)
                    yield obstacle


def _of_model(label: str, changes: Collection[Change], seen: set[tuple[str, int, str]]) -> Iterator[Obstacle]:
    model: Any = _model(label)
    ids = {kept.record_id for kept in changes}
    records = model._base_manager.in_bulk(ids) if model is not None else {}
    newest = _versions_of_others(label, changes)
    for kept in changes:
        record = records.get(kept.record_id)
        why = _("It is not there any more.") if record is None else _why(kept, record, newest, seen)
        if why:
            yield Obstacle(kept, why)


def _model(label: str) -> Any:
    """The model of a log's label, None where an older release had it."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _why(kept: Change, record: Any, newest: dict[int, int], seen: set[tuple[str, int, str]]) -> str:
    """In words, or nothing; of several changes of a field only the last one says how it should stand."""
    names = [name for name in kept.after or {"binned_in": None} if (kept.model, kept.record_id, name) not in seen]
    seen |= {(kept.model, kept.record_id, name) for name in names}
    if kept.act == Act.UPDATE:
        moved = [record._meta.get_field(name) for name in names if differs(record, name, kept)]
        said = [str(field.verbose_name) for field in moved if str(field.verbose_name) != field.name.replace("_", " ")]
        changed = _("Changed since: %(fields)s.") % {"fields": listed(said)} if said else _("It was changed since.")
        return changed if moved else ""
    if kept.act == Act.CREATE and newest.get(kept.record_id, 0) > kept.version:
        return _("It was changed since.")
    if "binned_in" in names and kept.act == Act.BIN and record.binned_in != kept.change_set_id:
        return _("It was taken out of the bin since.")
    if "binned_in" in names and kept.act == Act.RESTORE and record.binned_in is not None:
        return _("It went to the bin since.")
    return ""


def _versions_of_others(label: str, changes: Collection[Change]) -> dict[int, int]:
    """The newest version that other acts gave the records that were created here."""
    born = [kept for kept in changes if kept.act == Act.CREATE]
    if not born:
        return {}
    rows = Change.objects.filter(model=label, record_id__in=[kept.record_id for kept in born])
    others = rows.exclude(change_set=born[0].change_set_id).order_by()
    return dict(others.values_list("record_id").annotate(Max("version")))
