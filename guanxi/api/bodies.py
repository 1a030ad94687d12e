"""What a program sends, as the forms of the pages read it: the same fields, the same sentences."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from guanxi.api.problems import Refused

Body = Mapping[str, Any]
LARGEST = 40
"""Digits beyond which a number is left as it was written: no field holds it, and writing it out fills the memory."""
MOST_TOLD = 100
"""Faults that one answer names: a body of many would get an answer ten times its size."""
MANY = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent; nothing counts as an empty one. Raises Refused for what is none."""
    sent = sent_json(request)
    if not sent:
        return {}
    try:
        body = json.loads(sent, parse_float=_exact, parse_constant=_no_number, object_pairs_hook=_told_once)
        _refuse_unwritable(body)
    except (ValueError, RecursionError):
        raise Refused(400, _("The body cannot be read as JSON.")) from None
    if not isinstance(body, dict):
        raise Refused(422, _("Send an object of fields."))
    return body


def sent_json(request: HttpRequest) -> bytes:
    """What was sent, unread; raises Refused for another kind of body, which a form's reader may have taken already."""
    if request.content_type == "application/json":
        return bytes(request.body)
    if request.META.get("CONTENT_LENGTH") or request.META.get("HTTP_TRANSFER_ENCODING"):
        raise Refused(415, _("Send JSON: Content-Type: application/json."))
    return b""


def _exact(text: str) -> Decimal:
    """A number as it was written: amounts are no floats."""
    return Decimal(text)


def _no_number(text: str) -> None:
    raise ValueError(text)


def _told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refuse_unwritable(value: Any) -> None:
    """Raise ValueError for text that no database holds."""
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError("NUL")
    for one in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_unwritable(one)


class Sent:
    """The fields that were sent, for one form. Refuses names that the form does not have, and odd kinds of values."""

    def __init__(self, body: Body, form: Any) -> None:
        """`form` is the form unbound, as it stands for this person and record."""
        self.body = body
        self.form = form
        self.errors: dict[str, list[str]] = {}
        self.data: MultiValueDict[str, str] = MultiValueDict()

    def read(self, *, begin: bool) -> "Sent":
        """Fill `data`; what was not sent is what the form begins with, if `begin` says so. Raises Refused."""
        for name, value in self.body.items():
            self._take(name, value)
        if self.errors:
            raise Refused(422, _("Some fields cannot be taken as they are."), errors=self.errors)
        for name in self._untouched() if begin else ():
            _put(self.data, name, self.form[name].value())
        for name in self.form.row_forms:
            self._rows(name, self.body.get(name, self._begun_rows(name) if begin else []))
        return self

    def _untouched(self) -> Iterable[str]:
        return (name for name in self.form.fields if name not in self.body)

    def _take(self, name: str, value: Any) -> None:
        if name in self.form.row_forms and getattr(self.form, name) is not None:
            self._check_rows(name, value)
        elif name in self.form.fields:
            self._check(name, self.form.fields[name], value)
            _put(self.data, name, value)
        elif name in self.form.also_read and _is_one_or_list(value):
            _put(self.data, name, value)
        else:
            self._refuse(name, _("There is no such field to write."))

    def _check(self, place: str, field: forms.Field | None, value: Any) -> None:
        if field is None:
            self._refuse(place, _("There is no such field to write."))
        elif value is not None and not _suits(field, value):
            self._refuse(place, _("A value of another kind belongs here."))

    def _refuse(self, place: str, sentence: str) -> None:
        if len(self.errors) < MOST_TOLD:
            self.errors[place] = [sentence]

    def _check_rows(self, name: str, rows: Any) -> None:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._refuse(name, _("A list of objects belongs here."))
            return
        fields = self.form.row_forms[name].base_fields
        for number, row in enumerate(rows):
            for key, value in row.items():
                self._check(f"{name}.{number}.{key}", fields.get(key), value)

    def _begun_rows(self, name: str) -> list[dict[str, Any]]:
        formset = getattr(self.form, name)
        return list(formset.initial or []) if formset is not None else []

    def _rows(self, name: str, rows: list[dict[str, Any]]) -> None:
        """The rows as a formset reads them, all of them as rows that stand: an empty one is refused, not skipped."""
        self.data[f"{name}-TOTAL_FORMS"] = self.data[f"{name}-INITIAL_FORMS"] = str(len(rows))
        for number, row in enumerate(rows):
            for key, value in row.items():
                _put(self.data, f"{name}-{number}-{key}", value)


def _put(data: MultiValueDict[str, str], name: str, value: Any) -> None:
    """A value as a browser would send it; nothing for none."""
    if isinstance(value, list | tuple):
        data.setlist(name, [_text(one) for one in value])
    elif value is not None:
        data[name] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal) and abs(value.adjusted()) <= LARGEST:
        return format(value, "f")
    return str(getattr(value, "pk", value))


def _suits(field: forms.Field, value: Any) -> bool:
    """Whether a value is of the kind that a field reads."""
    if isinstance(field, forms.BooleanField):
        return isinstance(value, bool)
    if isinstance(field, MANY):
        return isinstance(value, list) and all(map(_is_scalar, value))
    return _is_scalar(value)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | Decimal) and not isinstance(value, bool)


def _is_one_or_list(value: Any) -> bool:
    return all(map(_is_scalar, value)) if isinstance(value, list) else _is_scalar(value)
