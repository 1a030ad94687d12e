"""Every report is right on either database: it equals a recount in plain Python over random companies.

SQLite and PostgreSQL give the same answers as both give these. 20 companies; with GUANXI_TEST_FULL (`make promises`) 500.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from guanxi.reports import answers
from guanxi.reports.questions import Question
from guanxi.service.working_time import WorkingTime
from tests import cast
from tests.full import FULL
from tests.reports.asking import asked, assert_every_mark_leads_to_its_rows
from tests.reports.random_company import DAYS, RandomCompany, draw, make_world

pytestmark = pytest.mark.django_db
COMPANIES, COMPANIES_IN_FULL = 20, 500
TODAY = date(2026, 11, 23)
SHANGHAI = ZoneInfo("Asia/Shanghai")
PERIODS = {
    "month": (date(2026, 11, 1), TODAY),
    "quarter": (date(2026, 10, 1), TODAY),
    "year": (date(2026, 1, 1), TODAY),
    "12-months": (date(2025, 12, 1), TODAY),
}
BANDS = [(None, 0), (0, 100_000), (100_000, 300_000), (300_000, 500_000), (500_000, None)]

Rows = list[dict[str, Any]]
Span = tuple[date, date]


# --- arithmetic of its own ----------------------------------------------------------------------------------------


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, away from zero."""
    scaled = abs(value) * 10**places
    whole = int(scaled) + (1 if scaled - int(scaled) >= Fraction(1, 2) else 0)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def percent(part: int, whole: int) -> Decimal | None:
    return rounded(Fraction(100 * part, whole), 1) if whole > 0 else None


def yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100


def local(moment: datetime | None) -> date | None:
    return moment.astimezone(SHANGHAI).date() if moment else None


def inside(day: date | None, span: Span) -> bool:
    return day is not None and span[0] <= day <= span[1]


def in_band(cents: int, band: tuple[int | None, int | None]) -> bool:
    low, high = band
    return (low is None or cents > low) and (high is None or cents <= high)


# --- the recounts -------------------------------------------------------------------------------------------------


