"""Pages that stay flat: by number up to an offset, by key beyond, and capped counts."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.expressions import OrderBy

from guanxi.kernel.days import is_of_our_time
from guanxi.kernel.records import RecordQuerySet
from guanxi.kernel.text import read_id

SIZES = (20, 50, 100)
DEEPEST_OFFSET = 10_000
CAP = 10_000
LARGEST = 1 << 63
"""No column holds such a number."""


@dataclass(frozen=True)
class Sort:
    """The order of a list: one indexed column, ties by id."""

    field: str
    descending: bool

    @property
    def text(self) -> str:
        """As it stands in the address: `-created_at`."""
        return f"-{self.field}" if self.descending else self.field

    def order(self) -> list[OrderBy | str]:
        """Empty values last when falling, first when rising: one index serves both ways."""
        if self.descending:
            return [F(self.field).desc(nulls_last=True), "-id"]
        return [F(self.field).asc(nulls_first=True), "id"]


@dataclass(frozen=True)
class Page:
    """One page of rows. `number` is 0 when it was reached by key."""

    rows: list[dict[str, Any]]
    number: int
    size: int
    more: bool
    after: str = ""

    @property
    def first(self) -> int:
        """The place of its first row, from 1; 0 when unknown."""
        return (self.number - 1) * self.size + 1 if self.number else 0

    @property
    def total(self) -> int | None:
        """How many rows there are in all, where this page shows it by itself."""
        if self.number and not self.more and (self.rows or self.number == 1):
            return (self.number - 1) * self.size + len(self.rows)
        return None


def read_page(rows: models.QuerySet[Any], columns: list[str], *, sort: Sort, number: int, size: int, key: str) -> Page:
    """The asked page as dicts: by key when one is given and readable, else by number."""
    place = _read_key(key, rows.model._meta.get_field(sort.field))
    if place is not None:
        found = _after(rows, sort, place, size + 1, columns)
        number = 0
    else:
        number = min(max(number, 1), DEEPEST_OFFSET // size)
        start = (number - 1) * size
        found = list(rows.order_by(*sort.order()).values(*columns)[start : start + size + 1])
    shown = found[:size]
    deep = number == 0 or number * size >= DEEPEST_OFFSET
    after = _write_key(shown[-1], sort) if len(found) > size and deep else ""
    return Page(shown, number, size, len(found) > size, after)


def read_behind(rows: models.QuerySet[Any], columns: list[str], *, sort: Sort, size: int, key: str) -> Page:
    """The rows behind a key, or the first ones without one; raises ValueError for a key that names no place."""
    place = _read_key(key, rows.model._meta.get_field(sort.field))
    if key and place is None:
        raise ValueError(key)
    if place is None:
        found = list(rows.order_by(*sort.order()).values(*columns)[: size + 1])
    else:
        found = _after(rows, sort, place, size + 1, columns)
    more = len(found) > size
    return Page(found[:size], 0, size, more, _write_key(found[size - 1], sort) if more else "")


def capped_count(rows: models.QuerySet[Any], cap: int = CAP) -> int:
    """How many rows, or cap + 1 when there are more: never an exact count of a large table."""
    return rows.order_by()[: cap + 1].count()


def capped_counts(asked: Sequence[tuple[models.QuerySet[Any], int]], user: Any) -> list[int]:
    """How many rows of each queryset that the user sees, or its cap + 1 when there are more, in one query."""
    parts = [(place, rows.filter(part), cap) for place, (rows, cap) in enumerate(asked) for part in _parts(rows, user)]
    counts = [_Count(rows.order_by().values("pk")[: cap + 1]) for _place, rows, cap in parts]
    found = get_user_model()._default_manager.filter(pk=user.pk).values_list(*counts).get()
    totals = [0] * len(asked)
    for (place, _rows, _cap), count in zip(parts, found, strict=True):
        totals[place] += count or 0
    return [min(total, cap + 1) for total, (_rows, cap) in zip(totals, asked, strict=True)]


def _parts(rows: Any, user: Any) -> list[Q]:
    return rows.parts_of(user) if isinstance(rows, RecordQuerySet) else [Q()]


class _Count(Subquery):
    """How many rows a queryset has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def _after(
    rows: models.QuerySet[Any], sort: Sort, place: tuple[Any, int], count: int, columns: list[str]
) -> list[dict[str, Any]]:
    """The rows behind a place. Both halves of the key are ranges that the index can seek."""
    value, pk = place
    ordered = rows.order_by(*sort.order())
    tie = Q(id__lt=pk) if sort.descending else Q(id__gt=pk)
    empty = Q(**{f"{sort.field}__isnull": True})
    if value is None and sort.descending:
        return list(ordered.filter(empty, tie).values(*columns)[:count])
    if value is None:
        found = list(ordered.filter(empty, tie).values(*columns)[:count])
        rest = ordered.exclude(empty)
        return found + list(rest.values(*columns)[: count - len(found)])
    beyond, upto = ("lt", "lte") if sort.descending else ("gt", "gte")
    behind = Q(**{f"{sort.field}__{beyond}": value}) | tie
    found = list(ordered.filter(Q(**{f"{sort.field}__{upto}": value}), behind).values(*columns)[:count])
    nullable = rows.model._meta.get_field(sort.field).null
    if sort.descending and nullable and len(found) < count:
        found += list(ordered.filter(empty).values(*columns)[: count - len(found)])
    return found


def _write_key(row: dict[str, Any], sort: Sort) -> str:
    value = row[sort.field]
    # Not Django's encoder: it cuts microseconds, and the key would skip rows.
    shown = value.isoformat() if isinstance(value, date) else value
    text = json.dumps([shown, row["id"]], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_key(key: str, field: Any) -> tuple[Any, int] | None:
    """The place that a key names; a broken key counts as none."""
    if not key:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(key.encode()))
        place = field.to_python(value), int(pk)
        return place if _can_be_asked_for(*place) else None
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError):
        return None


def _can_be_asked_for(value: Any, pk: int) -> bool:
    """Whether a database can compare with it: no text that it cannot hold, no day outside of its calendar."""
    if isinstance(value, str):
        value.encode()
        return "\0" not in value and read_id(pk) is not None
    if isinstance(value, int):
        return read_id(pk) is not None and abs(value) < LARGEST
    return read_id(pk) is not None and (not isinstance(value, date) or is_of_our_time(value))
