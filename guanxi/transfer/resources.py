"""The list of imports and the page of each, and the buttons of the lists that are imported into."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers.models import Contact, Customer, Order
from guanxi.system.verbs import name_verb
from guanxi.transfer.kinds import KINDS
from guanxi.transfer.models import Import
from guanxi.transfer.refused import brief
from guanxi.web.declarations import Kpi, Link, Panel
from guanxi.web.formats import number
from guanxi.web.registry import list_link, panel, register, resource_of
from guanxi.web.resource import Resource

TONES = {
    "uploaded": "info",
    "checking": "info",
    "checked": "warn",
    "running": "pri",
    "done": "ok",
    "failed": "bad",
}
SHOWN = 100
"""Refused rows on the page; the file holds all of them."""

MODELS = {"customers": Customer, "contacts": Contact, "orders": Order}


@register
class ImportResource(Resource):
    """导入."""

    model = Import
    directory = "customers"
    label = _("Imports")
    icon = "file-import"
    place = 80
    path = "imports"
    rights = {
        "transfer.import_customer": _("Import customers"),
        "transfer.import_contact": _("Import contacts"),
        "transfer.import_order": _("Import orders"),
    }
    columns = ["filename", "kind", "state", "created", "updated", "skipped", "refused", "created_by", "created_at"]
    more_columns = ["duplicates", "finished_at"]
    filters = ["kind", "state", "created_by", "created_at"]
    tones = {"state": TONES}
    head = ["state"]
    meta = ["kind", "created_by", "created_at"]
    details = [(_("Import"), [*columns, *more_columns])]
    record_template = "transfer/record.html"
    empty_text = _("Bring customers, contacts and orders from Excel or CSV.")

    def verbs(self) -> dict[str, str]:
        """Its own, and the import of each kind of rows."""
        return super().verbs() | {kind.verb: kind.permission for kind in KINDS.values()}

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """Why it stopped."""
        return [("bad", record.fault)] if record.fault else []

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """What became of the rows."""
        return [
            Kpi(_("Added"), number(record.created)),
            Kpi(_("Updated"), number(record.updated)),
            Kpi(_("Skipped"), number(record.skipped)),
            Kpi(_("Refused"), number(record.refused)),
        ]


def shows_rows(user: Any, found: Import) -> bool:
    """Whether a file's rows are for someone to see: its author, and others who see all of such records unmasked.

    A cell may hold anything, also in a column that nobody matched, and so may the reason of a refusal.
    """
    resource = resource_of(MODELS[found.kind])
    return found.created_by_id == user.pk or bool(resource and resource.may(user, "view") and not reach_of(user).masked)


def _refused(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    shown = shows_rows(request.user, record)
    return {"rows": refusals_of(record) if shown else [], "found": record, "shown": shown}


def refusals_of(found: Any) -> list[dict[str, Any]]:
    """The first refused rows with what stood in their first cells."""
    rows = found.refusals.order_by("number", "pk")[:SHOWN]
    return [{"number": row.number, "text": brief(row.cells), "reason": row.reason} for row in rows]


def duplicates_of(found: Import) -> list[dict[str, Any]]:
    """The first rows whose record is there already, as the check found them."""
    return [dict(zip(("number", "text", "reason"), row, strict=True)) for row in found.duplicate_rows]


def likes_of(found: Import) -> list[dict[str, Any]]:
    """The first new rows that resemble a customer who is there, as the check found them."""
    return [dict(zip(("number", "text", "reason"), row, strict=True)) for row in found.like_rows]


panel(Import, Panel("refused", _("Refused rows"), "transfer/panel_refused.html", _refused, place=10))


def _link_to(name: str, label: Any) -> Any:
    def link(request: HttpRequest) -> Link | None:
        user: Any = request.user
        if not user.has_perm(KINDS[name].permission):
            return None
        return Link(label, f"{reverse('transfer:import-new')}?kind={name}", "file-import")

    return link


for kind, model in MODELS.items():
    list_link(model, _link_to(kind, _("Import")))
    list_link(Import, _link_to(kind, ImportResource.rights[KINDS[kind].permission]))

name_verb("upload", _("Upload a file"))
name_verb("match", _("Match columns"))
name_verb("confirm_import", _("Confirm an import"))
name_verb("import", _("Import"))
