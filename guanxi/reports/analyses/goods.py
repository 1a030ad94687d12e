"""客户贡献 by goods: what the lines of paid orders brought in, from the rollup of months where it says the same."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from guanxi.customers.models import GoodsMonth
from guanxi.customers.queries.goods import goods_of_lines, goods_of_rollup
from guanxi.reports.answers import Answer, Figure, Row, change, share
from guanxi.reports.periods import Period, last_day_of_month

Sums = Mapping[str, tuple[int, Decimal]]
"""Number of orders and amount, by goods."""
DAY = timedelta(days=1)
NOTHING = (0, Decimal("0.00"))


@dataclass(frozen=True)
class GoodsSource:
    """The lines of paid orders and these orders, both within reach; `rolled` says that they are all there are."""

    lines: Any
    orders: Any
    today: date
    rolled: bool = False

    def by_goods(self, period: Period) -> Sums:
        """What each goods brought in: of months from the rollup, of other days from the lines."""
        counts, amounts = Counter[str](), defaultdict[str, Decimal](Decimal)
        for sign, rows in self._parts(period):
            for goods, count, amount in rows.values_list("goods", "count", "sum"):
                counts[goods] += sign * count
                amounts[goods] += sign * amount
        return {goods: (count, amounts[goods]) for goods, count in counts.items() if count}

    def live(self, period: Period) -> Any:
        """The lines that are read one by one for a period."""
        spans = [span for _sign, span in self._spans(period)]
        return self.lines.filter(reduce(or_, map(_within, spans))) if spans else self.lines.none()

    def read_for(self, period: Period) -> Any:
        """The rows that are read one by one for a period: lines, and the orders that are counted."""
        return self.live(period).order_by().values("pk").union(self._ordered(period).order_by().values("pk"), all=True)

    def orders_of(self, period: Period) -> int:
        """How many orders there were."""
        return int(self._ordered(period).count())

    def _ordered(self, period: Period) -> Any:
        return self.orders.filter(ordered_at__range=(period.begins, period.ends))

    def _parts(self, period: Period) -> Iterator[tuple[int, Any]]:
        """What makes the period: each part adds to it, or is what others have too much."""
        months = [month.begins.replace(day=1) for month in self._rolled_months(period)]
        if months:
            yield 1, goods_of_rollup(GoodsMonth.objects.filter(month__in=months))
        for sign, span in self._spans(period):
            yield sign, goods_of_lines(self.lines.filter(_within(span)))

    def _spans(self, period: Period) -> Iterator[tuple[int, Period]]:
        """The days whose lines are read: those outside months of the rollup, and what these have besides the period."""
        if not self.rolled:
            yield 1, period
            return
        rolled = self._rolled_months(period)
        yield from ((1, month) for month in period.each_month() if month not in rolled)
        for month in rolled:
            first, last = month.begins.replace(day=1), last_day_of_month(month.begins)
            if first < month.begins:
                yield -1, Period(first, month.begins - DAY)
            if month.ends < last:
                yield -1, Period(month.ends + DAY, last)

    def _rolled_months(self, period: Period) -> list[Period]:
        """The months with every day up to today, of which hardly an order lies behind it, or with more than half."""
        return [month for month in period.each_month() if self.rolled and (self._is_whole(month) or _is_most(month))]

    def _is_whole(self, month: Period) -> bool:
        return month.begins.day == 1 and month.ends >= min(self.today, last_day_of_month(month.begins))


def _is_most(month: Period) -> bool:
    return 2 * ((month.ends - month.begins).days + 1) > last_day_of_month(month.begins).day


def _within(span: Period) -> Q:
    return Q(order__ordered_at__range=(span.begins, span.ends))


def goods_contribution(
    source: GoodsSource, period: Period, *, sort: str, wanted: slice, amounts: bool = True
) -> Answer:
    """Totals with their comparisons, and one page of goods with share and Pareto; without `amounts` counts alone."""
    spans = [period, period.year_before(), period.before()] if amounts else [period]
    by_span = {span: source.by_goods(span) for span in spans}  # the year before is the period before of a year
    found = [by_span[span] for span in spans]
    figures = {"goods": Figure(*map(len, found)), "orders_with": Figure(*map(source.orders_of, spans))}
    totals = [sum((amount for _count, amount in one.values()), start=NOTHING[1]) for one in found]
    if not amounts:
        rows: list[Row] = [(goods, count) for goods, (count, _amount) in _ordered(found[0], sort)]
        return Answer(figures, {"rows": rows[wanted]}, len(rows))
    figures["amount"] = Figure(*totals)
    rows = list(_rows(_ordered(found[0], sort), found[1], totals[0], running=sort == "-amount"))
    return Answer(figures, {"rows": rows[wanted]}, len(rows))


def _ordered(found: Sums, sort: str) -> list[tuple[str, tuple[int, Decimal]]]:
    place, sign = ("count", "amount").index(sort.lstrip("-")), -1 if sort.startswith("-") else 1
    return sorted(found.items(), key=lambda one: (sign * one[1][place], one[0]))


def _rows(ordered: Any, earlier: Sums, total: Decimal, *, running: bool) -> Iterator[Row]:
    sums = NOTHING[1]
    for goods, (count, amount) in ordered:
        sums += amount
        before = earlier.get(goods, NOTHING)[1]
        cumulative = share(sums, total) if running else None
        yield goods, count, amount, share(amount, total), cumulative, before, change(amount, before)