def sums(
    company: RandomCompany, seen: Callable[[dict[str, Any]], bool], span: Span, basis: str
) -> dict[int, list[int]]:
    """Customer → [how many, cents], by key."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = company.orders if basis == "orders" else company.payments
    day, amount = ("ordered_at", "total") if basis == "orders" else ("paid_at", "amount")
    for row in rows:
        counts = basis == "payments" or row["state"] == "paid"
        if counts and not row["binned"] and inside(row[day], span) and seen(company.customers[row["customer"]]):
            found[row["customer"]][0] += 1
            found[row["customer"]][1] += row[amount]
    return found


def check_contribution(question: Question, company: RandomCompany, seen: Any, span: Span) -> None:
    basis = question.values["basis"]
    found = sums(company, seen, span, basis)
    within = question.values["within"]
    cents = None if within is None else tuple(None if b is None else int(b * 100) for b in (within.low, within.high))
    kept = {key: value for key, value in found.items() if cents is None or in_band(value[1], cents)}
    answer = question.report.answer(question)
    total = sum(amount for _count, amount in kept.values())
    assert answer.figures["amount"].value == yuan(total)
    assert answer.figures["orders"].value == sum(count for count, _amount in kept.values())
    assert answer.figures["customers"].value == len(kept)
    average = rounded(Fraction(total, 100 * len(kept)), 2) if kept else None
    assert answer.figures["average"].value == average
    pks = {key: company.customers[key]["pk"] for key in kept}
    ordered = sorted(kept, key=lambda key: (-kept[key][1], pks[key]))
    best = sum(kept[key][1] for key in ordered[: -(-len(kept) // 5)])
    assert answer.figures["top_fifth"].value == (percent(best, total) if kept else None)
    running, rows = 0, []
    for key in ordered:
        running += kept[key][1]
        rows.append(
            (pks[key], *kept[key][:1], yuan(kept[key][1]), percent(kept[key][1], total), percent(running, total))
        )
    shown = [tuple(row[:5]) for row in answer.tables["rows"]]
    if not question.values["idle"] or within is not None:
        assert shown == rows
    else:
        idle = [one["pk"] for one in company.customers if not one["binned"] and seen(one) and one["key"] not in found]
        assert shown == rows + [(pk, 0, Decimal(0), percent(0, total), percent(running, total)) for pk in sorted(idle)]
    for (low, high), (_name, count, amount) in zip(BANDS, answer.tables["bands"], strict=True):
        band = [value for _count, value in found.values() if in_band(value, (low, high))]
        assert (count, amount) == (len(band), yuan(sum(band)))
    begins, ends = (day.replace(year=day.year - 1) for day in span)
    if within is None:
        before = sums(company, seen, (begins, ends), basis)
        assert answer.figures["amount"].year_before == yuan(sum(amount for _count, amount in before.values()))


def check_goods(question: Question, company: RandomCompany, seen: Any, span: Span) -> None:
    found: dict[str, list[Any]] = defaultdict(lambda: [set(), 0])
    paid = [
        row
        for row in company.orders
        if row["state"] == "paid"
        and not row["binned"]
        and inside(row["ordered_at"], span)
        and seen(company.customers[row["customer"]])
    ]
    for row in paid:
        for line in row["lines"]:
            if not line["binned"]:
                found[line["goods"]][0].add(row["key"])
                found[line["goods"]][1] += line["amount"]
    answer = question.report.answer(question)
    total = sum(amount for _orders, amount in found.values())
    assert total == sum(row["total"] for row in paid)
    values = {name: one.value for name, one in answer.figures.items()}
    assert values == {"goods": len(found), "orders_with": len(paid), "amount": yuan(total)}
    running, rows = 0, []
    for goods in sorted(found, key=lambda goods: (-found[goods][1], goods)):
        orders, amount = found[goods]
        running += amount
        rows.append((goods, len(orders), yuan(amount), percent(amount, total), percent(running, total)))
    assert [tuple(row[:5]) for row in answer.tables["rows"]] == rows


def check_composition(question: Question, company: RandomCompany, seen: Any) -> None:
    mine = [one for one in company.customers if not one["binned"] and seen(one)]
    counts = Counter(one[question.group.name] for one in mine)
    answer = question.report.answer(question)
    found = {row[0]: (row[1], row[2]) for row in answer.tables["groups"]}
    assert found == {key: (count, percent(count, len(mine))) for key, count in counts.items()}
    assert answer.figures["customers"].value == len(mine)
    assert answer.figures["pool"].value == sum(one["manager"] is None for one in mine)
    assert answer.figures["new"].value == sum(local(one["created_at"]) >= TODAY.replace(day=1) for one in mine)


def check_service(question: Question, tickets: Rows, span: Span) -> None:
    clock = WorkingTime()
    mine = [one for one in tickets if inside(local(one["created_at"]), span)]
    group = question.group.name
    groups: dict[Any, Rows] = defaultdict(list)
    for one in mine:
        groups[local(one["created_at"]).replace(day=1) if group == "month" else one[group]].append(one)
    answer = question.report.answer(question)
    found = {row[0]: list(row[1:]) for row in answer.tables["groups"] if row[1]}
    expected = {key: [len(rows), percent(len(rows), len(mine)), *measured(rows, clock)] for key, rows in groups.items()}
    assert found == expected
    names = ("response", "handling", "in_time", "satisfaction")
    assert [answer.figures[name].value for name in names] == measured(mine, clock)


def measured(tickets: Rows, clock: WorkingTime) -> list[Decimal | None]:
    def mean(values: Iterable[int], unit: int, places: int) -> Decimal | None:
        known = list(values)
        return rounded(Fraction(sum(known), unit * len(known)), places) if known else None

    def seconds(begin: datetime, end: datetime) -> int:
        return int(clock.between(begin, end).total_seconds())

    handled = [one for one in tickets if one["handled_at"]]
    limited = [one for one in handled if one["handle_by"]]
    asked_for = [one for one in tickets if one["assigned_at"] and not one["sent_back"]]
    return [
        mean((seconds(one["created_at"], one["assigned_at"]) for one in asked_for), 3600, 1),
        mean((seconds(one["assigned_at"], one["handled_at"]) for one in handled), 3600, 1),
        percent(sum(one["handled_at"] <= one["handle_by"] for one in limited), len(limited)),
        mean((one["satisfaction"] for one in tickets if one["satisfaction"]), 1, 2),
    ]


def check_losses(question: Question, company: RandomCompany, cases: Rows, seen: Any, span: Span) -> None:
    had = [one for one in cases if not one["never_ordered"]]
    lost = [one for one in had if inside(local(one["confirmed_at"]), span)]
    won = [one for one in had if inside(local(one["won_back_at"]), span)]
    answer = question.report.answer(question)
    values = {name: one.value for name, one in answer.figures.items()}
    ever = [one for one in company.customers if not one["binned"] and seen(one) and one["order_count"]]
    never = [one for one in cases if one["never_ordered"]]
    assert values == {
        "at_risk": sum(one["state"] == "open" for one in had),
        "confirmed": len(lost),
        "won_back": len(won),
        "rate": percent(len({one["customer"] for one in lost}), len(ever)),
        "prospects": sum(one["state"] == "open" for one in never),
        "given_up": sum(inside(local(one["confirmed_at"]), span) for one in never),
    }

    def keys(rows: Rows, moment: str) -> Counter[Any]:
        if question.group.name == "month":
            return Counter(local(one[moment]).replace(day=1) for one in rows)
        if question.group.name == "customer__level":
            return Counter(company.customers[one["customer"]]["level"] for one in rows)
        return Counter(one[question.group.name] for one in rows)

    gone, back = keys(lost, "confirmed_at"), keys(won, "won_back_at")
    found = {row[0]: (row[1], row[3]) for row in answer.tables["groups"] if row[1] or row[3]}
    assert found == {key: (gone[key], back[key]) for key in gone.keys() | back.keys()}
    numbers = sorted(company.customers[one["customer"]]["number"] for one in lost)
    assert sorted(row[2] for row in answer.tables["rows"]) == numbers


# --- the run ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def spans(dice: Random) -> tuple[str, Span]:
    """A period as asked for, and its days."""
    name = dice.choice([*PERIODS, "custom"])
    if name != "custom":
        return f"period={name}", PERIODS[name]
    begin, end = sorted(dice.choices([day for day in DAYS if (day.month, day.day) != (2, 29)], k=2))
    return f"period=custom&begin={begin}&end={end}", (begin, end)


def ask_everything(company: RandomCompany, world: Any, dice: Random) -> int:
    """Ask all reports of one company, of somebody who sees all and of one who sees their own; returns the marks followed."""
    marks = 0
    for user in (world.chief, dice.choice(world.sellers)):
        whole = user is world.chief

        def seen(customer: dict[str, Any], user: Any = user, whole: bool = whole) -> bool:
            return whole or customer["manager"] == user.pk

        period, span = spans(dice)
        band = dice.choice(["", "", "&band=5000-", "&band=0-1000", "&low=1000.01", "&low=0&high=3000"])
        extra = dice.choice(["", "&basis=payments"]) + band + dice.choice(["", "&idle=on"])
        tickets = [
            one
            for one in company.tickets
            if not one["binned"] and (whole or user.pk in {one["created_by"], one["assigned_to"]})
        ]
        cases = [one for one in company.cases if not one["binned"] and (whole or one["owner"] == user.pk)]
        groups = {
            "composition": ["level", "area", "credit", "manager", "state"],
            "service": ["kind", "step", "satisfaction", "assigned_to", "month"],
            "losses": ["month", "reason", "customer__level", "owner"],
        }
        queries = {name: f"{period}&group={dice.choice(names)}" for name, names in groups.items()}
        queries["contribution"] = f"{period}{extra}"
        narrowed = dice.choice(["", "", f"&level={world.levels[0].pk}"])
        by_goods = asked("contribution", user, f"{period}&group=goods{narrowed}")
        level = world.levels[0].pk

        def counts(customer: dict[str, Any], seen: Any = seen, narrowed: str = narrowed, level: int = level) -> bool:
            return bool(seen(customer) and (not narrowed or customer["level"] == level))

        check_goods(by_goods, company, counts, span)
        marks += assert_every_mark_leads_to_its_rows(by_goods)
        questions = {name: asked(name, user, query) for name, query in queries.items()}
        check_contribution(questions["contribution"], company, seen, span)
        check_composition(questions["composition"], company, seen)
        check_service(questions["service"], tickets, span)
        check_losses(questions["losses"], company, cases, seen, span)
        for question in questions.values():
            marks += assert_every_mark_leads_to_its_rows(question)
            answer = question.report.answer(question)
            kept = answers.read(answers.write(answer))
            assert kept.figures == answer.figures
    return marks


def test_every_report_equals_a_recount_over_random_companies(world: Any) -> None:
    count = COMPANIES_IN_FULL if FULL else COMPANIES
    marks = 0
    for seed in range(count):
        dice = Random(seed)
        with transaction.atomic():
            company = draw(world, dice)
            try:
                marks += ask_everything(company, world, dice)
            except AssertionError as error:
                raise AssertionError(f"company {seed}: {error}") from error
            transaction.set_rollback(True)
    assert marks > count * 20


def test_the_days_of_the_recount_are_those_of_the_questions() -> None:
    assert local(cast.NOW) == TODAY
    assert local(datetime.fromisoformat("2026-10-31T16:00:00+00:00")) == date(2026, 11, 1)
    assert TODAY - timedelta(days=22) == PERIODS["month"][0]
