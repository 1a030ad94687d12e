"""隐去个人信息: the tab that leads to blanking a person's data in the log, and the right to do so."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.history.redaction import logged_personal, personal_fields, personal_models
from guanxi.system.resources.log import ChangeSetResource
from guanxi.system.tree import right
from guanxi.system.verbs import name_verb
from guanxi.web.declarations import Panel
from guanxi.web.registry import panel

REDACT = "history.redact_changeset"
HEADING = _("Redact personal data")


def _panel(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    """What the log keeps of a record's personal fields, and the way to blank it."""
    counts = logged_personal(record)
    named = [(record._meta.get_field(name).verbose_name, counts[name]) for name in personal_fields(type(record))]
    return {"kept": named, "redact_url": reverse("system:redaction", args=[record.label(), record.pk])}


for model in personal_models():
    panel(
        model,
        Panel("personal", _("Personal data"), "system/panel_personal.html", _panel, permission=REDACT, place=94),
    )
right(REDACT, HEADING, under=ChangeSetResource.instance.key)
name_verb("redact", HEADING)
