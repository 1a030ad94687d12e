"""The bell: what a person is told, in their own language, until they have read it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.accounts.models import Notice
from guanxi.history.redaction import forgets, without
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.records import Record

_kinds: dict[str, "NoticeKind"] = {}


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice: `text` says it with `%(subject)s`, `%(by)s` and `%(note)s`."""

    key: str
    label: Any
    text: Any
    icon: str = "bell"

    def __post_init__(self) -> None:
        _kinds[self.key] = self


ASSIGNED = NoticeKind("assigned", gettext_lazy("Assigned to me"), gettext_lazy("%(by)s assigned “%(subject)s” to you."))
RETURNED = NoticeKind(
    "returned",
    gettext_lazy("Returned"),
    gettext_lazy("“%(subject)s” was returned: %(note)s"),
    "arrow-back-up",
)
DUE = NoticeKind("due", gettext_lazy("Due"), gettext_lazy("“%(subject)s” is due: %(note)s"), "calendar-event")
LATE = NoticeKind("late", gettext_lazy("Late"), gettext_lazy("“%(subject)s” is late."), "alert-triangle")
AT_RISK = NoticeKind("at_risk", gettext_lazy("At risk"), gettext_lazy("“%(subject)s” is at risk."), "trending-down")
MENDED = NoticeKind(
    "mended",
    gettext_lazy("Sums mended"),
    gettext_lazy("The nightly recount found %(note)s sums that were not true, and mended them."),
    "tool",
)
SAME = ("user_id", "model", "record_id", "note")
"""What makes two notices of one kind the same."""
KINDS = [ASSIGNED, RETURNED, DUE, LATE, AT_RISK, MENDED]


def notify(kind: NoticeKind, *, to: Any, about: Record, change: ChangeWriter, note: str = "") -> None:
    """Tell somebody of something that another person did, or the system; nobody is told of their own acts."""
    notify_many(kind, to=to, about=[about], note=note, change=change)


def notify_many(kind: NoticeKind, *, to: Any, about: Iterable[Record], change: ChangeWriter, note: str = "") -> None:
    """Tell somebody of the same about several records, as `notify` does."""
    if to is None or to == change.by:
        return
    told = [Notice(**_fields(kind, to.pk, one, note), by=change.by, at=change.at) for one in about]
    Notice.objects.bulk_create(told, batch_size=500)


def notify_each(kind: NoticeKind, pairs: Iterable[tuple[int, models.Model, str]], *, at: datetime) -> int:
    """Tell many people at once of what the system found: (user's id, record or job, note); returns how many were told.

    Whoever was told the same of the same record, by its note, is not told again.
    """
    told = [_fields(kind, user_id, about, note) for user_id, about, note in pairs]
    wanted = {tuple(fields[name] for name in SAME): fields for fields in told}
    ids = {fields["record_id"] for fields in told}
    for known in Notice.objects.filter(kind=kind.key, record_id__in=ids).values_list(*SAME):
        wanted.pop(known, None)
    Notice.objects.bulk_create([Notice(**fields, at=at) for fields in wanted.values()], batch_size=500)
    return len(wanted)


def forget_values(record: Record, values: Collection[str]) -> None:
    """Blank a person's values in what people were told of a record."""
    told = list(Notice.objects.filter(model=record.label(), record_id=record.pk))
    for notice in told:
        notice.subject, notice.note = without(notice.subject, values), without(notice.note, values)
    Notice.objects.bulk_update(told, ["subject", "note"], batch_size=500)


forgets(forget_values)


def mark_read(notices: Any, *, at: datetime) -> int:
    """Mark these as read, those that were not yet; returns how many."""
    return int(notices.unread().update(read_at=at))


def said(notice: Notice) -> str:
    """What a notice says, in the language of the page."""
    kind = _kinds.get(notice.kind)
    if kind is None:
        return notice.subject
    values = {"subject": notice.subject, "by": notice.by or _("The system"), "note": notice.note}
    return str(kind.text) % values


def icon_of(notice: Notice) -> str:
    """The icon of a notice's kind."""
    kind = _kinds.get(notice.kind)
    return kind.icon if kind else "bell"


def _fields(kind: NoticeKind, user_id: int, about: models.Model, note: str) -> dict[str, Any]:
    return {
        "kind": kind.key,
        "user_id": user_id,
        "model": about._meta.label_lower,
        "record_id": about.pk,
        "subject": str(about)[:200],
        "note": note[:200],
    }
