"""Sale chances of three years: some wait, some are developed, some were won, some were lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.customers.models import Customer
from guanxi.demo.company import Company
from guanxi.demo.days import at_work, work_after, working_day
from guanxi.demo.firms import SIZES, SOURCES, Firm
from guanxi.demo.goods import CATALOGUE
from guanxi.demo.names import INDUSTRY_SHARES, Names, Person, choose, choose_city, read_cities
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.marketing import actions
from guanxi.marketing.models import DevelopmentPlan, SaleChance

NEW, DEVELOPING, LOST, WON_AGAIN = 15, 34, 38, 26
"""How many wait, are developed and were lost, and how many were won with companies that were customers already."""
DUE = [range(-8, 0), [0], range(1, 7), range(8, 25), range(2, 14)]
"""Days from today to the next step of those that are developed, in turn: of five, one is late and one is for today."""
PROJECTS = [
    "产线数据采集",
    "设备联网改造",
    "能耗监测",
    "MES 一期",
    "MES 二期",
    "老旧设备更新",
    "仓库 RFID 管理",
    "车间看板",
    "环境监测",
    "年度备件框架",
]
STEPS = [
    ("电话了解需求", "确认预算和时间，对方有意向"),
    ("上门调研现场", "看了两条产线，点位清单已整理"),
    ("提交技术方案", "方案已发，技术部基本认可"),
    ("样机测试", "测试通过，数据稳定"),
    ("正式报价", "报价已发，对方要求再让两个点"),
    ("商务谈判", "账期和质保谈妥"),
    ("合同评审", "双方法务已确认"),
]
LOSSES = {
    "价格过高": "对方选了低价方案",
    "选择了竞争对手": "对方与原供应商续约",
    "需求取消": "项目取消，明年再议",
    "预算不足": "今年预算已用完",
    "产品不满足": "需要防爆认证，暂无此型号",
    "联系不上": "多次联系无人接听",
}


@dataclass
class Lead:
    """One chance: whose it is, what it may bring, what is done about it."""

    name: str
    person: Person
    source: str
    region: str
    begins: datetime
    amount: Decimal
    summary: str
    seller: Any
    firm: Firm | None = None
    record: SaleChance | None = None
    plans: list[DevelopmentPlan] = field(default_factory=list)

    @property
    def chance(self) -> SaleChance:
        """The record, once it is there."""
        assert self.record is not None
        return self.record


def tell(company: Company) -> None:
    """All chances with their plans and their ends."""
    rng = company.rng("chances")
    names = Names(company.rng("strangers"), after=5_000)
    for firm in company.firms:
        if firm.origin == "won":
            _won_customer(company, rng, firm)
    buyers = [firm for firm in company.firms if firm.rhythm in {"regular", "growing", "seasonal"} and not firm.leaves]
    for _ in range(min(len(buyers), company.count(WON_AGAIN))):
        _won_again(company, rng, rng.choice(buyers))
    for _ in range(company.count(LOST)):
        _lost(company, rng, names)
    for place in range(max(len(DUE), company.count(DEVELOPING))):
        firm = rng.choice(buyers) if buyers and place % 3 == 0 else None
        _developing(company, rng, names, firm, place)
    for _ in range(company.count(NEW)):
        begins = at_work(_days_ago(company, rng, 0, 12), rng)
        lead = _stranger(company, rng, names, begins)
        company.plan("create", begins, _finder(company, rng, lead), _create(company, rng, lead, assigned=False))


# -- where they come from ----------------------------------------------------------------------------------------


def _stranger(company: Company, rng: Random, names: Names, begins: datetime) -> Lead:
    """A company that is no customer."""
    city = choose_city(rng, read_cities())
    name, _brand = names.company(city, choose(rng, INDUSTRY_SHARES))
    known = {firm.name for firm in company.firms}
    while name in known:
        name, _brand = names.company(city, choose(rng, INDUSTRY_SHARES))
    return Lead(
        name=name,
        person=names.person(f"qiye{rng.randrange(1000, 9999)}.example"),
        source=choose(rng, SOURCES),
        region=city.region,
        begins=begins,
        amount=_amount(rng, choose(rng, {"普通客户": 4, "重点开发客户": 4, "大客户": 2})),
        summary=_summary(rng),
        seller=company.people.seller(city.region, rng),
    )


def _of_firm(rng: Random, firm: Firm, begins: datetime, seller: Any) -> Lead:
    return Lead(
        name=firm.name,
        person=firm.people[0],
        source=firm.source,
        region=firm.city.region,
        begins=begins,
        amount=_amount(rng, firm.level),
        summary=_summary(rng),
        seller=seller,
        firm=firm,
    )


def _amount(rng: Random, level: str) -> Decimal:
    """What it may bring, in whole thousands: some usual orders together."""
    return Decimal(max(5, round(SIZES[level] * rng.lognormvariate(0.9, 0.6) / 1000)) * 1000)


def _summary(rng: Random) -> str:
    article = rng.choice(CATALOGUE[:28])
    return f"{rng.choice(PROJECTS)}项目，需要{article.goods}"


def _days_ago(company: Company, rng: Random, first: int, last: int) -> date:
    day = company.last_day - timedelta(days=rng.randrange(first, last))
    return min(working_day(day), company.last_day)


def _finder(company: Company, rng: Random, lead: Lead) -> Any:
    """Who records it: the head of the region or somebody there."""
    return company.people.lead(lead.region) if rng.random() < 0.4 else rng.choice(company.people.sellers(lead.region))


# -- what becomes of them ----------------------------------------------------------------------------------------


def _won_customer(company: Company, rng: Random, firm: Firm) -> None:
    """The chance that made this customer: it was recorded some weeks before."""
    day = working_day(firm.first_day - timedelta(days=rng.randrange(14, 68)))
    lead = _of_firm(rng, firm, at_work(day, rng, closes=11 * 60), firm.seller)
    lead.firm = None
    _start(company, rng, lead)
    _steps(company, rng, lead, until=firm.begins, number=rng.randrange(1, 4))

    def win(change: ChangeWriter) -> None:
        firm.record = actions.win_chance(lead.chance, change=change)
        firm.holder = lead.seller

    company.plan("win", firm.begins, lead.seller, win)


def _won_again(company: Company, rng: Random, firm: Firm) -> None:
    """A further project of a customer."""
    known = (company.last_day - firm.first_day).days
    if known < 140:
        return
    begins = at_work(working_day(firm.first_day + timedelta(days=rng.randrange(30, known - 75))), rng, closes=11 * 60)
    lead = _of_firm(rng, firm, begins, firm.seller)
    _start(company, rng, lead)
    ends = work_after(begins, rng.randrange(20, 70), rng)
    _steps(company, rng, lead, until=ends, number=rng.randrange(1, 4))
    company.plan("win", ends, lead.seller, lambda change: actions.win_chance(lead.chance, change=change))


def _lost(company: Company, rng: Random, names: Names) -> None:
    """Somebody tried, and says why it came to nothing."""
    known = (company.last_day - company.first_day).days
    begins = at_work(_days_ago(company, rng, 25, known - 10), rng, closes=11 * 60)
    lead = _stranger(company, rng, names, begins)
    _start(company, rng, lead)
    ends = work_after(begins, rng.randrange(12, 80), rng)
    _steps(company, rng, lead, until=ends, number=rng.randrange(0, 4))
    reason = choose(
        rng, {"价格过高": 28, "选择了竞争对手": 22, "需求取消": 15, "预算不足": 14, "产品不满足": 11, "联系不上": 10}
    )
    company.plan(
        "lose",
        ends,
        lead.seller,
        lambda change: actions.lose_chance(
            lead.chance, reason=company.entry("lose_reason", reason), note=LOSSES[reason], change=change
        ),
    )


def _developing(company: Company, rng: Random, names: Names, firm: Firm | None, place: int) -> None:
    """It is being worked on: some steps are done, one is next."""
    begins = at_work(_days_ago(company, rng, 4, 85), rng, closes=11 * 60)
    if firm is not None and (company_day(begins) - firm.first_day).days > 5:
        lead = _of_firm(rng, firm, begins, firm.seller)
    else:
        lead = _stranger(company, rng, names, begins)
    _start(company, rng, lead)
    now = at_work(company.last_day, rng, opens=16 * 60)
    done, at = _steps(company, rng, lead, until=now, number=rng.randrange(0, 4))
    on = company.today + timedelta(days=rng.choice(DUE[place % len(DUE)]))
    planned = max(on if on <= company.today else working_day(on), company_day(at))
    _plan(company, lead, STEPS[done][0], planned, at=at)
    if rng.random() < 0.4:
        after = working_day(max(planned, company.today) + timedelta(days=rng.randrange(5, 20)))
        _plan(company, lead, STEPS[done + 1][0], after, at=at + timedelta(minutes=3))


def _start(company: Company, rng: Random, lead: Lead) -> None:
    """Recorded with somebody's name, or given to somebody by the head of the region some hours later."""
    if rng.random() < 0.45:
        company.plan("create", lead.begins, lead.seller, _create(company, rng, lead, assigned=True))
        return
    company.plan("create", lead.begins, _finder(company, rng, lead), _create(company, rng, lead, assigned=False))
    company.plan(
        "assign",
        lead.begins + timedelta(minutes=rng.randrange(45, 180)),
        company.people.lead(lead.region),
        lambda change: actions.assign_chance(lead.chance, to=lead.seller, change=change),
    )


