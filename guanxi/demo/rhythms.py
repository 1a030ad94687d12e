"""When customers buy: each by a rhythm of its own."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from guanxi.demo.company import Company
from guanxi.demo.days import working_day, working_day_before, works
from guanxi.demo.firms import STOPPED_MONTHS, Firm
from guanxi.kernel.days import company_day

SPEED = {"regular": 1.0, "growing": 0.75, "fading": 0.6, "stopped": 0.8, "seasonal": 0.6}
LEVEL_SPEED = {"普通客户": 0.8, "重点开发客户": 1.0, "大客户": 1.5, "合作伙伴": 1.4, "战略合作伙伴": 2.2}
BEND = {"growing": 0.6, "fading": 1.8}
"""Orders crowd towards the end of the time below 1, towards its beginning above 1."""
SEASONS = [{3, 4, 5}, {5, 6, 7}, {9, 10, 11}, {10, 11, 12}]


def order_days(company: Company, rng: Random, number: int) -> dict[int, list[date]]:
    """For each customer, by its place among the firms, the days on which it orders: `number` in all."""
    spans = [_span(company, rng, firm) for firm in company.firms]
    counts = _counts(company.firms, spans, rng, number)
    return {
        place: _days(firm, span, count, rng)
        for place, (firm, span, count) in enumerate(zip(company.firms, spans, counts, strict=True))
    }


def _span(company: Company, rng: Random, firm: Firm) -> tuple[date, date]:
    """From its first order to its last."""
    first = working_day(firm.first_day + timedelta(days=rng.randrange(3, 32)))
    last = company.last_day - timedelta(days=rng.randrange(0, 12))
    if firm.rhythm == "stopped":
        back = rng.randrange(30 * STOPPED_MONTHS[0] + 10, 30 * STOPPED_MONTHS[1])
        last = max(company.last_day - timedelta(days=back), first + timedelta(days=100))
    elif firm.rhythm == "fading":
        last -= timedelta(days=rng.randrange(50, 150))
    if firm.leaves:
        last = min(last, company_day(firm.leaves) - timedelta(days=20))
    first = min(first, company.last_day)
    return first, max(first, working_day_before(last + timedelta(days=1)))


def _counts(firms: Sequence[Firm], spans: Sequence[tuple[date, date]], rng: Random, number: int) -> list[int]:
    """Who orders how often; the sum is `number`, unless nobody orders more than once."""
    fixed = [_few(firm, rng) for firm in firms]
    weights = [
        0.0 if few is not None else _weight(firm, *span) for firm, span, few in zip(firms, spans, fixed, strict=True)
    ]
    rest, total = number - sum(few or 0 for few in fixed), sum(weights) or 1.0
    counts = [
        few if few is not None else int(rest * weight / total) for few, weight in zip(fixed, weights, strict=True)
    ]
    # What rounding left over goes to those who buy most.
    often = sorted(range(len(firms)), key=lambda place: -weights[place])
    for place in often[: max(0, number - sum(counts))]:
        counts[place] += 1
    return counts


def _few(firm: Firm, rng: Random) -> int | None:
    if firm.rhythm == "never":
        return 0
    return rng.choices([1, 2], [8, 2])[0] if firm.rhythm == "once" else None


def _weight(firm: Firm, first: date, last: date) -> float:
    months = (last - first).days / 30 + 1.5
    return months * SPEED[firm.rhythm] * LEVEL_SPEED[firm.level]


def _days(firm: Firm, span: tuple[date, date], count: int, rng: Random) -> list[date]:
    first, last = span
    open_days = _open_days(firm, first, last, rng)
    places = [min(0.999, max(0.0, (one + 0.5 + rng.uniform(-0.35, 0.35)) / count)) for one in range(count)]
    bent = [place ** BEND.get(firm.rhythm, 1.0) for place in places]
    return sorted(min(_working_day(open_days[int(place * len(open_days))], rng), last) for place in bent)


def _working_day(day: date, rng: Random) -> date:
    """What falls on a holiday comes in the days after it, not all on the first."""
    return day if works(day) else working_day(day + timedelta(days=rng.randrange(8)))


def _open_days(firm: Firm, first: date, last: date, rng: Random) -> list[date]:
    """The days in question: in its season, and few around the Spring Festival."""
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    if firm.rhythm == "seasonal":
        season = rng.choice(SEASONS)
        days = [day for day in days if day.month in season] or days
    busy = [day for day in days if (day.month, day.day) < (1, 22) or (day.month, day.day) > (2, 16) or day.day % 4 == 0]
    return busy or days
