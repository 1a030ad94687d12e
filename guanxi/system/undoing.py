"""Undo on screen: who may take which act back, and the way of a large one, batch by batch."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.access.reach import reach_of
from guanxi.history.conflicts import conflicts_of
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import give_back, mark_stopped, mark_undone, newest_first, refuse_undo, undo, undo_batch
from guanxi.history.writer import ChangeWriter, close_change_set, continuing
from guanxi.jobs.registry import enqueue
from guanxi.kernel.batches import BATCH
from guanxi.kernel.fields import class_of
from guanxi.kernel.rules import RuleBroken
from guanxi.web.panels import model_of
from guanxi.web.registry import resource_of

TASK = "system.undo"
MANAGED = {"access.role", "access.department"}
"""What gives rights is changed back where the rules of giving rights stand."""
Report = Callable[[int, int], None]


def is_large(changes: int) -> bool:
    """Say whether an act of so many changes is undone by a job, batch by batch."""
    return changes > BATCH


def undo_act(act: ChangeSet, *, change: ChangeWriter) -> None:
    """Take an act back as an act of its own: a small one now, a large one by a job, all of it or nothing."""
    refuse_undo(act)
    refuse_beyond(act, change.by)
    change.change_set.undoes = act
    large = is_large(act.changes.count())
    if large:
        change.change_set.state = ChangeSet.State.OPEN
    change.note(act)
    if not large:
        undo(act, change=change)
        return
    enqueue(TASK, {"undo": change.change_set.pk}, key=str(act.pk), owner=change.by)


def undo_in_batches(undoing: ChangeSet, *, done: int, report: Report) -> str:
    """Go on with an undo after `done` changes; returns why it was stopped, or nothing.

    Each batch and its progress stand together. On a conflict all that was given back is taken again.
    """
    act = undoing.undoes
    assert act is not None
    total = act.changes.count()
    try:
        refuse_undo(act, by=undoing)
        refuse_beyond(act, undoing.by)
        if not done:
            _refuse_conflicts(act)
        while done < total:
            with continuing(undoing) as change:
                done += undo_batch(act, done, change=change)
                report(done, total)
    except RuleBroken as broken:
        take_again(undoing, str(broken))
        return str(broken)
    with transaction.atomic():
        mark_undone(act)
        close_change_set(undoing)
    return ""


def take_again(undoing: ChangeSet, reason: str) -> None:
    """Let everything stand as before an undo that cannot go on, in one transaction."""
    with continuing(undoing) as change:
        written = undoing.changes.order_by("-pk")
        last = written.values_list("pk", flat=True).first()
        if last is not None:
            give_back(list(written.filter(pk__lte=last)), change=change)
        mark_stopped(undoing, reason)


def refuse_beyond(act: ChangeSet, user: Any) -> None:
    """Raise RuleBroken unless the user sees every record of an act, all that it changed of them, and may change them."""
    if user is None or not (user.is_active and user.has_perm("history.undo_changeset")):
        raise RuleBroken(_("You may not undo acts any more."))
    for label in act.changes.order_by().values_list("model", flat=True).distinct():
        try:
            model: Any = apps.get_model(label)
        except LookupError:
            raise RuleBroken(_("This version of Guanxi does not know what was changed.")) from None
        _refuse_model(model, user)
        for batch in newest_first(act):
            _refuse_unseen(model, [one for one in batch if one.model == label], user)


def never_undone(model: Any) -> str:
    """Why nobody takes back what was done to records of this kind; nothing if somebody may."""
    label = model._meta.label_lower
    if label in MANAGED or label.startswith("accounts."):
        return _("Users, roles and departments are changed back where they are managed.")
    if model.secret:
        return _("What lets somebody in stays as it is: make a new one.")
    return ""


def may_be_undone(act: ChangeSet) -> bool:
    """Whether an act wrote something, and nothing that nobody takes back."""
    models = [model_of(label) for label in act.changes.order_by().values_list("model", flat=True).distinct()]
    return bool(models) and all(model is not None and not never_undone(model) for model in models)


def _refuse_model(model: Any, user: Any) -> None:
    if refused := never_undone(model):
        raise RuleBroken(refused)
    rights = _rights_to_change(model)
    if rights and not any(user.has_perm(right) for right in rights):
        raise RuleBroken(_("You may not change “%(kind)s”.") % {"kind": model._meta.verbose_name})


def _rights_to_change(model: Any) -> set[str]:
    """The rights of which one is needed to change rows of a model; none for the parts of another record."""
    resource = resource_of(model)
    declared = resource.verbs() if resource is not None else {}
    rights = {right for verb, right in declared.items() if verb not in {"view", "export"}}
    if getattr(model._default_manager.all(), "shared", False):
        app, name = model._meta.label_lower.split(".")
        rights |= {f"{app}.{verb}_{name}" for verb in ("edit", "create", "bin")}
    return rights


def _refuse_unseen(model: Any, changes: list[Change], user: Any) -> None:
    ids = {one.record_id for one in changes}
    rows = model._default_manager
    seen = set(rows.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    if missing := ids - seen:
        seen |= set(_binned(rows, user).filter(pk__in=missing).values_list("pk", flat=True))
    if ids - seen:
        raise RuleBroken(_("It changed records that lie outside of what you see."))
    masked = reach_of(user).masked
    names = {name for one in changes for name, value in one.after.items() if value or one.before.get(name)}
    if any(class_of(model._meta.get_field(name)) in masked for name in names):
        raise RuleBroken(_("It changed fields that are hidden from you."))


def _binned(rows: Any, user: Any) -> Any:
    try:
        return rows.binned_visible_to(user)
    except NotImplementedError:
        return rows.none()


def _refuse_conflicts(act: ChangeSet) -> None:
    for obstacle in conflicts_of(act):
        raise RuleBroken(_("“%(record)s” was changed since.") % {"record": obstacle.change.label})


INVERSE = {
    Change.Act.CREATE: Change.Act.BIN,
    Change.Act.UPDATE: Change.Act.UPDATE,
    Change.Act.BIN: Change.Act.RESTORE,
    Change.Act.RESTORE: Change.Act.BIN,
}


def turned_round(changes: list[Change]) -> list[Change]:
    """What an undo of these changes would write, not saved."""
    return [
        Change(
            model=one.model,
            record_id=one.record_id,
            label=one.label,
            act=INVERSE[Change.Act(one.act)],
            before=one.after if one.act == Change.Act.UPDATE else {},
            after=one.before if one.act == Change.Act.UPDATE else {},
        )
        for one in changes
    ]


def linked(act: ChangeSet, user: Any) -> dict[str, Any]:
    """The act that this one undoes and the one that undid it, as far as the user may read them."""
    readable = ChangeSet.objects.visible_to(user).select_related("by")
    resource = resource_of(ChangeSet)
    assert resource is not None
    undone = readable.filter(pk=act.undoes_id).first() if act.undoes_id else None
    undoing = readable.filter(undoes=act.pk).exclude(state=ChangeSet.State.STOPPED).order_by("-pk").first()
    return {
        "undoes": undone and (undone, resource.url("record", undone.pk)),
        "undone_by": undoing and (undoing, resource.url("record", undoing.pk)),
    }
