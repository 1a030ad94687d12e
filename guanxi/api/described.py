"""The description of the API (OpenAPI): what each operation takes and answers."""

from typing import Any

from django import forms

from guanxi.api.bodies import MANY
from guanxi.api.choosing import PARAMETERS
from guanxi.api.listing import parameters_of
from guanxi.api.operations import Operation
from guanxi.api.problems import MEDIA_TYPE

PROBLEM = {"$ref": "#/components/schemas/Problem"}
REASONS = {
    400: "What was sent cannot be read.",
    401: "No token, or none that is valid.",
    403: "The person may not do this, or the token may only read.",
    404: "There is no such record within the person's reach.",
    409: "The record stands where this step cannot be taken.",
    412: "Somebody else changed the same fields: `conflict` holds both values, `ETag` the version that stands.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field, a parameter or a rule refuses it: `errors` says why, by field.",
    428: "`If-Match` is missing.",
    429: "The person asks for too much in too short a time: `Retry-After` says after how many seconds to go on.",
}
READS = (400, 401, 403, 429)
WRITES = (400, 401, 403, 409, 413, 415, 422, 429)


def details_of(operation: Operation) -> dict[str, Any]:
    """What the description says of an operation beside its path and what it answers when all goes well."""
    statuses = sorted({*(WRITES if operation.writes else READS), *operation.statuses})
    told: dict[str, Any] = {"responses": {status: _refusal(status) for status in statuses}}
    parameters = parameters_of(operation.door.resource) if operation.name == "list" else []
    if operation.name.endswith("choices"):
        parameters = PARAMETERS[:]
    if operation.writes:
        told["requestBody"] = _body(operation)
        parameters = [
            _header("Idempotency-Key", "Sent again with the same key, it is carried out once.", required=False)
        ]
    if operation.name == "edit":
        parameters.append(_header("If-Match", "The ETag of the record that was read.", required=True))
    if parameters:
        told["parameters"] = parameters
    return told


def _refusal(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": REASONS[status], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    if status == 401:
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 429:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return told


def _header(name: str, description: str, *, required: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": 200}
    if name == "If-Match":
        schema |= {"pattern": '^(\\*|"[0-9]{1,9}")$'}
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": description}


def _body(operation: Operation) -> dict[str, Any]:
    schema = _object(operation.body, partial=operation.name == "edit") if operation.body else _nothing()
    needed = bool(schema.get("required"))
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def _nothing() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False}


def _object(form: Any, *, partial: bool) -> dict[str, Any]:
    """The fields of a form as an object. What a person may not write is refused, too."""
    fields = {name: field_schema(field) for name, field in form.base_fields.items()}
    rows = getattr(form, "row_forms", {})
    fields |= {name: {"type": "array", "items": _object(row, partial=False)} for name, row in rows.items()}
    also = {name: {"description": "What was shown and is confirmed."} for name in getattr(form, "also_read", ())}
    told: dict[str, Any] = {"type": "object", "properties": also | fields, "additionalProperties": False}
    needed = [name for name, field in form.base_fields.items() if field.required and field.initial is None]
    if needed and not partial:
        told["required"] = [*needed, *rows]
    return told


def field_schema(field: forms.Field) -> dict[str, Any]:
    """What a form's field reads; the form itself has the last word."""
    told = _kind(field)
    if not field.required and not isinstance(field, forms.BooleanField):
        told["type"] = [*(told["type"] if isinstance(told["type"], list) else [told["type"]]), "null"]
    if field.label:
        told["title"] = str(field.label)
    if field.help_text:
        told["description"] = str(field.help_text)
    return told


def _kind(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, MANY):
        return {"type": "array", "items": {"type": "integer"}}
    for form_field, told in _KINDS:
        if isinstance(field, form_field):
            return dict(told)
    longest = getattr(field, "max_length", None)
    return {"type": "string", **({"maxLength": longest} if longest else {})}


_KINDS: list[tuple[Any, dict[str, Any]]] = [
    (forms.ModelChoiceField, {"type": "integer", "minimum": 1}),
    (forms.BooleanField, {"type": "boolean"}),
    (forms.DecimalField, {"type": ["string", "number"], "format": "decimal"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.ChoiceField, {"type": ["string", "integer"]}),
]
