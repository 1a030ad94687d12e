"""What the customers buy and how they pay.

Until two months ago the orders of each month came from the bookkeeping, as one import once the month was
reconciled; since then people enter each of them in Guanxi. What is paid, refunded or called off after that is booked
one by one in either case.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.customers import actions
from guanxi.customers.actions.lines import checked_lines, total_of
from guanxi.customers.actions.order import standing_of
from guanxi.customers.models import Order, OrderLine, Payment
from guanxi.demo.company import Company
from guanxi.demo.days import at_work, work_after, working_day
from guanxi.demo.firms import Firm
from guanxi.demo.goods import order_lines
from guanxi.demo.rhythms import order_days
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.money import cents

ORDERS = 3_000
ENTERED_MONTHS = 2
DISCOUNTS = {"普通客户": 0, "重点开发客户": 0, "大客户": 3, "合作伙伴": 5, "战略合作伙伴": 8}
TERMS: list[tuple[int, list[tuple[int, int, int]]]] = [
    (36, [(0, 6, 100)]),
    (31, [(15, 45, 100)]),
    (22, [(0, 4, 30), (20, 55, 70)]),
    (6, [(0, 4, 30), (20, 45, 60), (150, 190, 10)]),
    (3, [(3, 20, 50)]),
    (2, []),
]
"""Share of the orders, and their instalments: days after the order from … to …, and percent of the total."""
FATES = {"kept": 950, "cancelled": 27, "returned": 13, "credited": 10}
CANCEL_REASONS = ["客户项目延期", "重复下单", "客户改用其他型号", "预算未批", "交期不满足"]
WAYS = {"银行转账": 70, "承兑汇票": 12, "微信支付": 7, "支付宝": 7, "现金": 4}
SMALL = Decimal(20_000)


@dataclass
class Sale:
    """One order with what becomes of it."""

    firm: Firm
    day: date
    lines: list[dict[str, Any]]
    total: Decimal
    instalments: list[tuple[date, Decimal]]
    way: Any
    fate: str
    record: Order | None = None
    booked: int = 0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> Order:
        """The record, once it is there."""
        assert self.record is not None
        return self.record


def tell(company: Company) -> None:
    """All orders, imported by month at first, then entered one by one."""
    rng = company.rng("orders")
    days = order_days(company, rng, company.count(ORDERS))
    sales = [_sale(company, rng, company.firms[place], day) for place, own in days.items() for day in own]
    entered_from = _entered_from(company)
    months: dict[date, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.day >= entered_from:
            _enter(company, rng, sale)
        else:
            months[sale.day.replace(day=1)].append(sale)
    for month, own in sorted(months.items()):
        _import_month(company, rng, month, sorted(own, key=lambda one: one.day))


def _entered_from(company: Company) -> date:
    month = company.last_day.replace(day=1)
    for _ in range(ENTERED_MONTHS - 1):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _sale(company: Company, rng: Random, firm: Firm, day: date) -> Sale:
    worth = firm.size * Decimal(_trend(firm, company, day) * rng.lognormvariate(0, 0.45))
    lines = order_lines(rng, firm.goods, worth, DISCOUNTS[firm.level])
    total = total_of(checked_lines(lines))
    fate = rng.choices(list(FATES), list(FATES.values()))[0]
    ways = {"银行转账": 85, "承兑汇票": 15} if total > SMALL else WAYS
    return Sale(
        firm=firm,
        day=day,
        lines=lines,
        total=total,
        instalments=[] if fate == "cancelled" else _instalments(rng, day, total, whole=fate != "kept"),
        way=company.entry("payment_way", rng.choices(list(ways), list(ways.values()))[0]),
        fate=fate,
    )


def _trend(firm: Firm, company: Company, day: date) -> float:
    """Growing customers buy more each time, fading ones less."""
    passed = (day - firm.first_day).days / max(1, (company.last_day - firm.first_day).days)
    if firm.rhythm == "growing":
        return 0.55 + 0.95 * passed
    return 1.15 - 0.7 * passed if firm.rhythm == "fading" else 1.0


def _instalments(rng: Random, day: date, total: Decimal, *, whole: bool) -> list[tuple[date, Decimal]]:
    """The days and amounts on which it will be paid, as agreed; some never pay all."""
    terms = TERMS[:2] if whole else TERMS
    parts = rng.choices([one for _share, one in terms], [share for share, _one in terms])[0]
    paid = [
        (working_day(day + timedelta(days=rng.randrange(first, last))), cents(total * percent / 100))
        for first, last, percent in parts
    ]
    if sum(percent for _first, _last, percent in parts) == 100:
        rest = total - sum((amount for _day, amount in paid[:-1]), start=Decimal(0))
        paid[-1] = (paid[-1][0], rest)
    return [(on, amount) for on, amount in paid if amount > 0]


# -- one by one --------------------------------------------------------------------------------------------------


def _books(company: Company, sale: Sale) -> Callable[[], Any]:
    """Whoever looks after the customer on that day; for the public pool the head of the region."""
    return lambda: sale.firm.holder or company.people.lead(sale.firm.city.region)


def _enter(company: Company, rng: Random, sale: Sale) -> None:
    def do(change: ChangeWriter) -> None:
        sale.record = actions.create_order(
            customer=sale.firm.customer,
            ordered_at=sale.day,
            lines=sale.lines,
            address=sale.firm.details["address"],
            change=change,
        )

    at = at_work(sale.day, rng, closes=14 * 60)
    company.plan("create", at, _books(company, sale), do)
    for on, amount in sale.instalments:
        _pay(company, sale, on, amount, at_work(on, rng, opens=14 * 60 + 30))
    _end(company, rng, sale)


def _pay(company: Company, sale: Sale, on: date, amount: Decimal, at: Any) -> None:
    company.plan(
        "pay",
        at,
        _books(company, sale),
        lambda change: actions.pay_order(sale.order, amount=amount, paid_at=on, way=sale.way, change=change),
    )


def _end(company: Company, rng: Random, sale: Sale, after: date | None = None) -> None:
    """Some orders are called off, some come back, some get a part of their price back."""
    if sale.fate == "kept" or (sale.fate != "cancelled" and not sale.instalments):
        return
    known = max(filter(None, [sale.day, after, *(on for on, _amount in sale.instalments)]))
    at = work_after(at_work(known, rng), rng.randrange(2, 9), rng)
    reason = rng.choice(CANCEL_REASONS)
    if sale.fate != "cancelled":
        share = Decimal(1) if sale.fate == "returned" else Decimal(rng.choice(["0.05", "0.1", "0.2"]))
        _refund(company, sale, cents(sale.total * share), at)
        reason = "质量问题，全部退货"
        at = work_after(at, 0, rng)
    if sale.fate != "credited":
        company.plan(
            "cancel",
            at,
            _books(company, sale),
            lambda change: actions.cancel_order(sale.order, reason=reason, change=change),
        )


def _refund(company: Company, sale: Sale, amount: Decimal, at: Any) -> None:
    company.plan(
        "refund",
        at,
        _books(company, sale),
        lambda change: actions.refund_order(
            sale.order, amount=amount, paid_at=company_day(at), way=sale.way, note="退货退款", change=change
        ),
    )


# -- by month ----------------------------------------------------------------------------------------------------


def _import_month(company: Company, rng: Random, month: date, sales: Sequence[Sale]) -> None:
    """A month's orders with what was paid until they were reconciled, five weeks after its end."""
    reconciled = working_day((month + timedelta(days=31)).replace(day=1) + timedelta(days=34))
    day = min(reconciled, company.last_day)
    at = at_work(day, rng, opens=8 * 60 + 40, closes=8 * 60 + 58)
    for number, sale in enumerate(sales, start=1):
        sale.notes["number"] = f"SO{sale.day:%y%m%d}{number:03d}"
        sale.booked = sum(on < day for on, _amount in sale.instalments)
        for on, amount in sale.instalments[sale.booked :]:
            _pay(company, sale, on, amount, at_work(on, rng))
        _end(company, rng, sale, after=day)
    company.plan("import", at, company.people.admin, _import(sales), way=Way.IMPORT)


