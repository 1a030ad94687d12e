"""The API as a whole: every operation of every resource that has one, its errors and its description."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer
from pydantic import create_model

from guanxi.api.bearer import Bearer
from guanxi.api.choosing import Choices
from guanxi.api.described import details_of
from guanxi.api.operations import Door, Operation, operations_of
from guanxi.api.problems import SCHEMA, Refused, problem, problem_of
from guanxi.web.registry import all_resources

PREFIX = "api/"
DESCRIPTION = """Guanxi for other programs: the records, forms, rules and rights of the pages.

Send `Authorization: Bearer gx_…`, an access token that a person makes among their own pages. It acts for that person:
what they do not see does not exist here, what they may not do is refused.
"""


class Readable(JSONRenderer):
    """JSON in which Chinese stays readable."""

    json_dumps_params = {"ensure_ascii": False}


def all_operations() -> list[Operation]:
    """Every operation, in the order of the declared resources; what asks for a proof is for people alone."""
    found = [operation for resource in all_resources if resource.api_fields for operation in operations_of(resource)]
    return [one for one in found if one.name.removesuffix("-choices") not in one.door.resource.proved]


@cache
def the_api() -> NinjaAPI:
    """The operations with their types; described in English, whatever language one is asked in."""
    api = NinjaAPI(
        renderer=Readable(), title="Guanxi", version="1", description=DESCRIPTION, openapi_url=None, docs_url=None
    )
    with override("en"):
        made: dict[str, dict[int, Any]] = {}
        for operation in all_operations():
            _add(api, operation, made.setdefault(operation.door.name, _answers(operation.door)))
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(PermissionDenied, _denied)
    return api


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    return problem_of(refused)


def _denied(request: HttpRequest, denied: Any) -> HttpResponse:
    return problem(403, _("You do not have the right to do this."))


def _answers(door: Door) -> dict[int, Any]:
    """What the operations of a resource answer when all goes well, by status; 0 stands for the list."""
    item = door.shape.schema(f"{door.name}Item" if door.rows else door.name)
    rows = {name: (list[shape.schema(f"{door.name}{name.title()}")], ...) for name, shape in door.rows.items()}  # type: ignore[misc]  # types made as it runs
    one = door.shape.schema(door.name, **rows) if rows else item
    listed = create_model(f"{door.name}List", items=(list[item], ...), next=(str | None, ...))  # type: ignore[valid-type]  # types made as it runs
    return {0: listed, 200: one, 201: one, 204: None}


def _add(api: NinjaAPI, operation: Operation, answers: dict[int, Any]) -> None:
    door, name = operation.door, operation.name
    api.default_router.add_api_operation(
        operation.path,
        [operation.method],
        operation.view,
        auth=Bearer(operation.permission, writes=operation.writes),
        response=_responses(name, answers),
        operation_id=operation.key,
        url_name=operation.address,
        summary=summary_of(operation),
        description=f"Needs the permission `{operation.permission}`.",
        tags=[str(door.resource.model._meta.verbose_name_plural)],
        openapi_extra=details_of(operation),
    )


def _responses(name: str, answers: dict[int, Any]) -> dict[int, Any]:
    if name == "list":
        return {200: answers[0]}
    if name.endswith("choices"):
        return {200: Choices}
    if name == "record":
        return {200: answers[200]}
    first = {"create": 201, "bin": 204}.get(name, 200)
    return {first: answers[first], 204: None}


def summary_of(operation: Operation) -> str:
    """What an operation is called."""
    resource = operation.door.resource
    labels = {"list": "List", "record": "Read", "create": "Create", "edit": "Change", "bin": "Move to the bin"}
    labels |= {"restore": "Take out of the bin", "choices": "What to choose for a field"} | {
        one.verb: str(one.label) for one in resource.actions
    }
    verb = operation.name.removesuffix("-choices")
    label = labels[verb] if verb == operation.name else f"What to choose for: {labels[verb]}"
    return f"{label}: {resource.model._meta.verbose_name}"


@cache
def description() -> bytes:
    """The description of the whole, made once."""
    told: Any = the_api().get_openapi_schema(path_prefix=PREFIX)
    told["components"]["schemas"]["Problem"] = SCHEMA
    return json.dumps(told, ensure_ascii=False, default=str).encode()


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, for everybody: it says what every Guanxi can do, and nothing of this one."""
    if request.method != "GET":
        return _not_allowed("GET")
    return HttpResponse(description(), content_type="application/json")


def nothing(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked for below the API."""
    return problem(404, _("There is nothing at this address."))


def _not_allowed(allowed: str) -> HttpResponse:
    response = problem(405, _("This address is not asked by this method."))
    response["Allow"] = allowed
    return response


def _without_session(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view to which neither cookies nor their protection matter: it asks for a token itself."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return _not_allowed(response["Allow"]) if response.status_code == 405 else response

    return answer


def addresses() -> list[URLPattern]:
    """Every address of the API, below its prefix."""
    patterns: list[Any] = the_api().urls[0]
    for one in patterns:
        one.callback = _without_session(one.callback)
    return [
        path("openapi.json", _without_session(openapi), name="openapi"),
        *(one for one in patterns if one.name != "api-root"),
        re_path("", _without_session(nothing), name="nothing"),
    ]
