"""Blanking a person's data in the log: the one way in which what was logged changes, itself an act of the log."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import unquote_plus

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.history.models import REDACTED, Change, ChangeSet
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.batches import batches
from guanxi.kernel.records import Record
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, tidy

BLANK = "•••"
"""What stands in a line of text instead of a value that was blanked."""
EXPORT = "export"
"""The verb of acts whose reason says what a list was narrowed to."""
SHORTEST = 2
"""A shorter value is not looked for inside of other texts: it would be found everywhere."""

_personal: dict[type[Record], tuple[str, ...]] = {}
_personal_keys: dict[type[Record], frozenset[str]] = {}
Forget = Callable[[Record, Collection[str]], None]
_forgetters: list[Forget] = []


def personal(model: type[Record], *fields: str, keys: Collection[str] = ()) -> None:
    """Say which fields of a model hold data of persons, which may be blanked in the log.

    What stands in `keys` is told apart by a rule of its action: it is blanked in the log only, not as it stands.
    """
    _personal[model] = fields
    _personal_keys[model] = frozenset(keys)


def personal_models() -> list[type[Record]]:
    """Every model with such fields."""
    return list(_personal)


def personal_fields(model: type[Any]) -> tuple[str, ...]:
    """The fields of a model that hold data of persons."""
    return _personal.get(model, ())


def forgets(forget: Forget) -> None:
    """Let an app above blank these values where it keeps them besides the log, such as in notices of a record."""
    _forgetters.append(forget)


def logged_personal(record: Record) -> Counter[str]:
    """How many values the log keeps of each of a record's personal fields."""
    names = personal_fields(type(record))
    sides = _changes_of(record).values_list("before", "after")
    values = (pair for one in sides.iterator() for side in one for pair in side.items())
    return Counter(name for name, value in values if name in names and _tells(value))


def redact(
    record: Record, *, fields: Collection[str], reason: str, change: ChangeWriter, standing: bool = False
) -> None:
    """Blank every logged value of these fields of a record, wherever the log names it; `standing` also what stands now.

    Raises RuleBroken without a reason, or if the fields are not personal ones.
    """
    if not fields or set(fields) - set(personal_fields(type(record))):
        raise RuleBroken(_("Choose what is to be blanked."), field="fields")
    if not tidy(reason):
        raise RuleBroken(_("Say why it is blanked: the log keeps that."), field="reason")
    values = _values(record, fields)
    if standing:
        _blank_standing(record, fields, change)
        change.flush()
    for batch in batches(_changes_of(record).order_by("pk").iterator()):
        for kept in batch:
            _blank(kept, fields, values)
        Change.objects.bulk_update(batch, ["before", "after", "label"])
    _blank_sets(record, values)
    _blank_exports(values)
    for forget in _forgetters:
        forget(record, values)
    change.change_set.reason = tidy(reason)[:500]
    change.note(record)
    change.change_set.subject = without(str(record), values)[:200]
    change.change_set.save(update_fields=["subject_model", "subject_id", "subject", "reason"])


def without(text: str, values: Iterable[str]) -> str:
    """A text with these values blanked."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, BLANK)
    return text


def _blank_standing(record: Record, fields: Collection[str], change: ChangeWriter) -> None:
    """Empty the fields as they stand; what may not be empty says that it was blanked."""
    wanted: dict[str, Any] = {}
    keyed = _personal_keys.get(type(record), frozenset())
    for name in fields:
        field: Any = record._meta.get_field(name)
        if name in keyed:
            raise RuleBroken(_("“%(field)s” names the record: change it by editing.") % {"field": field.verbose_name})
        wanted[name] = "" if field.blank else _("Redacted")
    try:
        with transaction.atomic():
            change.update(record, in_bin=True, **wanted)
    except IntegrityError:
        raise RuleBroken(_("It cannot stand without all of these: leave one of them."), field="fields") from None


def _values(record: Record, fields: Collection[str]) -> set[str]:
    """Every value that these fields had or have."""
    found = {str(getattr(record, name)) for name in fields if getattr(record, name)}
    for before, after in _changes_of(record).values_list("before", "after").iterator():
        found |= {str(side[name]) for side in (before, after) for name in fields if _tells(side.get(name))}
    return {value for value in found if len(value) >= SHORTEST}


def _tells(value: Any) -> bool:
    return value not in (None, "", [], REDACTED)


def _blank(kept: Change, fields: Collection[str], values: Collection[str]) -> None:
    """The chosen fields, and whatever else says the same, such as the folded form of a name."""
    folded = {fold(value) for value in values}
    for side in (kept.before, kept.after):
        same = {name for name, value in side.items() if isinstance(value, str) and fold(value) in folded}
        side.update({name: REDACTED for name in {*fields, *same} if _tells(side.get(name))})
    kept.label = without(kept.label, values)


def _blank_sets(record: Record, values: Collection[str]) -> None:
    """The acts that touched the record, or were about it, name it and give their reasons, too."""
    acts = ChangeSet.objects.filter(pk__in=_changes_of(record).values("change_set"))
    about = ChangeSet.objects.filter(subject_model=record.label(), subject_id=record.pk)
    for batch in batches((acts | about).distinct().order_by("pk").iterator()):
        for act in batch:
            act.subject, act.reason = without(act.subject, values), without(act.reason, values)
        ChangeSet.objects.bulk_update(batch, ["subject", "reason"])


def _blank_exports(values: Collection[str]) -> None:
    """What files were asked for by: a list that was narrowed to a person keeps that it was, not whose name."""
    exports = ChangeSet.objects.filter(verb=EXPORT).exclude(reason="").only("reason")
    for batch in batches(exports.order_by("pk").iterator()):
        blanked = [(act, _without_asked(act.reason, values)) for act in batch]
        found = [(act, reason) for act, reason in blanked if reason != act.reason]
        for act, reason in found:
            act.reason = reason
        ChangeSet.objects.bulk_update([act for act, _reason in found], ["reason"])


def _without_asked(reason: str, values: Collection[str]) -> str:
    """A reason with these values blanked, as they stand in it and as an address writes them."""
    folded = {_bare(value) for value in values}
    pieces = re.split(r"([?&=])", reason)
    said = [BLANK if _bare(unquote_plus(piece)) in folded else piece for piece in pieces]
    return without("".join(said), values)


def _bare(text: str) -> str:
    """A text without its case, width and blanks."""
    return "".join(fold(text).split())


def _changes_of(record: Record) -> Any:
    return Change.objects.filter(model=record.label(), record_id=record.pk)
