"""Keeping the index in step with the records, in the transaction that writes them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from guanxi.kernel.batches import BATCH, batches
from guanxi.search import registry
from guanxi.search.models import SearchDoc
from guanxi.search.registry import Face
from guanxi.search.stores import Doc, store_of
from guanxi.search.tokens import document, tokens

_put_off: ContextVar[dict[type[models.Model], set[int]] | None] = ContextVar("guanxi_indexing_put_off", default=None)


@contextmanager
def indexed_once() -> Iterator[None]:
    """Put off all indexing inside to the end, and do it once a record: for many acts in one transaction."""
    put_off: dict[type[models.Model], set[int]] = {}
    token = _put_off.set(put_off)
    try:
        yield
    finally:
        _put_off.reset(token)
    for model, ids in put_off.items():
        touched(model, sorted(ids))


def ensure(connection: BaseDatabaseWrapper | None = None) -> None:
    """Create the database's own structures for tokens; does nothing where they are there."""
    store_of(connection).ensure()


def touched(model: type[models.Model], ids: Iterable[int]) -> None:
    """Bring the index up to date for records just written, binned or erased; call it in their transaction."""
    face = registry.find(model)
    if face is None:
        return
    put_off = _put_off.get()
    if put_off is not None:
        put_off.setdefault(model, set()).update(ids)
        return
    for batch in batches(ids):
        _refresh(face, batch)


def write(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Index these records, over what was there of them."""
    face = registry.face_of(model)
    for batch in batches(rows):
        store_of().put([_doc(face, record) for record in batch])


def remove(model: type[models.Model], ids: Iterable[int]) -> None:
    """Take records out of the index."""
    face = registry.face_of(model)
    for batch in batches(ids):
        store_of().drop([face.doc_id(pk) for pk in batch])


def rebuild(model: type[models.Model], batch: int = BATCH) -> Iterator[int]:
    """Index all records of a model anew, a transaction per batch; yields the size of each."""
    face = registry.face_of(model)
    _drop_orphans(face, batch)
    last = 0
    while pks := list(_ids(model).filter(pk__gt=last)[:batch]):
        with transaction.atomic():
            _refresh(face, pks)
        last = pks[-1]
        yield len(pks)


def _ids(model: type[models.Model]) -> models.QuerySet[Any, int]:
    return model._base_manager.order_by("pk").values_list("pk", flat=True)


def _drop_orphans(face: Face, batch: int) -> None:
    """Forget documents whose record was erased."""
    docs = SearchDoc.objects.filter(pk__range=face.doc_ids)
    orphans = docs.exclude(record_id__in=_ids(face.model).order_by()).values_list("record_id", flat=True)
    while pks := list(orphans[:batch]):
        with transaction.atomic():
            remove(face.model, pks)


def _refresh(face: Face, ids: Sequence[int]) -> None:
    records = face.model._base_manager.filter(pk__in=ids)
    if face.related:
        records = records.select_related(*face.related)
    live = {record.pk: record for record in records if getattr(record, "binned_in", None) is None}
    if live:
        write(face.model, live.values())
    if gone := [pk for pk in ids if pk not in live]:
        remove(face.model, gone)


def _doc(face: Face, record: Any) -> Doc:
    title = str(face.title(record))
    body = document([title, *map(str, face.text(record))])
    guarded = document(map(str, face.guarded(record)))
    return Doc(
        id=face.doc_id(record.pk),
        model=face.label,
        record_id=record.pk,
        title=title[:200],
        subtitle=str(face.subtitle(record))[:200],
        body=body,
        guarded=guarded,
        tokens=" ".join([face.code + token for token in tokens(f"{body}\n{guarded}")]),
    )
