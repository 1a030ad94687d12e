"""Many counts and sums by one query: each a subquery that an index serves by itself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Func, IntegerField, QuerySet, Subquery, Value

from guanxi.kernel.records import RecordQuerySet


def read_values(asked: Sequence[tuple[QuerySet[Any], str]], user: Any) -> list[Any]:
    """How many rows each query set has, or what the named field of its rows adds up to."""
    parts = [
        (place, rows.filter(part), field)
        for place, (rows, field) in enumerate(asked)
        for part in (rows.parts_of(user) if isinstance(rows, RecordQuerySet) else [])
    ]
    if not parts:
        return []
    found = get_user_model()._default_manager.filter(pk=user.pk)
    numbers = found.values_list(*(_value(rows, field) for _place, rows, field in parts)).get()
    values: list[Any] = [Decimal("0.00") if field else 0 for _rows, field in asked]
    for (place, _rows, _field), number in zip(parts, numbers, strict=True):
        values[place] += number or 0
    return values


def _value(rows: QuerySet[Any], field: str) -> Subquery:
    """An aggregate over all rows as a value: Func, not Sum, as that would group them."""
    if not field:
        return Subquery(rows.order_by().values_list(Func(Value(1), function="COUNT", output_field=IntegerField())))
    whole: Any = rows.model._meta.get_field(field)
    return Subquery(rows.order_by().values_list(Func(F(field), function="SUM", output_field=whole)))
