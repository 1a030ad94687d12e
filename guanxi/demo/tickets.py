"""What customers asked for, suggested and complained of in the last year, and how it was handled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.demo.company import Company
from guanxi.demo.days import at_work, working_day
from guanxi.demo.firms import Firm
from guanxi.demo.holidays import special_days
from guanxi.demo.troubles import LOW, NOT_SOLVED, REASONS, TROUBLES, Trouble
from guanxi.history.writer import ChangeWriter
from guanxi.service import actions
from guanxi.service.models import ServiceTicket
from guanxi.service.working_time import WorkingTime

TICKETS, WAITING = 126, 26
"""How many of the last year ran to their end, and how many are on their way now."""
HOURS = {"咨询": (4, 16), "建议": (8, 40), "投诉": (2, 8)}
"""Working hours until assigned and until handled, by type."""
KINDS = {"咨询": 50, "建议": 16, "投诉": 34}
FATES = {"well": 80, "low": 11, "returned": 6, "given_up": 3}
GOOD = {5: 46, 4: 36, 3: 18}
STANDS = ["created", "assigned", "processed", "late", "fed_back", "low", "assigned", "fed_back", "unassigned"]
"""Where those on their way stand, in turn: of nine, one is handled too late and one still waits to be assigned."""
FAR = {"created": 0, "unassigned": 0, "assigned": 1, "late": 1, "processed": 2, "low": 3, "fed_back": 3}
"""How many steps were taken after it was created."""
OPENED = {"created": (0, 1), "unassigned": (4, 8), "late": (7, 11), "assigned": (1, 2), "processed": (4, 7)}
"""How many days ago; others up to two weeks."""


@dataclass
class Matter:
    """One ticket: whose it is, what it is about, how it will go."""

    firm: Firm
    trouble: Trouble
    opened: datetime
    clerk: Any
    handler: Any
    fate: str
    record: ServiceTicket | None = None

    @property
    def ticket(self) -> ServiceTicket:
        """The record, once it is there."""
        assert self.record is not None
        return self.record


def tell(company: Company) -> None:
    """Targets and calendar first, then every ticket."""
    rng = company.rng("tickets")
    _set_up(company)
    times = WorkingTime(calendar=_holidays(company))
    for _ in range(company.count(TICKETS)):
        back = 16 + int(345 * rng.random() ** 1.15)
        matter = _matter(company, rng, times, back, rng.choices(list(FATES), list(FATES.values()))[0])
        _walk(company, rng, times, matter, far=9)
    for place in range(max(len(STANDS), company.count(WAITING))):
        stand = STANDS[place % len(STANDS)]
        matter = _matter(company, rng, times, rng.randint(*OPENED.get(stand, (8, 13))), "well")
        matter.fate = "sent_back" if stand == "low" else "well"
        if place == 1:
            matter.handler = company.people.admin
        _walk(company, rng, times, matter, far=FAR[stand], late=stand == "late")


def _set_up(company: Company) -> None:
    """Before the first ticket."""
    at = at_work(working_day(company.last_day - timedelta(days=380)), company.rng("calendar"))
    for kind, (response, handling) in HOURS.items():
        company.plan("create", at, company.people.admin, _target(company, kind, response, handling))
        at += timedelta(minutes=2)
    for year in sorted({at.year, company.today.year}):
        company.plan("create", at, company.people.admin, _calendar(year))
        at += timedelta(minutes=12)


def _target(company: Company, kind: str, response: int, handling: int) -> Callable[[ChangeWriter], Any]:
    return lambda change: actions.create_target(
        kind=company.entry("service_type", kind),
        response_hours=Decimal(response),
        handling_hours=Decimal(handling),
        change=change,
    )


def _calendar(year: int) -> Callable[[ChangeWriter], None]:
    def do(change: ChangeWriter) -> None:
        for day, (works, note) in special_days(year).items():
            actions.create_day(day=day, works=works, note=note, change=change)

    return do


def _holidays(company: Company) -> dict[Any, bool]:
    """When nothing happens; what is worked at weekends is caught up with by nobody in particular."""
    years = {company.last_day.year - 1, company.last_day.year}
    return {day: False for year in years for day, (works, _note) in special_days(year).items() if not works}


def _matter(company: Company, rng: Random, times: WorkingTime, back: int, fate: str) -> Matter:
    day = min(working_day(company.last_day - timedelta(days=back)), company.last_day)
    opened = times.after(at_work(day, rng, closes=16 * 60), 0)
    clerks = company.people.of_post("客服")
    handlers = clerks if rng.random() < 0.8 else company.people.of_post("客户经理")
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    return Matter(
        firm=rng.choice(_buyers(company, opened)),
        trouble=rng.choice([one for one in TROUBLES if one.kind == kind]),
        opened=opened,
        clerk=rng.choice(clerks),
        handler=rng.choice(handlers),
        fate=fate,
    )


def _buyers(company: Company, at: datetime) -> list[Firm]:
    """Who buys something by then."""
    early = at - timedelta(days=30)
    found = [
        firm
        for firm in company.firms
        if firm.rhythm != "never" and firm.begins < early and (firm.leaves is None or firm.leaves > at)
    ]
    return found or company.firms[:1]


# -- step by step ------------------------------------------------------------------------------------------------


def _walk(company: Company, rng: Random, times: WorkingTime, matter: Matter, *, far: int, late: bool = False) -> None:
    """Through the steps, as far as it comes."""
    company.plan("create", matter.opened, _author(rng, matter), _create(company, rng, matter))
    response, handling = HOURS[matter.trouble.kind]
    at = times.after(matter.opened, response * (1.6 if rng.random() < 0.08 else rng.uniform(0.05, 0.8)))
    if far >= 1:
        company.plan("assign", at, matter.clerk, _assign(matter))
    if far < 2:
        return
    slow = late or rng.random() < 0.1
    at = times.after(at, handling * (rng.uniform(1.1, 1.7) if slow else rng.uniform(0.15, 0.8)))
    company.plan("process", at, matter.handler, _process(matter, matter.trouble.handling))
    if far < 3:
        return
    at = _rounds(company, rng, times, matter, at)
    if far > 3 and matter.fate != "given_up":
        at = times.after(at, rng.uniform(1, 30))
        company.plan("archive", at, matter.clerk, lambda change: actions.archive_ticket(matter.ticket, change=change))


def _rounds(company: Company, rng: Random, times: WorkingTime, matter: Matter, at: datetime) -> datetime:
    """What the customer says; below three stars, or given back, it is handled once more."""
    if matter.fate == "returned":
        at = times.after(at, rng.uniform(0.3, 4))
        reason = rng.choice(REASONS)
        company.plan(
            "return", at, matter.clerk, lambda c: actions.return_ticket(matter.ticket, reason=reason, change=c)
        )
        at = _again(company, rng, times, matter, at)
    if matter.fate == "sent_back":
        at = times.after(at, rng.uniform(2, 14))
        _say(company, matter, at, rng.choice(LOW), 2)
        return at
    for _ in range({"low": 1, "given_up": 2}.get(matter.fate, 0)):
        at = times.after(at, rng.uniform(2, 14))
        _say(company, matter, at, rng.choice(LOW), rng.choice([1, 2, 2]))
        at = _again(company, rng, times, matter, at, last=matter.fate == "given_up")
    if matter.fate == "given_up":
        company.plan("close", at, company.people.users["linxiaowen"], _give_up(matter))
        return at
    at = times.after(at, rng.uniform(2, 22))
    _say(company, matter, at, rng.choice(matter.trouble.answers), rng.choices(list(GOOD), list(GOOD.values()))[0])
    return at


def _again(
    company: Company, rng: Random, times: WorkingTime, matter: Matter, at: datetime, *, last: bool = False
) -> datetime:
    """Another handling by the same one; after the `last` low feedback none follows."""
    at = times.after(at, rng.uniform(1, 7))
    company.plan("process", at, matter.handler, _process(matter, matter.trouble.again, unless_given_up=last))
    return at


def _author(rng: Random, matter: Matter) -> Callable[[], Any]:
    """Mostly the clerk who took the call, else whoever looks after the customer."""
    called_clerk = rng.random() < 0.7
    return lambda: matter.clerk if called_clerk else matter.firm.holder or matter.clerk


def _create(company: Company, rng: Random, matter: Matter) -> Callable[[ChangeWriter], None]:
    goods = next((one.goods for one in rng.sample(matter.firm.goods, len(matter.firm.goods)) if one.is_thing), "网关")

    def do(change: ChangeWriter) -> None:
        matter.record = actions.create_ticket(
            customer=matter.firm.customer,
            kind=company.entry("service_type", matter.trouble.kind),
            overview=matter.trouble.overview.format(goods=goods),
            request_text=matter.trouble.request.format(goods=goods, who=matter.firm.people[0].polite),
            change=change,
        )

    return do


def _assign(matter: Matter) -> Callable[[ChangeWriter], None]:
    return lambda change: actions.assign_ticket(matter.ticket, to=matter.handler, change=change)


def _process(matter: Matter, handling: str, *, unless_given_up: bool = False) -> Callable[[ChangeWriter], None]:
    def do(change: ChangeWriter) -> None:
        if not (unless_given_up and matter.ticket.low_rounds > 1):
            actions.process_ticket(matter.ticket, handling=handling, change=change)

    return do


def _say(company: Company, matter: Matter, at: datetime, result: str, stars: int) -> None:
    company.plan(
        "feedback",
        at,
        matter.clerk,
        lambda change: actions.feedback_ticket(matter.ticket, result=result, satisfaction=stars, change=change),
    )


def _give_up(matter: Matter) -> Callable[[ChangeWriter], None]:
    return lambda change: actions.close_ticket(matter.ticket, reason=NOT_SOLVED, change=change)
