"""Numbers of records from the counters, a handful of a day at once."""

from collections import defaultdict
from datetime import date

from guanxi.parameters.numbers import take_numbers

LEAST = 10
"""A company too small to use up a handful a day leaves gaps, as numbers may."""


class Numbers:
    """Gives out numbers of one kind by day; it takes `handful` of them from the day's counter at a time."""

    def __init__(self, kind: str, handful: int) -> None:
        self.kind = kind
        self.handful = max(handful, LEAST)
        self._taken: dict[date, list[str]] = defaultdict(list)

    def next(self, day: date) -> str:
        """A number of this day that was never given out; those left over at the end are lost."""
        if not self._taken[day]:
            self._taken[day] = take_numbers(self.kind, day, self.handful)[::-1]
        return self._taken[day].pop()
