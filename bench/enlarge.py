"""`python -m bench.enlarge TIMES`: make a company so many times as large by copies of its customers.

A million customers take hours to be made one by one. Each copy has ids, numbers and names of its own, and all that hangs
on its customers; people, dictionary and dates are shared. The search index knows the first copy alone. SQLite only.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import django

django.setup()

# ruff: noqa: E402 - models can be imported only once Django is set up
from django.apps import apps
from django.db import connection, models
from django.db.models import Max

from guanxi.customers.models import Customer, GoodsMonth
from guanxi.system.statistics import refresh_statistics

FAST = ["foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"]
"""A crash spoils the file, which is made again."""


def copied() -> list[type[models.Model]]:
    """Customers, what hangs on them through however many steps, and the sums of months."""
    found: list[type[models.Model]] = [Customer]
    grown = True
    while grown:
        further = [model for model in apps.get_models() if model not in found and _hangs_on(model, found)]
        found += further
        grown = bool(further)
    return [*found, GoodsMonth]


def _hangs_on(model: type[models.Model], whole: Sequence[type[models.Model]]) -> bool:
    return any(field.is_relation and field.related_model in whole for field in model._meta.concrete_fields)


def columns(model: type[models.Model], among: Sequence[type[models.Model]], shift: int) -> Iterator[tuple[str, str]]:
    """Each column with what a copy has in it: ids moved, what must be unique with a number behind it."""
    single = {
        name for one in model._meta.constraints if isinstance(one, models.UniqueConstraint) for name in one.fields
    }
    for field in model._meta.concrete_fields:
        column = connection.ops.quote_name(field.column)
        texts = isinstance(field, models.CharField) and (field.unique or field.name in single)
        if field.primary_key or field.related_model in among:
            yield column, f"{column} + {shift}"
        elif texts or (model, field.name) == (Customer, "name"):
            yield column, f"{column} || '~{shift}'"
        else:
            yield column, column


def enlarge(times: int) -> None:
    """Copy every row `times` - 1 times."""
    chosen = copied()
    step = 1 + max(model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in chosen)
    with connection.cursor() as cursor:
        for pragma in FAST:
            cursor.execute(f"PRAGMA {pragma}")
        for model in chosen:
            table = connection.ops.quote_name(model._meta.db_table)
            for shift in range(step, times * step, step):
                pairs = list(columns(model, chosen, shift))
                into, values = (", ".join(part) for part in zip(*pairs, strict=True))
                key = connection.ops.quote_name(_key(model))
                cursor.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} WHERE {key} < {step}")
            print(f"  {model._meta.label}", flush=True)
        cursor.execute("PRAGMA journal_mode = WAL")
    refresh_statistics()


def _key(model: Any) -> str:
    return str(model._meta.pk.column)


if __name__ == "__main__":
    enlarge(int(sys.argv[1]))
