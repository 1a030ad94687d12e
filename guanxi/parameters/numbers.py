"""Numbers such as KH20261123-0001, unique for ever."""

from datetime import date

from django.db.models import F

from guanxi.parameters.models import Counter


def take_numbers(kind: str, day: date, count: int = 1) -> list[str]:
    """The next `count` numbers of a kind (`KH`, `DD` …) for a day, in the current transaction.

    A number that is not used after all is lost, never given out again.
    """
    prefix = f"{kind}{day:%Y%m%d}"
    Counter.objects.bulk_create([Counter(prefix=prefix)], ignore_conflicts=True)
    Counter.objects.filter(prefix=prefix).update(last=F("last") + count)
    last = Counter.objects.values_list("last", flat=True).get(prefix=prefix)
    return [f"{prefix}{number:04d}" for number in range(last - count + 1, last + 1)]
