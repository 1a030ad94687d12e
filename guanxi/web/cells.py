"""Columns of a resource and the cells they show: kinds follow from the model's fields."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from guanxi.kernel.days import company_day
from guanxi.kernel.fields import MoneyField, PhoneField, class_of
from guanxi.kernel.text import listed
from guanxi.web import formats
from guanxi.web.kept import PIECES, Macro
from guanxi.web.labels import Labels, labels_of

Row = Mapping[str, Any]
CONTAINERS = frozenset({list, dict, set})


@dataclass(frozen=True)
class Column:
    """One column: the model's field behind it, its kind of cell and whether it sorts."""

    name: str
    label: Any
    kind: str
    field: Any
    sortable: bool = False

    @cached_property
    def key(self) -> str:
        """The name of its value in a row of `.values()`."""
        return str(self.field.attname)

    @cached_property
    def numeric(self) -> bool:
        """Whether it reads right-aligned."""
        return self.kind in {"money", "number", "percent"}

    @cached_property
    def field_class(self) -> str:
        """What it holds, as far as masking is concerned."""
        return class_of(self.field)


class Cell(NamedTuple):
    """One shown value. `text` is never empty; `tone` colours a tag; `value` is the raw one."""

    kind: str
    text: str
    tone: str = ""
    value: Any = None
    title: str = ""


class Deadline(NamedTuple):
    """What counts while the field `state` of a row holds one of `states`, or always without such a field."""

    state: str = ""
    states: Collection[Any] = ()

    def missed(self, value: date, row: Row) -> bool:
        """Whether this moment or day has passed, and the row still waits."""
        now = timezone.now()
        passed = value < (now if isinstance(value, datetime) else company_day(now))
        return passed and (not self.state or row.get(self.state) in self.states)


NO_DEADLINES: Mapping[str, Deadline] = {}


def plain_keys(columns: Iterable[Column]) -> set[str]:
    """The names of the values that a row of `.values()` must have; many-to-many ones are read for all rows at once."""
    return {column.key for column in columns if column.kind != "many"}


def row_of(record: models.Model, columns: Iterable[Column]) -> dict[str, Any]:
    """A record as a row of these columns."""
    return {"id": record.pk} | {key: getattr(record, key) for key in plain_keys(columns)}


def column_of(model: type[models.Model], name: str, *, kind: str = "", sortable: bool) -> Column:
    """The column of a model's field."""
    field: Any = model._meta.get_field(name)
    return Column(name, field.verbose_name, kind or _kind_of(field), field, sortable)


_KINDS: list[tuple[type[Any], str]] = [
    (MoneyField, "money"),
    (PhoneField, "phone"),
    (models.EmailField, "email"),
    (models.URLField, "link"),
    (models.BooleanField, "yes"),
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.DecimalField, "number"),
    (models.IntegerField, "number"),
]


def _kind_of(field: Any) -> str:
    if field.choices:
        return "state"
    if field.many_to_many:
        return "many"
    if field.many_to_one:
        return "person" if _is_user(field.related_model) else "reference"
    for kind_class, kind in _KINDS:
        if isinstance(field, kind_class):
            return kind
    return "text"


def _is_user(model: Any) -> bool:
    return hasattr(model, "USERNAME_FIELD")


class Shower:
    """Turns rows of one page into cells; the labels of all references come in one go each."""

    def __init__(
        self,
        columns: Collection[Column],
        rows: Collection[Row],
        *,
        masked: Collection[str],
        tones: Mapping[str, Mapping[str, str]],
        deadlines: Mapping[str, Deadline] = NO_DEADLINES,
    ) -> None:
        self.masked = masked
        self.tones = tones
        self.deadlines = deadlines
        self._labels = {
            column.name: labels_of(column.field.related_model, _ids(column, rows))
            for column in columns
            if column.kind in {"person", "reference"}
        }
        self._many = {column.name: _related(column, rows) for column in columns if column.kind == "many"}
        self._states = {column.name: dict(column.field.flatchoices) for column in columns if column.kind == "state"}

    def cell(self, column: Column, row: Row) -> Cell:
        """What this column shows of a row."""
        if column.kind == "many":
            return _many(self._many[column.name].get(row["id"], []))
        value = row[column.key]
        if value in (None, ""):
            return Cell("empty", formats.EMPTY)
        if column.field_class in self.masked:
            return Cell("masked", formats.masked(value, column.field_class))
        if column.name in self._labels:
            return self._reference(column, value, self._labels[column.name])
        if column.kind == "state":
            return self._state(column, value)
        show = _SHOWN.get(column.kind, str)
        missed = column.name in self.deadlines and self.deadlines[column.name].missed(value, row)
        return Cell("missed" if missed else column.kind, show(value), value=value, title=_title(column.kind, value))

    def _reference(self, column: Column, value: Any, labels: Labels) -> Cell:
        text, tone = labels.get(value, (formats.EMPTY, ""))
        return Cell("category" if tone else column.kind, text, tone, value)

    def _state(self, column: Column, value: Any) -> Cell:
        text = str(self._states[column.name].get(value, value))
        return Cell("state", text, self.tones.get(column.name, {}).get(str(value), "mut"), value)