def _create(company: Company, rng: Random, lead: Lead, *, assigned: bool) -> Callable[[ChangeWriter], None]:
    rate = rng.choice([20, 30, 40, 50, 50, 60, 70, 80, 90])
    expected_on = working_day(company_day(lead.begins) + timedelta(days=rng.randrange(30, 120)))
    wechat = f"wx_{lead.person.mobile[-8:]}" if rng.random() < 0.3 else ""

    def do(change: ChangeWriter) -> None:
        lead.record = actions.create_chance(
            customer_name=lead.name,
            customer=_customer_of(lead),
            source=company.entry("chance_source", lead.source),
            success_rate=rate,
            expected_amount=lead.amount,
            expected_on=expected_on,
            summary=lead.summary,
            contact_name=lead.person.name,
            contact_phone=lead.person.mobile,
            contact_wechat=wechat,
            contact_email=lead.person.email,
            assigned_to=lead.seller if assigned else None,
            change=change,
        )

    return do


def _customer_of(lead: Lead) -> Customer | None:
    return lead.firm.record if lead.firm else None


def _steps(company: Company, rng: Random, lead: Lead, *, until: datetime, number: int) -> tuple[int, datetime]:
    """Steps that were planned and carried out before a moment: how many there was time for, and when the next is planned."""
    at = work_after(lead.begins, 1, rng)
    span = (company_day(until) - company_day(lead.begins)).days
    for place in range(number):
        done = work_after(at, max(1, rng.randrange(1, max(2, span // (number + 1)))), rng)
        if done >= until:
            return place, at
        item, effect = STEPS[place]
        _plan(company, lead, item, company_day(done), at=at)
        company.plan("finish", done, lead.seller, _finish(lead, place, effect))
        at = work_after(done, 0, rng)
    return number, at


def _plan(company: Company, lead: Lead, item: str, planned_on: date, *, at: datetime) -> None:
    def do(change: ChangeWriter) -> None:
        lead.plans.append(actions.create_plan(chance=lead.chance, item=item, planned_on=planned_on, change=change))

    company.plan("create", at, lead.seller, do)


def _finish(lead: Lead, place: int, effect: str) -> Callable[[ChangeWriter], None]:
    return lambda change: actions.finish_plan(lead.plans[place], effect=effect, change=change)
