"""What administrators do with dictionary entries."""

from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from guanxi.dictionary.models import DictionaryEntry
from guanxi.dictionary.queries import references, uses_of
from guanxi.dictionary.registry import DictionaryType, declared_types, type_of
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed, tidy
from guanxi.kernel.uniqueness import told_apart


def create_entry(*, type: str, label_zh: str, change: ChangeWriter, **fields: Any) -> DictionaryEntry:  # noqa: A002 - the field is called so
    """Add an entry at the end of a declared type; raises RuleBroken if its label is taken."""
    type_of(type)
    label_zh = tidy(label_zh)
    last = DictionaryEntry.objects.of(type).aggregate(last=Max("position"))["last"]
    fields.setdefault("position", 0 if last is None else last + 1)
    with told_apart(lambda: _refuse_taken(type, label_zh)):
        return change.create(DictionaryEntry, type=type, label_zh=label_zh, **fields)


def edit_entry(
    entry: DictionaryEntry, *, change: ChangeWriter, seen: int | None = None, **fields: Any
) -> DictionaryEntry:
    """Change labels, colour or place; raises RuleBroken if the label is taken."""
    label_zh = fields["label_zh"] = tidy(fields.get("label_zh", entry.label_zh))
    with told_apart(lambda: _refuse_taken(entry.type, label_zh, apart_from=entry)):
        return change.update(entry, seen=seen, **fields)


def retire_entry(entry: DictionaryEntry, *, change: ChangeWriter) -> None:
    """Offer the entry no more; records that have it keep it."""
    change.update(entry, retired=True, is_default=False)


def revive_entry(entry: DictionaryEntry, *, change: ChangeWriter) -> None:
    """Offer a retired entry again."""
    change.update(entry, retired=False)


def set_default(entry: DictionaryEntry, *, change: ChangeWriter) -> None:
    """Let new records begin with this entry, and with no other of its type."""
    if _hold(entry).retired:
        raise RuleBroken(_("A retired entry cannot be the default."))
    former = DictionaryEntry.objects.of(entry.type).filter(is_default=True).exclude(pk=entry.pk)
    change.update_many(former, is_default=False)
    change.update(entry, is_default=True)


def merge_entry(entry: DictionaryEntry, *, into: DictionaryEntry, change: ChangeWriter) -> None:
    """Give every record that has this entry the other one, and bin this one."""
    if into.pk == entry.pk or into.type != entry.type or into.binned_in is not None:
        raise RuleBroken(_("Choose another entry of the same type."), field="into")
    change.subject(entry)
    for model, field in references(entry.type):
        with told_apart(partial(_refuse_twice, model, field, entry, into)):
            change.update_many(model._base_manager.filter(**{field.name: entry}), **{field.name: into})
    was_default = entry.is_default
    change.update(entry, is_default=False)
    change.bin(entry)
    if was_default and not into.retired:
        change.update(into, is_default=True)


def _refuse_twice(model: Any, field: Any, entry: DictionaryEntry, into: DictionaryEntry) -> None:
    """A record that stands once for each entry, such as a threshold, cannot stand twice for one."""
    alone = any(list(rule.fields) == [field.name] for rule in model._meta.constraints if hasattr(rule, "fields"))
    rows = model._default_manager.in_use() if alone else None
    if rows is not None and rows.filter(**{field.name: entry}).exists() and rows.filter(**{field.name: into}).exists():
        raise RuleBroken(
            _("Both entries have a %(thing)s of their own: delete one of them first.")
            % {"thing": str(model._meta.verbose_name)},
            field="into",
        )


def bin_entry(entry: DictionaryEntry, *, change: ChangeWriter) -> None:
    """Move an entry to the bin; raises RuleBroken, saying where, while it is used."""
    _hold(entry)
    uses = uses_of(entry)
    if uses:
        where = listed(f"{use.label} {use.count}" for use in uses)
        raise RuleBroken(
            _("“%(entry)s” is in use (%(where)s): retire it, or merge it into another entry.")
            % {"entry": entry, "where": where}
        )
    change.update(entry, is_default=False)
    change.bin(entry)


def restore_entry(entry: DictionaryEntry, *, change: ChangeWriter) -> None:
    """Take an entry out of the bin; raises RuleBroken if its label is taken meanwhile."""
    with told_apart(lambda: _refuse_taken(entry.type, entry.label_zh, apart_from=entry)):
        change.restore(entry)


def fill_dictionary(*, change: ChangeWriter) -> int:
    """Give each type that never had an entry its start values; returns how many were added."""
    known = set(DictionaryEntry.objects.order_by().values_list("type", flat=True).distinct())
    rows = [row for kind in declared_types() if kind.key not in known for row in _start_rows(kind)]
    return len(change.create_many(DictionaryEntry, rows))


def _hold(entry: DictionaryEntry) -> DictionaryEntry:
    """The entry as it stands, locked with all of its type to the end of the transaction.

    Neither are two made the default at once, nor does a record take one that is about to go.
    """
    held: dict[int, DictionaryEntry] = {
        one.pk: one for one in DictionaryEntry.objects.of(entry.type).order_by("pk").select_for_update()
    }
    return held.get(entry.pk, entry)


def _start_rows(kind: DictionaryType) -> list[dict[str, Any]]:
    return [
        {"type": kind.key, "label_zh": zh, "label_en": en, "tone": tone, "position": position}
        for position, (zh, en, tone) in enumerate(kind.start)
    ]


def _refuse_taken(type_key: str, label_zh: str, apart_from: DictionaryEntry | None = None) -> None:
    taken = DictionaryEntry.objects.of(type_key).filter(label_zh=label_zh)
    if apart_from is not None:
        taken = taken.exclude(pk=apart_from.pk)
    if taken.exists():
        raise RuleBroken(_("There is already an entry “%(label)s”.") % {"label": label_zh}, field="label_zh")
