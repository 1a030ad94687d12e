"""The rollup of goods by month: kept up with every write of an order, rebuilt, compared with the truth, folded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import IntegerField, Value

from guanxi.customers.actions.mending import Difference
from guanxi.customers.models import GoodsMonth, Order, OrderLine
from guanxi.customers.queries.goods import goods_of_rollup, months_of_orders, true_goods
from guanxi.history.following import follow_writes
from guanxi.history.models import Change
from guanxi.kernel.batches import BATCH, batches

Act = Change.Act
Rows = dict[int, dict[str, Any]]
Sums = dict[tuple[date, str], tuple[int, Decimal]]
"""Number of orders and sum of amounts, by month and goods."""

_NOTHING = (0, Decimal("0.00"))
_SUMS = ("orders", "amount")
_ORDER = ("state", "ordered_at", "binned_in")
_LINE = ("order", "goods", "amount", "binned_in")


def follow_orders(kept: Sequence[Change]) -> None:
    """Append to the rollup what these writes of orders and lines changed of it."""
    of_orders = [one for one in kept if one.model == Order.label() and _matters(one, _ORDER)]
    of_lines = [one for one in kept if one.model == OrderLine.label() and _matters(one, _LINE)]
    touched = {one.record_id for one in of_orders}
    touched |= {row["order"] for row in _rows(OrderLine, {one.record_id for one in of_lines}, ["order"]).values()}
    now = _rows(Order, touched, _ORDER)
    before = _before(now, of_orders)
    counting = {pk for rows in (now, before) for pk, row in rows.items() if _counts(row)}
    lines = _rows(OrderLine, counting, _LINE, by="order")
    were = _before(lines, of_lines)
    _append(_less(_sums(now, lines), _sums(before, were)))


def rebuild_goods() -> None:
    """Make the rollup anew from all orders; for loads that wrote around the change sets."""
    with transaction.atomic():
        GoodsMonth.objects.all().delete()
        for month in months_of_orders():
            _append({(month, goods): (count, amount) for goods, count, amount in _true(month)})


def mend_goods(month: date) -> list[Difference]:
    """Append to the rollup of a month what it lacks of the truth; returns every difference.

    Both are read by one statement, and the difference is added, so writers may go on meanwhile.
    """
    sides = [_on(0, true_goods(month)), _on(1, goods_of_rollup(GoodsMonth.objects.filter(month=month)))]
    found: tuple[Sums, Sums] = ({}, {})
    for side, goods, count, amount in sides[0].union(sides[1], all=True):
        found[side][month, goods] = (count, amount)
    true, kept = found
    missing = _less(true, kept)
    _append(missing)
    return [
        Difference(0, f"{month:%Y-%m} {key[1]}", field, was, now)
        for key in sorted(missing)
        for field, was, now in zip(_SUMS, kept.get(key, _NOTHING), true.get(key, _NOTHING), strict=True)
        if was != now
    ]


def fold_goods(month: date) -> None:
    """Make one row of all those that the rollup has of the same goods in a month."""
    with transaction.atomic():
        rows = GoodsMonth.objects.filter(month=month).order_by("pk").select_for_update()
        ids: list[int] = []
        sums: Sums = {}
        for pk, goods, count, amount in rows.values_list("pk", "goods", "orders", "amount"):
            ids.append(pk)
            sums[month, goods] = _plus(sums.get((month, goods), _NOTHING), count, amount)
        if len(ids) > len(sums):
            for start in range(0, len(ids), BATCH):
                GoodsMonth.objects.filter(pk__in=ids[start : start + BATCH]).delete()
            _append(sums)


def _true(month: date) -> Any:
    return true_goods(month).values_list("goods", "count", "sum")


def _on(side: int, rows: Any) -> Any:
    marked = rows.annotate(side=Value(side, output_field=IntegerField()))
    return marked.values_list("side", "goods", "count", "sum")


def _matters(one: Change, names: Collection[str]) -> bool:
    """Whether a change says anything of these fields; an order that changes its address adds nothing."""
    return one.act != Act.UPDATE or not one.before.keys().isdisjoint(names)


def _rows(model: Any, ids: Iterable[int], names: Sequence[str], *, by: str = "pk") -> Rows:
    """What stands in the rows with these ids, a handful at a time: a statement binds only so many."""
    found: Rows = {}
    for batch in batches(sorted(ids)):
        found |= {row["pk"]: row for row in model.objects.filter(**{f"{by}__in": batch}).values("pk", *names)}
    return found


def _before(now: Rows, kept: Sequence[Change]) -> Rows:
    """The rows as they stood before these changes, walked back from what they are now."""
    rows = {pk: dict(row) for pk, row in now.items()}
    for one in reversed(kept):
        row = rows.get(one.record_id)
        if row is None:
            continue
        if one.act == Act.CREATE:
            del rows[one.record_id]
        elif one.act == Act.UPDATE:
            row |= {name: value for name, value in one.before.items() if name in row}
        else:
            row["binned_in"] = None if one.act == Act.BIN else 0
    return rows


def _counts(order: Mapping[str, Any] | None) -> bool:
    return order is not None and order["state"] == Order.State.PAID and order["binned_in"] is None


def _sums(orders: Rows, lines: Rows) -> Sums:
    amounts: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for line in lines.values():
        if line["binned_in"] is None and _counts(orders.get(line["order"])):
            amounts[line["order"], line["goods"]] += line["amount"]
    sums: Sums = {}
    for (order, goods), amount in amounts.items():
        key = (orders[order]["ordered_at"].replace(day=1), goods)
        sums[key] = _plus(sums.get(key, _NOTHING), 1, amount)
    return sums


def _plus(sums: tuple[int, Decimal], count: int, amount: Decimal) -> tuple[int, Decimal]:
    return sums[0] + count, sums[1] + amount


def _less(more: Sums, less: Sums) -> Sums:
    """What one side has more than the other, where they differ."""
    keys = {*more, *less}
    found = {}
    for key in keys:
        count, amount = less.get(key, _NOTHING)
        found[key] = _plus(more.get(key, _NOTHING), -count, -amount)
    return {key: sums for key, sums in found.items() if sums != _NOTHING}


def _append(sums: Sums) -> None:
    rows: list[dict[str, Any]] = [
        {"month": month, "goods": goods, "orders": count, "amount": amount}
        for (month, goods), (count, amount) in sorted(sums.items())
        if count or amount
    ]
    GoodsMonth.objects.bulk_create([GoodsMonth(**row) for row in rows], batch_size=BATCH)


follow_writes(Order, OrderLine, follower=follow_orders)
