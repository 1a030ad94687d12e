"""The whole story of the made-up company, chapter by chapter."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction

from guanxi.customers.actions import recounted_once
from guanxi.demo import bell, chances, customers, losses, orders, talks, tickets
from guanxi.demo.company import Company, doing
from guanxi.demo.people import open_house
from guanxi.history.models import Way
from guanxi.history.stamps import stamps_remembered
from guanxi.kernel.days import company_day, start_of
from guanxi.parameters.actions import set_parameter
from guanxi.search.index import indexed_once
from guanxi.web.context import IS_DEMO

CHAPTERS: list[Callable[[Company], None]] = [
    customers.tell,
    chances.tell,
    orders.tell,
    talks.tell,
    tickets.tell,
    losses.tell,
    bell.tell,
]
"""Each plans what happens in it; a further one is a file with a `tell` of its own, after those it builds on."""


def fill(*, today: date, seed: int, share: float = 1.0) -> Iterator[tuple[date, int, int]]:
    """Found the company and live through its years, in one transaction: all of it, or nothing.

    Gives the first day of each month that begins, with the number of acts done by then and of all acts that are known.
    """
    company = Company(today=today, seed=seed, share=share)
    with transaction.atomic(), stamps_remembered(), indexed_once(), recounted_once():
        company.people = open_house(company)
        for tell in CHAPTERS:
            tell(company)
        yield from _play(company)
        with doing("set_parameter", by=None, at=start_of(company.last_day), way=Way.COMMAND) as change:
            set_parameter(IS_DEMO, value=True, change=change)


def _play(company: Company) -> Iterator[tuple[date, int, int]]:
    month = None
    for done, act in enumerate(company.play()):
        first = company_day(act.at).replace(day=1)
        if first != month:
            month = first
            yield first, done, done + 1 + len(company.acts)
