"""A small company whose figures are worked out by hand. It is Monday, 23 November 2026, 10:30 in Shanghai.

Li and Wang sell in the east, Zhao in the north. What each has is told beside it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guanxi.accounts.models import User
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP, SaleChance
from guanxi.retention import actions as retention
from guanxi.retention.models import VIEW as VIEW_CASES
from guanxi.retention.models import LossCase
from guanxi.service import actions as service
from guanxi.service.models import ASSIGN, PROCESS, ServiceTicket
from guanxi.service.models import VIEW as VIEW_TICKETS
from tests import cast
from tests.cast import NOW
from tests.customers.company import cancel, make_customer, make_order, pay, refund

TODAY = date(2026, 11, 23)
FIRST = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
"""The first moment of November in Shanghai."""
SECOND = timedelta(seconds=1)
READS = ("customers.view_customer", "marketing.view_salechance", VIEW_TICKETS, VIEW_CASES)


@dataclass
class Company:
    """Who asks: Li sees what is Li's, Wang the east, the chief and the clerk all, the clerk no amounts."""

    li: User
    wang: User
    zhao: User
    chief: User
    clerk: User


def entry(kind: str) -> DictionaryEntry:
    return DictionaryEntry.objects.of(kind).first()


def do(action: Any, *args: Any, at: datetime = NOW, by: User | None = None, **fields: Any) -> Any:
    with cast.change("act", at=at, by=by) as change:
        return action(*args, change=change, **fields)


def make_company() -> Company:
    with cast.change() as change:
        fill_dictionary(change=change)
    east, north = cast.make_department("East"), cast.make_department("North")
    sells = (*READS, DEVELOP, PROCESS)
    li = cast.make_user("li", *sells, department=east, real_name="李思远")
    zhao = cast.make_user("zhao", *sells, department=north, real_name="赵明轩")
    wang = cast.make_user("wang", *sells, scope="department", department=east, real_name="王若溪")
    chief = cast.make_user("chief", *READS, ASSIGN, scope="all", real_name="周启明")
    clerk = cast.make_user("clerk", *READS, scope="all", masks=["amount"], real_name="钱莉莉")
    return Company(li, wang, zhao, chief, clerk)


def customers_and_orders(company: Company) -> None:
    """Entered in November: A and B, which are Li's, C, which is Zhao's, F of the pool; E lies in the bin.

    D, which is Wang's, was entered in the last second of October.
    """
    li, wang, zhao = company.li, company.wang, company.zhao
    a = make_customer("A", manager=li, by=li, at=FIRST)
    b = make_customer("B", manager=li, by=li)
    c = make_customer("C", manager=zhao, by=zhao)
    d = make_customer("D", manager=wang, by=wang, at=FIRST - SECOND)
    make_customer("F", by=li)
    with cast.change() as change:
        change.bin(make_customer("E", manager=li, by=li))
    for customer, day, total, seller in [
        (a, date(2026, 11, 1), "100.10", li),
        (a, date(2026, 11, 23), "200.20", li),
        (c, date(2026, 11, 10), "1000", zhao),
        (a, date(2026, 10, 23), "50", li),
        (d, date(2026, 10, 31), "400", wang),
        (a, date(2025, 11, 30), "7", li),
    ]:
        pay(make_order(customer, ordered_at=day, total=total, salesperson=seller), total, paid_at=day)
    partly = make_order(b, ordered_at=date(2026, 11, 2), total="500", salesperson=li)
    pay(partly, "300", paid_at=date(2026, 11, 3))
    refund(partly, "120", paid_at=date(2026, 11, 4))
    cancel(make_order(b, ordered_at=date(2026, 11, 5), total="900", salesperson=li))


def make_chance(
    name: str, owner: User, *, end: str = "", at: datetime = NOW, closed: datetime = NOW, amount: str = "100"
) -> SaleChance:
    """A chance that its owner entered; `end` is developing, won or lost, or nothing for one that nobody has."""
    fields = {"customer_name": name, "contact_name": "王", "contact_wechat": "w", "expected_amount": Decimal(amount)}
    given = owner if end else None
    chance: SaleChance = do(marketing.create_chance, at=at, by=owner, assigned_to=given, **fields)
    if end == "won":
        do(marketing.win_chance, chance, at=closed, by=owner)
    elif end == "lost":
        do(marketing.lose_chance, chance, at=closed, by=owner, reason=entry("lose_reason"))
    return chance


def make_ticket(customer: Customer, author: User, *, at: datetime = NOW, handler: User | None = None) -> ServiceTicket:
    fields = {"customer": customer, "kind": entry("service_type"), "overview": "网关离线", "request_text": "请处理"}
    ticket: ServiceTicket = do(service.create_ticket, at=at, by=author, **fields)
    if handler is not None:
        do(service.assign_ticket, ticket, to=handler, at=at, by=author)
    return ticket


def archive(ticket: ServiceTicket, handler: User, *, at: datetime = NOW) -> None:
    """Handle, feed back with five stars, archive, all at one moment."""
    do(service.process_ticket, ticket, handling="重启", at=at, by=handler)
    do(service.feedback_ticket, ticket, result="好了", satisfaction=5, at=at)
    do(service.archive_ticket, ticket, at=at)


def lose(name: str, owner: User, *, at: datetime = NOW, bought: bool = True) -> LossCase:
    """A customer who last bought in 2020, or never, and whose loss is confirmed."""
    customer = make_customer(name, manager=owner, since=date(2020, 1, 1), at=at)
    if bought:
        pay(make_order(customer, ordered_at=date(2020, 1, 2), at=at), "100.00", date(2020, 1, 2))
    do(retention.open_cases, [customer.pk], months=6, today=TODAY, at=at)
    case = LossCase.objects.get(customer=customer)
    do(retention.confirm_loss, case, reason=entry("loss_reason"), at=at)
    return case
