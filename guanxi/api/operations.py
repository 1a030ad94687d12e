"""What a program can do with each resource: the verbs of its pages, from the same declaration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.responses import Status

from guanxi.api.acting import act, done_before, filled
from guanxi.api.bodies import MOST_TOLD, read_body
from guanxi.api.choosing import choices_of, offers_choices
from guanxi.api.listing import read_list
from guanxi.api.problems import Refused
from guanxi.api.shapes import ALWAYS, Shape, row_of
from guanxi.kernel.text import read_id
from guanxi.web.declarations import Action
from guanxi.web.resource import Resource


@dataclass(frozen=True)
class Operation:
    """One operation: where, by which method, what it needs, what carries it out."""

    door: "Door"
    name: str
    method: str
    path: str
    permission: str
    view: Callable[..., Any]
    body: Any = None
    """The form that reads what is sent; None for nothing."""
    statuses: tuple[int, ...] = ()
    """What it may answer beside what all may."""

    @property
    def key(self) -> str:
        """Its name among all operations: `marketing_salechance_assign`."""
        return f"{self.door.resource.key}_{self.name}".replace(".", "_").replace("-", "_")

    @property
    def address(self) -> str:
        """The name of its address, which two methods may share: `marketing-salechance-assign`."""
        shared = {"create": "list", "edit": "record"}.get(self.name, self.name)
        return f"{self.door.resource.key}-{shared}".replace(".", "-")

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


class Door:
    """A resource as programs reach it."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.path = f"/{resource.app}/{resource.path}/" if resource.path else f"/{resource.app}/"
        self.shape = Shape(resource.model, [*ALWAYS, *resource.api_fields])
        self.rows = {
            name: Shape(resource.model._meta.get_field(name).related_model, ["id", *fields])
            for name, fields in resource.api_rows.items()
        }

    @cached_property
    def name(self) -> str:
        """By which its objects go in the description: `SaleChance`."""
        noun = self.resource.noun
        return noun.title() if noun else str(self.resource.model.__name__)

    def record(self, request: HttpRequest, pk: int) -> Any:
        """The record within reach; what lies outside does not exist."""
        found = self._visible(request, pk)
        if found is None:
            raise Refused(404, _("There is no such record, or it is not for you to see."))
        return found

    def _visible(self, request: HttpRequest, pk: int) -> Any:
        return self.resource.model._default_manager.visible_to(request.user).filter(pk=pk).first()

    def told(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """A record with the rows that it consists of."""
        masked = self.resource.masked(request.user)
        found = self.shape.objects([row_of(record, self.shape.columns)], masked)[0]
        for name, shape in self.rows.items():
            found[name] = shape.objects(list(getattr(record, name).in_use().values(*shape.columns)), masked)
        return found

    def answer(self, request: HttpRequest, response: HttpResponse, done: tuple[int, bool], status: int = 200) -> Status:
        """A record after an act, as it stands; 204 where it is out of the person's reach by then, or not to be read."""
        pk, again = done
        if again:
            response["Idempotent-Replayed"] = "true"
        record = self._visible(request, pk) if self.resource.may(request.user, "view") else None
        if record is None:
            return Status(204, None)
        if status == 201:
            response["Location"] = f"{request.path}{pk}/"
        response["ETag"] = etag(record)
        return Status(status, self.told(request, record))


def etag(record: Any) -> str:
    """The version of a record, as a change names it."""
    return f'"{record.version}"'


def operations_of(resource: Resource) -> Iterator[Operation]:
    """Every operation of a resource."""
    door, kind, verbs = Door(resource), type(resource), resource.verbs()
    one = f"{door.path}{{int:pk}}/"
    yield Operation(door, "list", "GET", door.path, verbs["view"], _listing(door), statuses=(422,))
    yield Operation(door, "record", "GET", one, verbs["view"], _reading(door), statuses=(404,))
    if kind.create:
        yield Operation(door, "create", "POST", door.path, verbs["create"], _creating(door), resource.form)
        path, choosing = f"{door.path}choices/{{slug:field}}/", _choosing(door)
        yield Operation(door, "choices", "GET", path, verbs["create"], choosing, statuses=(404, 422))
    if kind.edit:
        edit = _editing(door)
        yield Operation(door, "edit", "PATCH", one, verbs["edit"], edit, resource.form, statuses=(404, 412, 428))
    if kind.bin:
        yield Operation(door, "bin", "POST", f"{one}bin/", verbs["bin"], _binning(door), statuses=(404,))
    if kind.restore:
        path, restore = f"{one}restore/", _restoring(door)
        yield Operation(
            door, "restore", "POST", path, verbs["restore"], restore, resource.restore_form, statuses=(404,)
        )
    for action in resource.actions:
        path, permission = f"{one}{action.verb}/", resource.permission_of(action)
        yield Operation(door, action.verb, "POST", path, permission, _acting(door, action), action.form, (404,))
        if action.form is not None and offers_choices(action.form):
            name, path, choosing = (
                f"{action.verb}-choices",
                f"{path}choices/{{slug:field}}/",
                _choosing_for(door, action),
            )
            yield Operation(door, name, "GET", path, permission, choosing, statuses=(404, 422))


def _once(door: Door, view: Callable[..., Any], status: int = 200) -> Callable[..., Any]:
    """A view that answers a request under a known Idempotency-Key by what it led to, also where it is refused now."""

    @wraps(view)
    def answer(request: HttpRequest, response: HttpResponse, **place: Any) -> Any:
        done = done_before(request)
        if done is None:
            try:
                return view(request, response, **place)
            except Refused:
                done = done_before(request)
                if done is None:
                    raise
        return door.answer(request, response, (done, True), status)

    return answer


def _listing(door: Door) -> Callable[..., Any]:
    def list_records(request: HttpRequest) -> Any:
        return read_list(door.resource, door.shape, request)

    return list_records


def _reading(door: Door) -> Callable[..., Any]:
    def read_record(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
        record = door.record(request, pk)
        response["ETag"] = etag(record)
        return door.told(request, record)

    return read_record


def _creating(door: Door) -> Callable[..., Any]:
    def create_record(request: HttpRequest, response: HttpResponse) -> Any:
        form = filled(door.resource.form, read_body(request), user=request.user, begin=True)
        create: Any = type(door.resource).create
        done = act(request, "create", lambda change: create(change=change, **form.values()), form=form)
        return door.answer(request, response, done, 201)

    return _once(door, create_record, 201)


def _choosing(door: Door) -> Callable[..., Any]:
    def list_choices(request: HttpRequest, field: str) -> Any:
        return choices_of(door.resource.form(user=request.user), field, request)

    return list_choices


def _choosing_for(door: Door, action: Action) -> Callable[..., Any]:
    made: Any = action.form

    def list_choices(request: HttpRequest, pk: int, field: str) -> Any:
        return choices_of(made(user=request.user, record=door.record(request, pk)), field, request)

    return list_choices


def _editing(door: Door) -> Callable[..., Any]:
    def edit_record(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
        record = door.record(request, pk)
        seen = _seen(request, record)
        body = read_body(request)
        form = filled(door.resource.form, body, user=request.user, record=record, begin=True)
        untouched = set(form.row_forms) - set(body)
        values = {name: value for name, value in form.values().items() if name not in untouched}
        edit: Any = type(door.resource).edit
        try:
            done = act(
                request,
                "edit",
                lambda change: edit(record, change=change, seen=seen, **values) or record,
                form=form,
                body=body,
            )
        except Refused as refused:
            refused.etag = etag(door.record(request, pk)) if refused.status == 412 else ""
            raise
        return door.answer(request, response, done)

    return _once(door, edit_record)


def _binning(door: Door) -> Callable[..., Any]:
    def bin_record(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
        record = door.record(request, pk)
        _nothing_in(request)
        run: Any = type(door.resource).bin
        done = act(request, "bin", lambda change: run(record, change=change) or record)
        return door.answer(request, response, done)

    return _once(door, bin_record)


def _restoring(door: Door) -> Callable[..., Any]:
    def restore_record(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
        binned = door.resource.model._default_manager.binned_visible_to(request.user)
        record = binned.filter(pk=pk).first() or door.record(request, pk)
        asked = door.resource.restore_form
        body = read_body(request) if asked else _nothing_in(request)
        form = filled(asked, body, user=request.user, record=record, begin=False) if body else None
        values = form.values() if form is not None else {}
        run: Any = type(door.resource).restore
        done = act(request, "restore", lambda change: run(record, change=change, **values) or record, form=form)
        return door.answer(request, response, done)

    return _once(door, restore_record)


def _acting(door: Door, action: Action) -> Callable[..., Any]:
    def act_on_record(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
        record = door.record(request, pk)
        form = None
        if action.form is None:
            _nothing_in(request)
        else:
            form = filled(action.form, read_body(request), user=request.user, record=record, begin=False)
        values = form.values() if form is not None else {}

        def do(change: Any) -> Any:
            action.run(record, change=change, **values)
            return record

        return door.answer(request, response, act(request, action.verb, do, form=form))

    return _once(door, act_on_record)


def _nothing_in(request: HttpRequest) -> dict[str, Any]:
    """An empty body; raises Refused for fields that nothing would read."""
    body = read_body(request)
    if body:
        errors = {name: [_("There is no such field to write.")] for name in list(body)[:MOST_TOLD]}
        raise Refused(422, _("Some fields cannot be taken as they are."), errors=errors)
    return body


def _seen(request: HttpRequest, record: Any) -> int | None:
    """The version that the sender had before them; None for `*`, whatever stands. Raises Refused without one."""
    named = request.headers.get("If-Match", "").strip()
    if not named:
        raise Refused(428, _("Send If-Match with the ETag of the record that you read."))
    if named == "*":
        return None
    seen = read_id(named[1:-1]) if len(named) > 2 and named[0] == named[-1] == '"' else None
    if seen is None:
        raise Refused(400, _("If-Match must be the ETag of the record."))
    if seen > record.version:
        raise Refused(412, _("The record was never at this version."), etag=etag(record))
    return seen
