"""The customers of the made-up company as they are meant to be: who they are, how they buy, who looks after them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.customers.models import Customer
from guanxi.demo.company import Company
from guanxi.demo.days import at_work, working_day
from guanxi.demo.goods import Article, favourites
from guanxi.demo.names import INDUSTRY_SHARES, City, Names, Person, choose, choose_city, read_cities
from guanxi.kernel.days import company_day

CUSTOMERS = 400
ORIGINS = {"list": 37, "typed": 43, "won": 20}
"""In the list that was imported on the first day, typed in later, or won from a chance."""
LEVELS = {"普通客户": 54, "重点开发客户": 20, "大客户": 14, "合作伙伴": 8, "战略合作伙伴": 4}
SIZES = {"普通客户": 5_500, "重点开发客户": 14_000, "合作伙伴": 26_000, "大客户": 48_000, "战略合作伙伴": 110_000}
"""What a usual order comes to, in yuan."""
RHYTHMS = {
    "list": {"regular": 30, "growing": 12, "fading": 15, "stopped": 19, "seasonal": 11, "once": 5, "never": 8},
    "typed": {"regular": 28, "growing": 20, "fading": 8, "stopped": 9, "seasonal": 9, "once": 14, "never": 12},
    "won": {"regular": 36, "growing": 25, "fading": 7, "stopped": 6, "seasonal": 8, "once": 18},
}
SOURCES = {"官网": 22, "同事介绍": 8, "百度": 18, "360推广": 5, "广告": 6, "展会": 22, "老客户推荐": 19}
STOPPED_MONTHS = (7, 20)


@dataclass
class Firm:
    """One customer: what is planned, and what became of it while the story is played."""

    name: str
    brand: str
    city: City
    industry: str
    level: str
    origin: str
    rhythm: str
    source: str
    begins: datetime
    seller: Any
    people: list[Person]
    goods: list[Article]
    size: Decimal
    details: dict[str, Any]
    since: date | None = None
    leaves: datetime | None = None
    """When its manager gives it back to the public pool."""
    record: Customer | None = None
    holder: Any = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def customer(self) -> Customer:
        """The record, once it is there."""
        assert self.record is not None
        return self.record

    @property
    def first_day(self) -> date:
        """The first day on which it may order."""
        return company_day(self.begins)


def found_firms(company: Company) -> list[Firm]:
    """Think up all customers."""
    rng = company.rng("firms")
    names = Names(rng)
    cities = read_cities()
    number = company.count(CUSTOMERS)
    # One customer in each area first, so that none is left without.
    one_each = list({city.area: city for city in cities}.values())
    rng.shuffle(one_each)
    places = [*one_each, *(choose_city(rng, cities) for _ in range(max(0, number - len(one_each))))][:number]
    rng.shuffle(places)
    origins = _origins(number)
    rng.shuffle(origins)
    return [_firm(company, rng, names, place, origin) for place, origin in zip(places, origins, strict=True)]


def _origins(number: int) -> list[str]:
    won, listed = (round(number * ORIGINS[name] / 100) for name in ("won", "list"))
    return ["won"] * won + ["list"] * listed + ["typed"] * (number - won - listed)


def _firm(company: Company, rng: Random, names: Names, city: City, origin: str) -> Firm:
    industry = choose(rng, INDUSTRY_SHARES)
    name, brand = names.company(city, industry)
    begins = _begins(company, rng, origin)
    rhythm = _rhythm(company, rng, origin, begins)
    level = choose(rng, LEVELS) if rhythm not in {"never", "once"} else choose(rng, {"普通客户": 6, "重点开发客户": 4})
    domain = f"kh{len(company.firms) + rng.randrange(1000, 9999)}.example"
    firm = Firm(
        name=name,
        brand=brand,
        city=city,
        industry=industry,
        level=level,
        origin=origin,
        rhythm=rhythm,
        source=choose(rng, SOURCES),
        begins=begins,
        seller=company.people.seller(city.region, rng),
        people=[names.person(domain) for _ in range(rng.choices([1, 2, 3, 4], [44, 33, 16, 7])[0])],
        goods=favourites(rng),
        size=Decimal(round(SIZES[level] * rng.lognormvariate(0, 0.35))),
        details=_details(rng, names, city, level, domain),
        since=_since(company, rng) if origin == "list" else None,
    )
    _may_leave(company, rng, firm)
    return firm


def _begins(company: Company, rng: Random, origin: str) -> datetime:
    """More of them come as the company grows."""
    if origin == "list":
        return at_work(working_day(company.first_day), rng, opens=14 * 60, closes=14 * 60 + 1)
    days = (company.last_day - company.first_day).days
    earliest = 75 if origin == "won" else 6
    day = company.first_day + timedelta(days=earliest + int((days - earliest - 3) * rng.random() ** 0.75))
    return at_work(min(working_day(day), company.last_day), rng, closes=16 * 60)


def _rhythm(company: Company, rng: Random, origin: str, begins: datetime) -> str:
    """How it buys; whoever came lately has had no time to stop or to fade."""
    rhythm = choose(rng, RHYTHMS[origin])
    known = (company.last_day - company_day(begins)).days
    if rhythm == "stopped" and known < 400:
        return "regular"
    return "growing" if rhythm in {"fading", "seasonal"} and known < 240 else rhythm


def _since(company: Company, rng: Random) -> date:
    return company.first_day - timedelta(days=int(30 + 2_600 * rng.random() ** 1.6))


def _may_leave(company: Company, rng: Random, firm: Firm) -> None:
    """Some that do not buy any more, or never did, go to the public pool, the way they do everywhere."""
    chances = {"never": 0.45, "stopped": 0.25, "once": 0.12}
    if rng.random() >= chances.get(firm.rhythm, 0):
        return
    day = company.last_day - timedelta(days=rng.randrange(3, 130))
    if (day - firm.first_day).days > 90:
        firm.leaves = at_work(working_day(day), rng)


def _details(rng: Random, names: Names, city: City, level: str, domain: str) -> dict[str, Any]:
    """What is known of it besides its name; of smaller ones less."""
    important = level in {"大客户", "合作伙伴", "战略合作伙伴"}
    capital = Decimal(rng.choice([100, 200, 500, 500, 800, 1000, 2000, 5000] if not important else [1000, 3000, 5000]))
    found: dict[str, Any] = {
        "phone": names.landline(city),
        "address": names.address(city),
        "credit": rng.choices([2, 3, 4, 5], [6, 44, 36, 14] if not important else [1, 14, 45, 40])[0],
    }
    if important or rng.random() < 0.6:
        found |= {
            "website": f"www.{domain}",
            "legal_representative": names.person(domain).name,
            "registered_capital": capital * 10_000,
            "annual_turnover": capital * rng.choice([8_000, 12_000, 20_000, 36_000, 60_000]),
        }
    if city.code and (important or rng.random() < 0.5):
        found["licence_number"] = names.licence(city)
    if important:
        found |= dict(zip(("bank", "bank_account"), names.account(city), strict=True))
    return found
