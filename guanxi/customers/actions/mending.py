"""The sums of customers compared with the truth, and mended where they differ."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guanxi.customers import registry
from guanxi.customers.actions.sums import recount_customers, sums
from guanxi.customers.models import Customer


@dataclass(frozen=True)
class Difference:
    """One derived column of a customer that did not say the truth."""

    record_id: int
    label: str
    field: str
    was: Any
    now: Any


def mend_sums(ids: Collection[int]) -> list[Difference]:
    """Rebuild the sums of those of these customers that differ from the truth; returns every difference."""
    wrong = {one.record_id for one in differences(ids)}
    if not wrong:
        return []
    with transaction.atomic():
        # Looked at again under the lock: somebody may have written just then.
        list(Customer.objects.filter(pk__in=wrong).order_by("pk").select_for_update().values_list("pk"))
        found = differences(sorted(wrong))
        recount_customers(wrong)
        for pk, truth in _further(wrong).items():
            Customer.objects.filter(pk=pk).derive(**truth)
    return found


def differences(ids: Collection[int]) -> list[Difference]:
    """Every derived column of these customers that differs from what the rows behind it say."""
    further = _further(ids)
    named = sums()
    rows = Customer.objects.filter(pk__in=ids).order_by("pk")
    found = []
    for row in rows.annotate(**{f"true_{name}": truth for name, truth in named.items()}):
        truths = {name: getattr(row, f"true_{name}") for name in named} | dict(further.get(row.pk, {}))
        stands = {name: getattr(row, name) for name in truths}
        found += [
            Difference(row.pk, str(row), name, stands[name], truth)
            for name, truth in truths.items()
            if stands[name] != truth
        ]
    return found


def _further(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the apps above say of the columns that they derive."""
    found: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    for truth in registry.truths:
        for pk, values in truth(ids).items():
            found[pk] |= values
    return found
