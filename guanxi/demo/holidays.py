"""The holidays of a year and the weekends that are worked for them (调休), as the made-up company keeps them."""

from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6

SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
DRAGON_BOATS = {
    2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5),
    2031: (6, 24), 2032: (6, 12), 2033: (6, 1), 2034: (6, 20), 2035: (6, 10),
}  # fmt: skip
MID_AUTUMNS = {
    2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12),
    2031: (10, 1), 2032: (9, 19), 2033: (9, 8), 2034: (9, 27), 2035: (9, 16),
}  # fmt: skip
"""Month and day of the feasts of the moon, by year; a year that is not here goes without them."""


def special_days(year: int) -> dict[date, tuple[bool, str]]:
    """The days of a year that are not as their weekday: whether one works, and why."""
    off: dict[date, tuple[bool, str]] = {}
    worked: dict[date, tuple[bool, str]] = {}
    for name, first, length, number in _breaks(year):
        off |= dict.fromkeys((first + timedelta(days=one) for one in range(length)), (False, name))
        worked |= dict.fromkeys(_weekends_around(first, length)[:number], (True, f"{name}调休"))
    # A weekend is off anyway, and a day that one feast takes is not worked for another.
    found = worked | {day: said for day, said in off.items() if day.weekday() < SATURDAY or day in worked}
    return {day: said for day, said in sorted(found.items()) if day.weekday() < SATURDAY or said[0]}


def _breaks(year: int) -> list[tuple[str, date, int, int]]:
    """Name, first day, number of days, and how many weekend days are worked for it."""
    moon = [
        ("春节", SPRING_FESTIVALS, -2, 9, 2),
        ("端午节", DRAGON_BOATS, 0, 3, 0),
        ("中秋节", MID_AUTUMNS, 0, 3, 0),
    ]
    feasts = [
        (name, date(year, *days[year]) + timedelta(days=shift), length, worked)
        for name, days, shift, length, worked in moon
        if year in days
    ]
    return [
        ("元旦", date(year, 1, 1), 3, 1),
        ("清明节", date(year, 4, 4), 3, 0),
        ("劳动节", date(year, 5, 1), 5, 1),
        ("国庆节", date(year, 10, 1), 7, 2),
        *feasts,
    ]


def _weekends_around(first: date, length: int) -> list[date]:
    """The last day of the weekend after a break, then that of the weekend before it."""
    after = first + timedelta(days=length)
    while after.weekday() != SATURDAY:
        after += timedelta(days=1)
    before = first - timedelta(days=1)
    while before.weekday() != SUNDAY:
        before -= timedelta(days=1)
    return [after, before]
