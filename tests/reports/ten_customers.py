"""A company of ten customers whose every figure was worked out by hand (docs/reports.md shows the sums).

Today is Monday, 2026-11-23. Orders of November, all fully paid on their day unless something else is said:

| customer | level, manager   | orders                                             | counts in November |
|----------|------------------|----------------------------------------------------|--------------------|
| 华星     | gold, li         | 11-01  800.00; from 北方, merged into it: 200.00   | 1,000.00 (2)       |
| 启明     | gold, li         | 11-23  1,000.01; 2025-11-20 500.00; 2025-11-24 999 | 1,000.01 (1)       |
| 远望     | silver, li       | 11-05  3,000.00; 10-31 7,000.00; 01-01 200.00; 2025-12-31 100.00 | 3,000.00 (1) |
| 太湖     | silver, wang     | 11-10  2,000.00; 11-11 1,500.50                    | 3,500.50 (2)       |
| 紫金     | none, wang       | 11-12  5,000.00                                    | 5,000.00 (1)       |
| 湘江     | none, wang       | 11-13  5,000.01                                    | 5,000.01 (1)       |
| 云栖     | gold, wang       | 11-14  9,999.00, cancelled                         | –                  |
| 南粤     | gold, in the pool | 11-15 800.00: 300.00 came in, 100.00 went back 11-20 | –                |
| 北方     | merged into 华星 | 11-02  200.00                                      | with 华星          |
| 海纳     | in the bin       | 11-03  4,000.00, cancelled                         | –                  |

Together 18,500.52 of 6 customers in 8 orders; by payments 18,700.52 of 7 customers in 10.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guanxi.accounts.models import User
from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import create_entry
from guanxi.dictionary.models import DictionaryEntry
from tests import cast
from tests.customers.company import cancel, make_customer, make_order, pay, refund

D = Decimal
VIEWS = [
    *(f"reports.view_{name}" for name in ("contribution", "composition", "service", "losses")),
    *("customers.view_customer", "service.view_serviceticket", "retention.view_losscase"),
]


@dataclass
class Company:
    """Its people, its levels, its customers by name."""

    chief: User
    li: User
    wang: User
    gold: DictionaryEntry
    silver: DictionaryEntry
    customers: dict[str, Customer]

    def id_of(self, name: str) -> int:
        return int(self.customers[name].pk)


def paid(customer: Customer, day: date, total: str) -> None:
    pay(make_order(customer, ordered_at=day, total=total), total, day)


def build() -> Company:
    """The company, through the actions that people use."""
    east, west = cast.make_department("East"), cast.make_department("West")
    li = cast.make_user("li", *VIEWS, department=east)
    wang = cast.make_user("wang", *VIEWS, department=west)
    chief = cast.make_user("chief", holds_all=True)
    with cast.change() as change:
        gold = create_entry(type="customer_level", label_zh="金", label_en="Gold", change=change)
        silver = create_entry(type="customer_level", label_zh="银", label_en="Silver", change=change)
    who: list[tuple[str, Any, Any]] = [
        *(("华星", gold, li), ("启明", gold, li), ("远望", silver, li), ("太湖", silver, wang), ("紫金", None, wang)),
        *(("湘江", None, wang), ("云栖", gold, wang), ("南粤", gold, None), ("北方", silver, wang), ("海纳", gold, li)),
    ]
    made = {name: make_customer(name, level=level, manager=manager) for name, level, manager in who}
    _orders(made)
    with cast.change() as change:
        customers.merge_customer(made["华星"], other=made["北方"], change=change)
        customers.bin_customer(made["海纳"], change=change)
    return Company(chief, li, wang, gold, silver, made)


def _orders(made: dict[str, Customer]) -> None:
    paid(made["华星"], date(2026, 11, 1), "800.00")
    paid(made["启明"], date(2026, 11, 23), "1000.01")
    paid(made["启明"], date(2025, 11, 20), "500.00")
    paid(made["启明"], date(2025, 11, 24), "999.00")
    paid(made["远望"], date(2026, 11, 5), "3000.00")
    paid(made["远望"], date(2026, 10, 31), "7000.00")
    paid(made["远望"], date(2026, 1, 1), "200.00")
    paid(made["远望"], date(2025, 12, 31), "100.00")
    paid(made["太湖"], date(2026, 11, 10), "2000.00")
    paid(made["太湖"], date(2026, 11, 11), "1500.50")
    paid(made["紫金"], date(2026, 11, 12), "5000.00")
    paid(made["湘江"], date(2026, 11, 13), "5000.01")
    cancel(make_order(made["云栖"], ordered_at=date(2026, 11, 14), total="9999.00"))
    partly = make_order(made["南粤"], ordered_at=date(2026, 11, 15), total="800.00")
    pay(partly, "300.00", date(2026, 11, 15))
    refund(partly, "100.00", date(2026, 11, 20))
    paid(made["北方"], date(2026, 11, 2), "200.00")
    cancel(make_order(made["海纳"], ordered_at=date(2026, 11, 3), total="4000.00"))
