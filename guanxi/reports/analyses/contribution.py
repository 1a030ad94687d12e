"""客户贡献: what each customer brought in during a period, by orders or by payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Sum

from guanxi.kernel.fields import MoneyField
from guanxi.reports.answers import Answer, Figure, Row, change, mean, share
from guanxi.reports.bands import BANDS, Band
from guanxi.reports.periods import Period

NOTHING = Decimal("0.00")
SORTS = {"-amount": "-amount", "amount": "amount", "-count": "-count", "count": "count"}
CENT = Decimal("0.01")


class Unsorted(Func):
    """A column of which SQLite does not know that an index sorts it: it would walk that index to group a tenth of it."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """With the plus sign that SQLite's own documentation recommends for this."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


@dataclass(frozen=True)
class Source:
    """The rows that bring money in, with the field of their day and of their amount; the period is left open."""

    rows: Any
    day: str
    amount: str

    def within(self, period: Period) -> Any:
        """The rows of a period."""
        return self.rows.filter(**{f"{self.day}__range": (period.begins, period.ends)})

    def by_customer(self, period: Period, band: Band | None = None) -> Any:
        """One row a customer, told apart by id: `buyer`, `count`, `amount`; of a band only those whose sum lies in it."""
        grouped = self.within(period).order_by().values(buyer=Unsorted(F("customer")))
        # Rows, not ids: PostgreSQL would look up each id, SQLite has it in every index.
        found = grouped.annotate(count=Count("*"), amount=Sum(self.amount, output_field=MoneyField()))
        return found.filter(band.q("amount")) if band else found


@dataclass(frozen=True)
class Wanted:
    """Which customers of the period, in which order, from which place on; `idle` are those who brought nothing, or None."""

    period: Period
    band: Band | None = None
    sort: str = "-amount"
    start: int = 0
    size: int = 50
    idle: Any = None


def contribution(source: Source, wanted: Wanted) -> Answer:
    """Totals with their comparisons, customers by band, and one page of customers with share and Pareto."""
    period, band = wanted.period, wanted.band
    now = _banded(source, period)
    totals = _totals(source, period, band) if band else now
    earlier = [_totals(source, period.year_before(), band), _totals(source, period.before(), band)]
    average = [mean(one["amount"], one["customers"], CENT) for one in (totals, *earlier)]
    figures = {name: Figure(*(one[name] for one in (totals, *earlier))) for name in ("amount", "customers", "orders")}
    figures |= {"average": Figure(*average), "top_fifth": Figure(_top_fifth(source, wanted, totals))}
    bands: list[Row] = [(one.name, now[f"n{place}"], now[f"s{place}"]) for place, one in enumerate(BANDS)]
    idle = wanted.idle.count() if wanted.idle is not None else 0
    if wanted.idle is not None:
        figures["idle"] = Figure(idle)
    rows = _page(source, wanted, totals)
    return Answer(figures, {"rows": rows, "bands": bands}, totals["customers"] + idle)


def counted(source: Source, wanted: Wanted) -> Answer:
    """The same for those who may not see amounts: numbers of orders, in an order that amounts do not touch."""
    found = source.by_customer(wanted.period)
    totals = found.aggregate(customers=Count("buyer"), orders=Sum("count"))
    idle = wanted.idle.count() if wanted.idle is not None else 0
    figures = {"customers": Figure(totals["customers"]), "orders": Figure(totals["orders"] or 0)}
    if wanted.idle is not None:
        figures["idle"] = Figure(idle)
    order = "count" if wanted.sort == "count" else "-count"
    shown = list(found.order_by(order, "buyer").values_list("buyer", "count")[_slice(wanted)])
    rows: list[Row] = [*shown, *((pk, 0) for pk in _idle(wanted, totals["customers"], len(shown)))]
    return Answer(figures, {"rows": rows}, totals["customers"] + idle)


def idle_among(customers: Any, source: Source, period: Period) -> Any:
    """The customers without any row in the period."""
    return customers.exclude(Exists(source.within(period).filter(customer=OuterRef("pk"))))


_WHOLE = {
    "customers": Count("buyer"),
    "orders": Sum("count"),
    "total": Sum("amount", output_field=MoneyField()),
}


def _totals(source: Source, period: Period, band: Band | None) -> dict[str, Any]:
    found: dict[str, Any] = source.by_customer(period, band).aggregate(**_WHOLE)
    return found | {"orders": found["orders"] or 0, "amount": found["total"] or NOTHING}


def _banded(source: Source, period: Period) -> dict[str, Any]:
    """The totals, and of each band the number of customers and their sum, in one pass."""
    each = {f"n{place}": Count("buyer", filter=band.q("amount")) for place, band in enumerate(BANDS)}
    sums = {
        f"s{place}": Sum("amount", filter=band.q("amount"), output_field=MoneyField())
        for place, band in enumerate(BANDS)
    }
    found: dict[str, Any] = source.by_customer(period).aggregate(**_WHOLE, **each, **sums)
    amounts = {name: found[name] or NOTHING for name in sums}
    return found | amounts | {"orders": found["orders"] or 0, "amount": found["total"] or NOTHING}


def _top_fifth(source: Source, wanted: Wanted, totals: dict[str, Any]) -> Decimal | None:
    """The share of the best fifth of the customers, rounded up to a whole one."""
    best = -(-totals["customers"] // 5)
    if not best:
        return None
    first = source.by_customer(wanted.period, wanted.band).order_by("-amount", "buyer")[:best]
    return share(first.aggregate(total=_WHOLE["total"])["total"], totals["amount"])


def _page(source: Source, wanted: Wanted, totals: dict[str, Any]) -> list[Row]:
    ordered = source.by_customer(wanted.period, wanted.band).order_by(SORTS[wanted.sort], "buyer")
    shown = list(ordered.values_list("buyer", "count", "amount")[_slice(wanted)])
    ids = [pk for pk, _count, _amount in shown] + _idle(wanted, totals["customers"], len(shown))
    earlier = dict(_amounts(source, wanted.period.year_before(), ids))
    sums = _running(ordered, wanted) if wanted.sort == "-amount" else None
    rows: list[Row] = []
    for pk, count, amount in [*shown, *((pk, 0, NOTHING) for pk in ids[len(shown) :])]:
        sums = None if sums is None else sums + amount
        cumulative = None if sums is None else share(sums, totals["amount"])
        before = earlier.get(pk, NOTHING)
        rows.append((pk, count, amount, share(amount, totals["amount"]), cumulative, before, change(amount, before)))
    return rows


def _running(ordered: Any, wanted: Wanted) -> Decimal:
    """What the customers before this page brought in together."""
    if not wanted.start:
        return NOTHING
    found = ordered[: wanted.start].aggregate(total=_WHOLE["total"])
    return found["total"] or NOTHING


def _amounts(source: Source, period: Period, ids: Sequence[int]) -> Any:
    rows = source.by_customer(period).filter(customer__in=ids)
    return rows.values_list("buyer", "amount")


def _slice(wanted: Wanted) -> slice:
    return slice(wanted.start, wanted.start + wanted.size)


def _idle(wanted: Wanted, active: int, shown: int) -> list[int]:
    """The ids of those who brought nothing, where the page reaches behind the others."""
    if wanted.idle is None or shown >= wanted.size:
        return []
    start = max(0, wanted.start - active)
    ids = wanted.idle.order_by("pk").values_list("pk", flat=True)
    return list(ids[start : start + wanted.size - shown])
