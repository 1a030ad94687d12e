"""The stage of the demo: what is to happen, in the order of its time, each in a change set of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from guanxi.demo.days import working_day_before, years_before
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter, changing
from guanxi.kernel.days import company_day

YEARS = 3


@dataclass(frozen=True)
class Act:
    """Something that somebody does at a moment; `by` is asked when it is done, as it may depend on acts before it."""

    at: datetime
    verb: str
    by: Callable[[], Any]
    do: Callable[[ChangeWriter], Any]
    way: str = Way.PAGE


@dataclass
class Company:
    """One telling of the story: the same seed, day and share tell the same story.

    `share` makes everything but the people smaller. Acts end on the last working day before `today`, so that the time
    of the day at which the story is told changes nothing.
    """

    today: date
    seed: int
    share: float = 1.0
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    """What is still to happen, as a heap: by its time, then as it was planned."""
    people: Any = None
    firms: list[Any] = field(default_factory=list)
    _places: Iterator[int] = field(default_factory=count)
    _entries: dict[tuple[str, str], DictionaryEntry] = field(default_factory=dict)

    @property
    def first_day(self) -> date:
        """The day on which the company began to work with Guanxi."""
        return years_before(self.today, YEARS)

    @property
    def last_day(self) -> date:
        """The last day on which anything happened."""
        return working_day_before(self.today)

    def rng(self, chapter: str) -> Random:
        """The dice of one chapter: what another one throws does not change them."""
        return Random(f"{self.seed}/{chapter}")  # nosec B311 - tells a story, keeps no secret

    def count(self, number: int) -> int:
        """How many of something there are at this share: at least one."""
        return max(1, round(number * self.share))

    def entry(self, type_key: str, label: str) -> DictionaryEntry:
        """The dictionary entry of a Chinese label."""
        if not self._entries:
            self._entries = {(one.type, one.label_zh): one for one in DictionaryEntry.objects.in_use()}
        return self._entries[type_key, label]

    def plan(
        self,
        verb: str,
        at: datetime,
        by: Any,
        do: Callable[[ChangeWriter], Any],
        way: str = Way.PAGE,
    ) -> None:
        """Let somebody do something at a moment; what would lie after the last day does not happen.

        What happens may plan what follows from it.
        """
        if company_day(at) <= self.last_day:
            act = Act(at, verb, by if callable(by) else lambda: by, do, way)
            heappush(self.acts, (at, next(self._places), act))

    def play(self) -> Iterator[Act]:
        """Carry out what is planned, in the order of time; gives each act before it is done."""
        while self.acts:
            _at, _place, act = heappop(self.acts)
            yield act
            with doing(act.verb, by=act.by(), at=act.at, way=act.way) as change:
                act.do(change)


@contextmanager
def doing(verb: str, *, by: Any, at: datetime, way: str = Way.PAGE) -> Iterator[ChangeWriter]:
    """One change set of somebody at their desk."""
    address = f"10.0.8.{by.pk}" if by is not None and way == Way.PAGE else ""
    with changing(verb, by=by, at=at, way=way, address=address) as change:
        yield change
