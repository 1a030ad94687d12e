"""What a program is told when it is refused: problem details (RFC 9457), with the sentences of the pages."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
Errors = Mapping[str, Sequence[str]]

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in the language of the answer."},
        "errors": {
            "type": "object",
            "description": "Sentences by field, or by parameter; a field of a row is named `lines.0.goods`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "conflict": {
            "type": "object",
            "description": "With 412: what each field in conflict was to become (`yours`) and what stands (`theirs`).",
            "additionalProperties": {"type": "object"},
        },
        "request": {"type": "string", "description": "The number of the request in the server's log."},
        "asked": {
            "type": "object",
            "description": "What was found and is sent again to go on, such as like customers as `likes`.",
        },
    },
}


class Refused(Exception):
    """An answer of a status with its sentence, to be asked again after `wait` seconds; `more` goes into the problem."""

    def __init__(
        self, status: int, detail: str, *, errors: Errors | None = None, etag: str = "", wait: int = 0, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or {}
        self.etag = etag
        self.wait = wait
        self.more = more


def problem(status: int, detail: str = "", *, errors: Errors | None = None, **more: Any) -> HttpResponse:
    """The answer that says why not."""
    title = HTTPStatus(status).phrase
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors or {}}
    body = json.dumps(told | more, cls=DjangoJSONEncoder, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Guanxi"'
    return response


def problem_of(refused: Refused) -> HttpResponse:
    """The answer to a refusal; with the version that stands where the sender had another one, and when to ask again."""
    response = problem(refused.status, refused.detail, errors=refused.errors, **refused.more)
    if refused.etag:
        response["ETag"] = refused.etag
    if refused.wait:
        response["Retry-After"] = str(refused.wait)
    return response