_SHOWN: dict[str, Callable[[Any], str]] = {
    "money": formats.money,
    "number": formats.number,
    "percent": formats.percent,
    "phone": formats.phone,
    "yes": formats.yes_or_no,
    "moment": formats.ago,
    "precise": formats.precise,
    "day": formats.day,
    "stars": lambda value: f"{Decimal(value):.1f}".removesuffix(".0"),
}


def cell_kind(kind: str, show: Callable[[Any], str]) -> None:
    """Declare a kind of cell that reads as `show` says, such as the name of a verb."""
    _SHOWN[kind] = show


def _title(kind: str, value: Any) -> str:
    if kind == "moment":
        return formats.moment(value)
    return formats.full_day(value) if kind == "day" else ""


def _ids(column: Column, rows: Iterable[Row]) -> set[int]:
    return {row[column.key] for row in rows if row[column.key] is not None}


def _many(labels: list[str]) -> Cell:
    return Cell("many", listed(labels), value=tuple(labels)) if labels else Cell("empty", formats.EMPTY)


def _related(column: Column, rows: Collection[Row]) -> dict[int, list[str]]:
    """The labels of the records in use that each row of the page is related to."""
    field, found = column.field, defaultdict(list)
    mine, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._default_manager.filter(**{f"{mine}__in": [row["id"] for row in rows]})
    in_use = links.filter(**{f"{theirs}__binned_in": None}).order_by("pk")
    pairs = list(in_use.values_list(f"{mine}_id", f"{theirs}_id"))
    labels = labels_of(field.related_model, {pk for _mine, pk in pairs})
    for own, other in pairs:
        if other in labels:
            found[own].append(labels[other][0])
    return found


def card_classes(columns: Collection[Column]) -> list[tuple[str, str]]:
    """The classes of each column's cells, and those of its empty ones."""
    ends = [" r" if column.numeric else "" for column in columns]
    return [(f"{slot}{end}", f"c-no{end}") for slot, end in zip(_card_slots(columns), ends, strict=True)]


def placed(cells: Iterable[Cell], classes: Collection[tuple[str, str]]) -> tuple[tuple[str, Cell], ...]:
    """Cells with their classes; on a phone an empty one has no place."""
    both = zip(cells, classes, strict=True)
    return tuple((empty if cell.kind == "empty" else css, cell) for cell, (css, empty) in both)


def _card_slots(columns: Collection[Column]) -> list[str]:
    """Where each column stands in the cards that a list becomes on a phone."""
    left = {"tag": 2, "money": 1, "when": 1, "meta": 3}
    slots = {}
    for column in sorted(columns, key=lambda one: one.kind != "state"):  # where it stands goes before what it is of
        slot = _CARD_SLOTS.get(column.kind, "meta")
        slots[column.name] = f"c-{slot}" if left.get(slot, 0) > 0 else "c-no"
        left[slot] = left.get(slot, 0) - 1
    return [slots[column.name] for column in columns]


_CARD_SLOTS = {
    "state": "tag",
    "reference": "tag",
    "money": "money",
    "moment": "when",
    "precise": "when",
    "day": "when",
    "code": "no",
    "number": "no",  # without its heading it says nothing
    "percent": "no",
    "stars": "no",
    "yes": "no",
}


def kept_cells(macro: Macro) -> Macro:
    """The macro of a cell in a language; what repeats on every page is rendered once."""
    known: dict[tuple[Any, ...], str] = {}

    def show(cell: Cell, language: str = "") -> str:
        if type(cell.value) in CONTAINERS:
            return macro(cell)
        key = (language or get_language(), cell, type(cell.value))
        text = known.get(key)
        if text is None:
            if len(known) >= PIECES:
                known.clear()
            text = known[key] = macro(cell)
        return text

    return show
