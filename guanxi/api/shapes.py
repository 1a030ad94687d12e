"""How the fields of a record read in JSON: their types, and their values as far as the reader may see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Any

from django.db import models
from pydantic import BaseModel, Field, create_model

from guanxi.kernel.fields import FieldClass, MoneyField, class_of
from guanxi.web import formats
from guanxi.web.labels import labels_of

ALWAYS = ("id", "version")
"""What every record tells before its declared fields: its key, and the version that a change names."""


class Reference(BaseModel):
    """Another record, by its key and by what it is called."""

    id: int
    label: str


class Shape:
    """The fields of a model as JSON; masked texts read as on pages, what else is masked reads null."""

    def __init__(self, model: Any, names: Iterable[str]) -> None:
        self.fields: list[Any] = [model._meta.get_field(name) for name in names]

    @cached_property
    def columns(self) -> list[str]:
        """The names of their values in a row of `.values()`."""
        return [field.attname for field in self.fields]

    def schema(self, name: str, **more: Any) -> type[BaseModel]:
        """The type of such an object."""
        told: dict[str, Any] = {field.name: _typed(field) for field in self.fields}
        made: type[BaseModel] = create_model(name, **told, **more)
        return made

    def objects(self, rows: Sequence[Mapping[str, Any]], masked: Collection[str]) -> list[dict[str, Any]]:
        """The rows, each as an object; the labels of all references come in one go each."""
        labels = {
            field.name: labels_of(field.related_model, {row[field.attname] for row in rows} - {None})
            for field in self.fields
            if field.many_to_one
        }
        return [
            {field.name: self._value(field, row[field.attname], masked, labels) for field in self.fields}
            for row in rows
        ]

    def _value(self, field: Any, value: Any, masked: Collection[str], labels: Mapping[str, Any]) -> Any:
        if value in (None, ""):
            return value
        kind = class_of(field)
        if kind in masked:
            return formats.masked(value, kind) if isinstance(value, str) else None
        if field.many_to_one:
            return {"id": value, "label": labels[field.name].get(value, (formats.EMPTY,))[0]}
        return plain(value)


def row_of(record: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """A record as such a row."""
    return {column: getattr(record, column) for column in columns}


def plain(value: Any) -> Any:
    """A value as JSON holds it: moments in UTC, exact decimals as text, other records by their key."""
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.pk if isinstance(value, models.Model) else str(value)


def _typed(field: Any) -> Any:
    """The type of a field's value in JSON, with what it is called."""
    kind, told = _kind(field)
    hidden = class_of(field) != FieldClass.PLAIN and not isinstance(field, models.CharField)
    empty = field.null or hidden
    return Annotated[kind | None if empty else kind, Field(title=str(field.verbose_name), json_schema_extra=told)], ...


def _kind(field: Any) -> tuple[Any, dict[str, Any] | None]:
    if field.many_to_one:
        return Reference, None
    for model_field, kind, told in _KINDS:
        if isinstance(field, model_field):
            return kind, told
    values = [str(value) for value, _label in field.flatchoices]
    return str, {"examples": values} if values else None


_KINDS: list[tuple[Any, Any, dict[str, Any] | None]] = [
    (models.BooleanField, bool, None),
    (MoneyField, str, {"format": "decimal"}),
    (models.IntegerField, int, None),
    (models.DecimalField, str, {"format": "decimal"}),
    (models.DateTimeField, str, {"format": "date-time"}),
    (models.DateField, str, {"format": "date"}),
]
