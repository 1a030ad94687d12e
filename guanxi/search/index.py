"""Keeping the index in step with the records, in the transaction that writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    _bring_up(put_off)


def ensure(connection: BaseDatabaseWrapper | None = None) -> None:
    """Create the database's own structures for tokens; does nothing where they are there."""
    store_of(connection).ensure()


def touched(model: type[models.Model], ids: Iterable[int]) -> None:
    """Bring the index up to date for records just written, binned or erased; call it in their transaction."""
    _bring_up({model: set(ids)})


def left(model: type[models.Model], before: Mapping[str, Any]) -> Iterator[tuple[Any, int]]:
    """What told of a record until one of its references changed from what `before` says: (model, id)."""
    for face, relation in registry.followers(model):
        former = before.get(relation.field.name) if relation.one_to_many else None
        if former is not None:
            yield face.model, former


def write(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Index records that were just made, and what tells of them; call it in `indexed_once`."""
    face = registry.face_of(model)
    for batch in batches(rows):
        if face.follows:
            touched(model, [record.pk for record in batch])
        else:
            store_of().put([_doc(face, record) for record in batch])
        for teller, ids in _tellers(model, [record.pk for record in batch]):
            touched(teller, ids)


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


def _bring_up(written: Mapping[type[models.Model], set[int]]) -> None:
    """Write the documents of these records, and of those that tell of them, each once; or put that off."""
    put_off = _put_off.get()
    if put_off is not None:
        for model, ids in written.items():
            put_off.setdefault(model, set()).update(ids)
        return
    for model, ids in _with_followers(written).items():
        face = registry.find(model)
        if face is not None:
            for batch in batches(sorted(ids)):
                _refresh(face, batch)


def _with_followers(written: Mapping[type[models.Model], set[int]]) -> dict[type[models.Model], set[int]]:
    """Records that were written, and those whose documents tell of them, each once."""
    due = {model: set(ids) for model, ids in written.items()}
    for model, ids in written.items():
        for teller, found in _tellers(model, ids):
            due.setdefault(teller, set()).update(found)
    return due


def _tellers(model: type[models.Model], ids: Iterable[int]) -> Iterator[tuple[type[models.Model], set[int]]]:
    for face, relation in registry.followers(model):
        for batch in batches(sorted(ids)):
            rows = face.model._base_manager.filter(**{f"{relation.name}__in": batch})
            yield face.model, set(rows.values_list("pk", flat=True))


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
    records = face.model._base_manager.filter(pk__in=ids).prefetch_related(*face.follows)
    if face.related:
        records = records.select_related(*face.related)
    live = {record.pk: record for record in records if getattr(record, "binned_in", None) is None}
    if live:
        store_of().put([_doc(face, record) for record in live.values()])
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
