"""Many rows, a handful at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

BATCH = 500
"""Rows written by one statement, and by one transaction of a long change set."""


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows in their order, at most `BATCH` at once."""
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch
