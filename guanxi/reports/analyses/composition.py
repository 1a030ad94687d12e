"""客户构成: how many customers there are of each kind."""

from typing import Any

from django.db.models import Count

from guanxi.reports.answers import Answer, Figure, Row, most, rated, share


def composition(rows: Any, *, field: str, new: Any, ordered: bool = False) -> Answer:
    """Customers by a field, the most first, or an `ordered` one from its largest value down; `new` are those of them that came this month."""
    found = rows.order_by().values_list(field).annotate(count=Count("*"))
    counts = sorted(found, key=rated if ordered else most)
    total = sum(count for _key, count in counts)
    groups: list[Row] = [(key, count, share(count, total)) for key, count in counts]
    pool = rows.filter(manager__isnull=True).count()
    figures = {"customers": Figure(total), "new": Figure(new.count()), "pool": Figure(pool)}
    return Answer(figures, {"groups": groups}, total)
