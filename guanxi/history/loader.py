"""Loading made-up data in bulk: one change set says so, without a log entry for each row (docs/adr/0010)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from guanxi.history.models import ChangeSet, Way
from guanxi.history.stamps import raise_stamps
from guanxi.kernel.records import Record, writing
from guanxi.search import index
from guanxi.search.registry import find

T = TypeVar("T", bound=Record)


class Loader:
    """Writes records that nobody entered: consistent as any, indexed for the search, but not logged one by one."""

    def __init__(self, change_set: ChangeSet) -> None:
        self.change_set = change_set

    def create_many(self, model: type[T], rows: Iterable[Mapping[str, Any]]) -> list[T]:
        """Write new records, a batch a statement; each row brings its own `created_at`."""
        records = [model(**row, updated_at=row["created_at"]) for row in rows]
        with writing():
            model._default_manager.bulk_create(records)
        if find(model):
            index.write(model, records)
        if model.stamp:
            raise_stamps([model.stamp])
        return records

    def settle(self, model: type[Record], ids: Collection[int], **fields: Any) -> None:
        """Let records of this load say what follows from those that were loaded after them."""
        with writing():
            model._default_manager.filter(pk__in=ids).update(**fields)


def open_load(verb: str, *, at: datetime) -> ChangeSet:
    """Begin a load: the one entry that the log keeps of it, which cannot be undone."""
    return ChangeSet.objects.create(verb=verb, by=None, at=at, way=Way.COMMAND, state=ChangeSet.State.LOADED)


@contextmanager
def loading(change_set: ChangeSet) -> Iterator[Loader]:
    """One transaction of a load."""
    with transaction.atomic(), index.indexed_once():
        yield Loader(change_set)
