"""How references read: the labels of records, kept for small tables until somebody changes one."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import models
from django.utils.translation import get_language

from guanxi.history.stamps import Stamped

Labels = dict[int, tuple[str, str]]
"""Record id → (text, tone); an empty tone means plain text."""

KEPT_ROWS = 5_000
"""Up to so many rows the labels of a stamped table are kept as a whole."""

_sources: dict[type[models.Model], Callable[[Collection[int]], Labels]] = {}
_kept: Stamped[Any] = Stamped(1_000)


def label_source(model: type[models.Model], source: Callable[[Collection[int]], Labels]) -> None:
    """Say how the references to a table are labelled, if not by their `str`."""
    _sources[model] = source


def labels_of(model: type[models.Model], ids: Collection[int]) -> Labels:
    """The labels of these records, binned ones too, in one query or none."""
    if model in _sources:
        return _sources[model](ids)
    rows: Any = model._default_manager
    stamp = getattr(model, "stamp", "")
    if not stamp:
        return _said(rows.filter(pk__in=ids)) if ids else {}
    whole: Labels | None = _kept.read(stamp, (model, get_language()), lambda: _whole(rows))
    return _said(rows.filter(pk__in=ids)) if whole is None else whole


def offered_ids(model: type[models.Model], user: Any, limit: dict[str, Any]) -> list[int] | None:
    """The records to offer in a filter, in their order; None where there are too many.

    Tables that everybody may see as a whole (`shared` on the queryset) are kept between requests.
    """
    manager: Any = model._default_manager

    def read() -> list[int] | None:
        return _few(manager.visible_to(user).filter(**limit))

    stamp = getattr(model, "stamp", "")
    if not (stamp and getattr(manager.all(), "shared", False)):
        return read()
    key = (model, "offered", *sorted(limit.items()))
    found: list[int] | None = _kept.read(stamp, key, read)
    return found


OFFERED = 60


def _few(rows: Any) -> list[int] | None:
    ids = list(rows.values_list("pk", flat=True)[: OFFERED + 1])
    return ids if len(ids) <= OFFERED else None


def _whole(rows: Any) -> Labels | None:
    records = list(rows.all()[: KEPT_ROWS + 1])
    return None if len(records) > KEPT_ROWS else _said(records)


def _said(records: Any) -> Labels:
    return {record.pk: (str(record), "") for record in records}
