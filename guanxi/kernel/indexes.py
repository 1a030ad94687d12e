"""Indexes that serve a sorted list both ways, on each database, and the recycle bin."""

from typing import Any

from django.db import models


class SortIndex(models.Index):
    """An index in the order of a list: falling, empty values last, ties by id.

    Read backwards it serves the rising order. The fields before the sorted one narrow it; with
    `condition` it holds only rows in use.
    """

    def __init__(self, *, fields: Any = (), **kwargs: Any) -> None:
        super().__init__(fields=fields, **kwargs)

    def create_sql(self, model: type[models.Model], schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """PostgreSQL must be told where empty values stand; SQLite keeps them where lists want them."""
        plain = self.fields_orders
        if schema_editor.connection.vendor == "postgresql":
            self.fields_orders = [(name, _empty_last(name, order)) for name, order in plain]
        try:
            return super().create_sql(model, schema_editor, using=using, **kwargs)
        finally:
            self.fields_orders = plain


def _empty_last(name: str, order: str) -> str:
    return "DESC NULLS LAST" if order == "DESC" and name != "id" else order


def sort_index(*fields: str, name: str) -> SortIndex:
    """The index of rows in use by these fields; the last one sorts, such as `-created_at`."""
    return SortIndex(fields=[*fields, "-id"], name=name, condition=models.Q(binned_in__isnull=True))


def bin_index(*, name: str) -> models.Index:
    """The index of the few rows in the bin: the latest first, and all that one act brought there."""
    return models.Index(fields=["-binned_in", "-id"], name=name, condition=models.Q(binned_in__isnull=False))
