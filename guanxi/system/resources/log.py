"""操作日志 and 登录日志: who did what, when, from where; read, never written."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.access.reach import reach_of
from guanxi.accounts.models import SignIn
from guanxi.accounts.visitors import describe_agent
from guanxi.history.models import Change, ChangeSet
from guanxi.jobs.models import Job
from guanxi.kernel.text import read_id
from guanxi.system.undoing import TASK, linked, may_be_undone, undo_act
from guanxi.system.verbs import NounFilter, VerbFilter, noun, verb_label
from guanxi.web.acts import name_undo
from guanxi.web.cells import cell_kind
from guanxi.web.declarations import Action, Panel
from guanxi.web.panels import changes_shown, model_of
from guanxi.web.registry import panel, record_url, register, resource_of
from guanxi.web.resource import Resource

SHOWN = 50
"""How many changes of one act a page shows; the next page goes on."""


@register
class ChangeSetResource(Resource):
    """操作日志."""

    model = ChangeSet
    directory = "system"
    code = "6070"
    icon = "history"
    place = 60
    path = "log"
    columns = ["at", "by", "verb", "subject", "subject_model", "state", "way"]
    more_columns = ["token", "address", "reason"]
    kinds = {"at": "precise", "verb": "verb", "subject_model": "noun", "address": "code"}
    tones = {"state": {"done": "ok", "open": "info", "loaded": "info", "undone": "warn", "refused": "bad"}}
    sorts = ["at"]
    sort = "-at"
    exports = True
    filters = ["by", "verb", "subject_model", "way", "state", "at"]
    filter_kinds = {"verb": VerbFilter, "subject_model": NounFilter}
    title = "subject"
    actions = [
        Action(
            "undo",
            undo_act,
            gettext_lazy("Undo"),
            icon="arrow-back-up",
            primary=True,
            when=lambda act: act.state == ChangeSet.State.DONE and act.undoes_id is None and bool(act.subject_model),
            template="system/undo.html",
        )
    ]
    head = ["state"]
    meta = ["at", "by", "way", "token", "address", "reason"]
    details = [
        (
            gettext_lazy("Act"),
            ["at", "by", "verb", "subject_model", "subject", "state", "way", "token", "address", "reason"],
        )
    ]

    def offered(self, user: Any, record: Any) -> list[Action]:
        """Not of what wrote nothing, such as the confirmation of an import, nor of what is never taken back."""
        return super().offered(user, record) if may_be_undone(record) else []

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """A refusal says which right was missing; a long act that it goes on."""
        if record.state == ChangeSet.State.REFUSED:
            said = {"right": verb_label(record.verb), "page": record.reason}
            return [("bad", _("Refused for lack of the right “%(right)s”: %(page)s") % said)]
        if record.state == ChangeSet.State.STOPPED:
            return [("bad", _("Stopped, and everything stands as before it: %(reason)s") % {"reason": record.reason})]
        return []


def _changes(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    rows = Change.objects.filter(change_set=record.pk)
    after = read_id(request.GET.get("after"))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: SHOWN + 1])
    return {
        **linked(record, user),
        "progress": _progress(record),
        "changes": changes_context(found[:SHOWN], user),
        "after": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "more_url": ChangeSetResource.instance.url("record", record.pk),
    }


def changes_context(changes: list[Change], user: Any) -> list[tuple[Change, Any, str, Any]]:
    """Changes as a page shows them: each with what it is of, the way there, and its fields old and new."""
    shown = changes_shown(changes, reach_of(user).masked)
    return [(one, noun(one.model), _address(one, user), fields) for one, fields in shown]


def _progress(act: ChangeSet) -> Job | None:
    """The job that undoes this act, or carries this undo out, while it is under way."""
    if act.undoes_id is None or act.state != ChangeSet.State.OPEN:
        return None
    found: Job | None = Job.objects.filter(task=TASK, key=str(act.undoes_id)).order_by("-pk").first()
    return found


def _address(one: Change, user: Any) -> str:
    """The page of the record, for those who may open such pages."""
    model = model_of(one.model)
    resource = resource_of(model) if model else None
    return record_url(resource.model, one.record_id) if resource and resource.may(user, "view") else ""


def _undo_url(request: HttpRequest, act: ChangeSet) -> str:
    """The address that takes an act back, for those who may."""
    resource, user = ChangeSetResource.instance, request.user
    readable = act.by_id == user.pk or resource.may(user, "view")
    stands = act.state == ChangeSet.State.DONE
    offered = stands and readable and resource.may(user, "undo") and may_be_undone(act)
    return resource.url("undo", act.pk) if offered else ""


name_undo(_undo_url)
panel(ChangeSet, Panel("changes", gettext_lazy("Changes"), "system/panel_changes.html", _changes, place=10))


@register
class SignInResource(Resource):
    """登录日志."""

    model = SignIn
    directory = "system"
    code = "6080"
    icon = "login"
    place = 65
    path = "signins"
    columns = ["at", "username", "user", "outcome", "address", "agent"]
    kinds = {"at": "precise", "address": "code", "agent": "agent"}
    tones = {
        "outcome": {
            "success": "ok",
            "recovery": "ok",
            "pending": "info",
            "wrong": "warn",
            "code": "warn",
            "proof": "warn",
            "disabled": "bad",
            "slowed": "warn",
            "stopped": "bad",
        }
    }
    sorts = ["at"]
    sort = "-at"
    exports = True
    filters = ["user", "outcome", "at"]
    title = "username"
    head = ["outcome"]
    meta = ["at", "user", "address"]
    details = [(gettext_lazy("Sign-in"), ["at", "username", "user", "outcome", "address", "agent"])]


def _browser(agent: str) -> str:
    return describe_agent(agent) or _("Unknown browser")


cell_kind("agent", _browser)
