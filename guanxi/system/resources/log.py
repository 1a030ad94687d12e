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
from guanxi.kernel.text import read_id
from guanxi.system.verbs import VerbFilter, verb_label
from guanxi.web.cells import cell_kind
from guanxi.web.declarations import Panel
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
    columns = ["at", "by", "verb", "subject", "state", "way", "address"]
    more_columns = ["reason"]
    kinds = {"at": "precise", "verb": "verb", "address": "code"}
    tones = {"state": {"done": "ok", "open": "info", "loaded": "info", "undone": "warn", "refused": "bad"}}
    sorts = ["at"]
    sort = "-at"
    filters = ["by", "verb", "way", "state", "at"]
    filter_kinds = {"verb": VerbFilter}
    title = "subject"
    head = ["state"]
    meta = ["at", "by", "way", "address"]
    details = [(gettext_lazy("Act"), ["at", "by", "verb", "subject", "state", "way", "address", "reason"])]

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """A refusal says which right was missing; a long act that it goes on."""
        if record.state == ChangeSet.State.REFUSED:
            said = {"right": verb_label(record.verb), "page": record.reason}
            return [("bad", _("Refused for lack of the right “%(right)s”: %(page)s") % said)]
        return []


def _changes(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    rows = Change.objects.filter(change_set=record.pk)
    after = read_id(request.GET.get("after"))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: SHOWN + 1])
    shown = changes_shown(found[:SHOWN], reach_of(user).masked)
    return {
        "changes": [(one, _noun(one.model), _address(one, user), fields) for one, fields in shown],
        "after": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "more_url": ChangeSetResource.instance.url("record", record.pk),
    }


def _noun(label: str) -> Any:
    model = model_of(label)
    return model._meta.verbose_name if model else label


def _address(one: Change, user: Any) -> str:
    """The page of the record, for those who may open such pages."""
    model = model_of(one.model)
    resource = resource_of(model) if model else None
    return record_url(resource.model, one.record_id) if resource and resource.may(user, "view") else ""


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
    filters = ["user", "outcome", "at"]
    title = "username"
    head = ["outcome"]
    meta = ["at", "user", "address"]
    details = [(gettext_lazy("Sign-in"), ["at", "username", "user", "outcome", "address", "agent"])]


def _browser(agent: str) -> str:
    return describe_agent(agent) or _("Unknown browser")


cell_kind("agent", _browser)