def _import(sales: Sequence[Sale]) -> Callable[[ChangeWriter], None]:
    def do(change: ChangeWriter) -> None:
        orders = change.create_many(Order, [_order_row(sale) for sale in sales])
        for sale, order in zip(sales, orders, strict=True):
            sale.record = order
        change.create_many(
            OrderLine, [{**row, "order": sale.order} for sale in sales for row in checked_lines(sale.lines)]
        )
        change.create_many(Payment, [row for sale in sales for row in _payment_rows(sale)])
        actions.settle_customers({sale.firm.customer.pk for sale in sales}, change=change)

    return do


def _order_row(sale: Sale) -> dict[str, Any]:
    return {
        "number": sale.notes["number"],
        "customer": sale.firm.customer,
        "ordered_at": sale.day,
        "salesperson": sale.firm.holder or sale.firm.seller,
        "created_by": sale.firm.holder or sale.firm.seller,
        "address": sale.firm.details["address"],
        "total": sale.total,
        **standing_of(sale.total, sale.day, sale.instalments[: sale.booked]),
    }


def _payment_rows(sale: Sale) -> list[dict[str, Any]]:
    fixed = {"order": sale.order, "customer": sale.firm.customer, "way": sale.way}
    by = sale.firm.holder or sale.firm.seller
    return [
        {**fixed, "paid_at": on, "amount": amount, "created_by": by} for on, amount in sale.instalments[: sale.booked]
    ]
