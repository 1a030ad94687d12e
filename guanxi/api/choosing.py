"""What may be chosen for a field that takes one of several values: what the picker of the page offers."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel

from guanxi.api.listing import parameter
from guanxi.api.problems import Refused
from guanxi.web.labels import labels_of
from guanxi.web.pages.lists import LONGEST_SEARCH, named_like
from guanxi.web.registry import resource_of

MOST = 100
MODEL_FIELDS = (forms.ModelChoiceField, forms.ModelMultipleChoiceField)
PARAMETERS = [parameter("q", {"type": "string", "maxLength": LONGEST_SEARCH}, f"Words; without them the first {MOST}.")]


class Choice(BaseModel):
    """What is sent for it, and what it is called."""

    value: int | str
    label: str


class Choices(BaseModel):
    """The values on offer to this person."""

    items: list[Choice]


def offers_choices(form: Any) -> bool:
    """Whether any field of a form takes one of several values."""
    return any(isinstance(field, (forms.ChoiceField, *MODEL_FIELDS)) for field in form.base_fields.values())


def choices_of(form: Any, name: str, request: HttpRequest) -> dict[str, Any]:
    """The values on offer for a field; raises Refused where there is no such field, or it takes anything."""
    text = _asked(request)
    field = form[name].field if name in form.fields else None
    if isinstance(field, MODEL_FIELDS):
        return {"items": _records(field.queryset, text, request.user)}
    if isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        return {"items": [{"value": str(value), "label": str(label)} for value, label in offered if value != ""]}
    raise Refused(404, _("There is no such field to choose for."))


def _asked(request: HttpRequest) -> str:
    if set(request.GET) - {"q"}:
        errors = {name: [_("There is no such parameter.")] for name in request.GET if name != "q"}
        raise Refused(422, _("Some parameters cannot be understood."), errors=errors)
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def _records(rows: Any, text: str, user: Any) -> list[dict[str, Any]]:
    resource = resource_of(rows.model)
    if text and resource is not None:
        rows = named_like(resource, rows, text, user)
    ids = list((rows if rows.ordered else rows.order_by("-id")).values_list("pk", flat=True)[:MOST])
    labels = labels_of(rows.model, ids)
    return [{"value": pk, "label": labels[pk][0]} for pk in ids if pk in labels]
