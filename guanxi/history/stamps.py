"""Counters for caches: one query a request tells every process what it may still trust."""

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from guanxi.history.models import Stamp

T = TypeVar("T")

_remembered: ContextVar[dict[str, int] | None] = ContextVar("guanxi_stamps", default=None)


@contextmanager
def stamps_remembered() -> Iterator[None]:
    """Read the stamps at most once inside, as one request does; own writes are seen all the same."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def read_stamps() -> dict[str, int]:
    """Every stamp by name; a name that was never written is absent."""
    known = _remembered.get()
    if known:
        return known
    stamps = dict(Stamp.objects.values_list("name", "number"))
    if known is not None:
        known.update(stamps)
    return stamps


def raise_stamps(names: Iterable[str]) -> None:
    """Give these stamps a number that they never had, in the current transaction.

    Not the next number: a cache filled inside a transaction that is rolled back would take the
    next writer's stamp for its own.
    """
    for name in sorted(set(names)):
        number = secrets.randbits(62)
        if not Stamp.objects.filter(name=name).update(number=number):
            Stamp.objects.bulk_create([Stamp(name=name, number=number)], ignore_conflicts=True)
    known = _remembered.get()
    if known is not None:
        known.clear()


class Stamped(Generic[T]):
    """Values read from the database, each kept in this process until its stamp is raised in any process."""

    def __init__(self, most: int) -> None:
        """Keep so many values at most."""
        self._most = most
        self._kept: dict[Hashable, tuple[int, T]] = {}

    def read(self, stamp: str, key: Hashable, anew: Callable[[], T]) -> T:
        """The value kept under the stamp that still holds, or what is read anew."""
        number = read_stamps().get(stamp, 0)
        kept = self._kept.get(key)
        if kept is None or kept[0] != number:
            if len(self._kept) >= self._most:
                self._kept.clear()
            kept = self._kept[key] = (number, anew())
        return kept[1]
