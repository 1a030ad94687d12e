"""Counters for caches: one query a request tells every process what it may still trust."""

from collections.abc import Iterable

from django.db.models import F

from guanxi.history.models import Stamp


def read_stamps() -> dict[str, int]:
    """Every stamp by name; a name that was never written is absent."""
    return dict(Stamp.objects.values_list("name", "number"))


def raise_stamps(names: Iterable[str]) -> None:
    """Raise these stamps in the current transaction."""
    for name in sorted(set(names)):
        if not Stamp.objects.filter(name=name).update(number=F("number") + 1):
            Stamp.objects.bulk_create([Stamp(name=name, number=1)], ignore_conflicts=True)
