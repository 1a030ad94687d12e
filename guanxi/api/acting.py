"""Acts of programs: the forms and actions of the pages, once for each Idempotency-Key."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.accounts.models import User
from guanxi.api.bodies import Body, Sent, sent_json
from guanxi.api.problems import Refused
from guanxi.api.shapes import plain
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import Conflict, RuleBroken, StepRefused
from guanxi.kernel.text import read_id
from guanxi.web.acts import AlreadyDone, carry_out
from guanxi.web.forms import PickerField, refuse
from guanxi.web.models import SubmitKey

LONGEST_KEY = 200
Do = Callable[[ChangeWriter], Any]


def filled(made: Callable[..., Any], body: Body, *, user: Any, record: Any = None, begin: bool) -> Any:
    """A valid form of what was sent, and of what it begins with otherwise; raises Refused with its sentences."""
    unbound = made(user=user, record=record)
    data = Sent(body, unbound).read(begin=begin).data
    form = made(data, user=user, record=record)
    if record is not None and begin:
        _keep_choices(form, body)
    if not form.is_valid():
        raise refusal_of(form)
    return form


def _keep_choices(form: Any, body: Body) -> None:
    """What a record has already need not be on offer to whoever changes something else."""
    for name, field in form.fields.items():
        if name not in body and isinstance(field, PickerField):
            rows: Any = field.queryset
            field.queryset = rows.model._default_manager.filter(pk=field.chosen_pk)


def refusal_of(form: Any) -> Refused:
    """The sentences of a form by field; those about all of it as the detail."""
    errors = {name: [str(one) for one in sentences] for name, sentences in form.errors.items()}
    whole = errors.pop("__all__", [])
    for name in form.row_forms:
        formset = getattr(form, name)
        whole += list(formset.non_form_errors()) if formset is not None else []
        for number, row in enumerate(formset.errors if formset is not None else []):
            errors |= {f"{name}.{number}.{field}": list(map(str, told)) for field, told in row.items()}
    more = {"asked": asked} if whole and (asked := form.asked()) else {}
    return Refused(422, " ".join(whole) or _("Some fields are not right yet."), errors=errors, **more)


def act(request: HttpRequest, verb: str, do: Do, *, form: Any = None, body: Body | None = None) -> tuple[int, bool]:
    """Carry out one act; returns the record's id, and whether it was carried out before under the same key.

    `do` returns the record. Raises Refused with the sentence of the rule that is broken.
    """
    key, mark = _key_of(request), _mark_of(request)
    token: Any = vars(request)["auth"]  # which the bearer let in
    try:
        led = carry_out(request, verb, lambda change: f"{do(change).pk}#{mark}", key=key, way=Way.API, token=token.name)
    except AlreadyDone as done:
        return _led_to(done.url, mark), True
    except Conflict as conflict:
        raise _conflict(conflict, body or {}) from None
    except StepRefused as broken:
        raise Refused(409, broken.message) from None
    except RuleBroken as broken:
        raise _broken(broken, form) from None
    return _led_to(led, mark), False


def done_before(request: HttpRequest) -> int | None:
    """The id of the record that the same request led to when it was sent before under its Idempotency-Key."""
    key, user = _key_of(request), cast("User", request.user)
    done = SubmitKey.objects.filter(key=key, user=user).first() if key else None
    return _led_to(done.url, _mark_of(request)) if done is not None else None


def _led_to(url: str, mark: str) -> int:
    pk, _hash, told = url.partition("#")
    if told != mark:
        raise Refused(422, _("This Idempotency-Key was used for something else."))
    return read_id(pk) or 0


def _broken(broken: RuleBroken, form: Any) -> Refused:
    """The sentence next to its field, as on the page."""
    if form is None:
        return Refused(422, broken.message)
    if broken.field in form.row_forms:
        return Refused(422, _("Some fields are not right yet."), errors={broken.field: [broken.message]})
    refuse(form, broken)
    return refusal_of(form)


def _conflict(conflict: Conflict, body: Body) -> Refused:
    both: Mapping[str, Any] = {
        name: {"yours": body.get(name), "theirs": plain(value)} for name, value in conflict.theirs.items()
    }
    return Refused(412, conflict.message, conflict=both)


def _key_of(request: HttpRequest) -> str:
    """The submit key of an Idempotency-Key: a person's own, so that nobody hits upon another's."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise Refused(400, _("An Idempotency-Key has at most %(most)d characters.") % {"most": LONGEST_KEY})
    user: Any = request.user
    return hashlib.sha256(f"{user.pk} {key}".encode()).hexdigest() if key else ""


def _mark_of(request: HttpRequest) -> str:
    """By which a repeated request is known from another one under the same key."""
    asked = f"{request.method} {request.path} {request.headers.get('If-Match', '')}\n".encode()
    return hashlib.sha256(asked + sent_json(request)).hexdigest()[:32]
