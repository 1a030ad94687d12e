"""Writing the made-up company: people first, then customers with all that hangs on them, a batch a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import TypeVar

from django.utils.translation import gettext as _

from guanxi.customers.actions import rebuild_goods, recount_customers
from guanxi.customers.models import Contact, Customer, Interaction, Order, OrderLine, Payment
from guanxi.demo.bulk.care import CUSTOMER_STATES, case_rows, round_rows, ticket_rows
from guanxi.demo.bulk.chances import chance_rows, plan_rows
from guanxi.demo.bulk.numbers import Numbers
from guanxi.demo.bulk.people import Staff, hire
from guanxi.demo.bulk.rows import ORDERS, Entries, Row, contact_rows, customer_row, interaction_rows, purchases
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.loader import Loader, loading, open_load
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.kernel.days import company_day
from guanxi.kernel.records import Record
from guanxi.kernel.rules import RuleBroken
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.retention.models import LossCase
from guanxi.service.models import ServiceRound, ServiceTicket
from guanxi.service.queries import true_satisfaction
from guanxi.system.statistics import refresh_statistics

BATCH = 500
"""Customers written by one transaction."""
YEARS = timedelta(days=3 * 365)
DAYS_OF_HANDFUL = 4
"""Into how many handfuls the numbers of one day are divided: fewer lose more of them."""

Say = Callable[[str], None]
T = TypeVar("T")


def fill(size: int, *, at: datetime, seed: int, say: Say) -> None:
    """Fill an empty database with `size` customers, their orders and chances, and 200 people; the same for a seed.

    Raises RuleBroken if there are customers already.
    """
    if Customer.objects.exists():
        raise RuleBroken(_("There are customers already: a made-up company is for an empty database only."))
    with changing("demo", by=None, at=at - YEARS, way=Way.COMMAND) as change:
        fill_dictionary(change=change)
        staff = hire(Random(seed), change)  # nosec B311 - makes things up, keeps no secret
    company = _Company(size, at=at, seed=seed, staff=staff)
    change_set = open_load("demo", at=at)
    for first in range(0, size, BATCH):
        with loading(change_set) as loader:
            company.write(range(first, min(first + BATCH, size)), loader)
        if first % (20 * BATCH) == 0:
            say(_("%(done)s of %(size)s customers …") % {"done": f"{first:,}", "size": f"{size:,}"})
    refresh_statistics()  # before the goods are counted, whose joins need them
    rebuild_goods()
    say(_("%(size)s customers are there.") % {"size": f"{size:,}"})


class _Company:
    """What every batch needs: the clock, the people, the dictionary, the numbers."""

    def __init__(self, size: int, *, at: datetime, seed: int, staff: Staff) -> None:
        self.size = size
        self.at = at
        self.seed = seed
        self.managers = [user.pk for user in staff.sellers]
        self.clerks = [user.pk for user in staff.clerks]
        self.entries = _entries()
        a_day = size // YEARS.days
        self.numbers: dict[type[Record], Numbers] = {
            Customer: Numbers("KH", a_day // DAYS_OF_HANDFUL),
            Order: Numbers("DD", a_day * ORDERS // DAYS_OF_HANDFUL),
            SaleChance: Numbers("XS", a_day // DAYS_OF_HANDFUL),
            ServiceTicket: Numbers("FW", a_day // DAYS_OF_HANDFUL),
        }

    def write(self, batch: range, loader: Loader) -> None:
        """One batch of customers with all that hangs on them, and their sums."""
        dice = Random(f"{self.seed}.{batch.start}")  # nosec B311 - the same
        rows = [customer_row(number, self._moment(number), self.managers, self.entries, dice) for number in batch]
        customers = loader.create_many(Customer, self._numbered(Customer, rows))
        loader.create_many(Contact, _each(customers, lambda one: contact_rows(one, dice)))
        loader.create_many(Interaction, _each(customers, lambda one: interaction_rows(one, self.at, dice)))
        self._write_orders(customers, dice, loader)
        self._write_chances(dict(zip(batch, customers, strict=True)), dice, loader)
        ids = [customer.pk for customer in customers]
        self._write_tickets(customers, dice, loader)
        recount_customers(ids)
        self._write_cases(ids, dice, loader)

    def _write_orders(self, customers: list[Customer], dice: Random, loader: Loader) -> None:
        bought = [one for customer in customers for one in purchases(customer, self.at, self.entries.way, dice)]
        orders = loader.create_many(Order, self._numbered(Order, [one.order for one in bought]))
        own = [{"order": order, "created_by_id": order.created_by_id} for order in orders]
        both = list(zip(own, bought, strict=True))
        loader.create_many(OrderLine, ({**line, **mine} for mine, one in both for line in one.lines))
        loader.create_many(Payment, ({**payment, **mine} for mine, one in both for payment in one.payments))

    def _write_chances(self, customers: dict[int, Customer], dice: Random, loader: Loader) -> None:
        rows = [
            row
            for number, customer in customers.items()
            for row in chance_rows(customer, self.size + number, self.at, self.entries, dice)
        ]
        chances = loader.create_many(SaleChance, self._numbered(SaleChance, rows))
        loader.create_many(DevelopmentPlan, _each(chances, lambda one: plan_rows(one, self.at, dice)))

    def _write_tickets(self, customers: list[Customer], dice: Random, loader: Loader) -> None:
        rows = [
            row for customer in customers for row in ticket_rows(customer, self.at, self.entries, self.clerks, dice)
        ]
        tickets = loader.create_many(ServiceTicket, self._numbered(ServiceTicket, rows))
        loader.create_many(ServiceRound, _each(tickets, round_rows))
        by_sum = defaultdict(list)
        for pk, found in true_satisfaction([ticket.customer_id for ticket in tickets]).items():
            by_sum[found["satisfaction"]].append(pk)
        for satisfaction, ids in by_sum.items():
            Customer.objects.filter(pk__in=ids).derive(satisfaction=satisfaction)

    def _write_cases(self, ids: list[int], dice: Random, loader: Loader) -> None:
        """The cases of those who stopped buying, and what they make of the customer."""
        counted = Customer.objects.filter(pk__in=ids).order_by("pk")
        cases = loader.create_many(LossCase, _each(counted, lambda one: case_rows(one, self.at, self.entries, dice)))
        for state, of_customer in CUSTOMER_STATES.items():
            loader.settle(Customer, [case.customer_id for case in cases if case.state == state], state=of_customer)

    def _moment(self, number: int) -> datetime:
        """When the `number`th customer was entered: evenly over the years, in their order."""
        return self.at - YEARS + YEARS * (number / self.size)

    def _numbered(self, model: type[Record], rows: Iterable[Row]) -> Iterator[Row]:
        numbers = self.numbers[model]
        return ({**row, "number": numbers.next(company_day(row["created_at"]))} for row in rows)


def _each(owners: Iterable[T], rows_of: Callable[[T], Iterator[Row]]) -> Iterator[Row]:
    """The rows of every owner, one after the other."""
    return chain.from_iterable(rows_of(owner) for owner in owners)


def _entries() -> Entries:
    """The ids on offer of each type, in their order."""
    ids = [
        list(DictionaryEntry.objects.offered(kind).values_list("pk", flat=True))
        for kind in (
            "customer_level",
            "area",
            "industry",
            "chance_source",
            "payment_way",
            "lose_reason",
            "service_type",
            "loss_reason",
        )
    ]
    return Entries(*ids)
