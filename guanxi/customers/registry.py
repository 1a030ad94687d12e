"""What higher apps tell about customers: parts that go to the bin with them, touches, events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from guanxi.history.writer import ChangeWriter

Event = dict[str, Any]
"""One row of the timeline: `time`, `kind`, `icon`, `title`, `text`, `by` (a user's id), `amount`,
`whole_day` (the time says only the day), `model` and `pk` of the record behind it."""

EventSource = Callable[[Any, Any, datetime | None, int], Sequence[Event]]
"""`source(customer, user, before, limit)`: the newest events before a moment, newest first."""


@dataclass(frozen=True)
class Part:
    """A model whose rows go to the bin with their customer; `path` leads to it."""

    model: type[models.Model]
    path: str


@dataclass(frozen=True)
class Touch:
    """A model whose rows show that somebody cares for a customer: `moment` is when."""

    model: type[models.Model]
    path: str
    moment: str


@dataclass(frozen=True)
class Source:
    """A kind of events on the timeline, which `permission` hides from others."""

    kind: str
    label: Any
    events: EventSource
    permission: str = ""


class Watcher(Protocol):
    """Acts on customers whose orders or payments were written, in the same act."""

    def __call__(self, customer_ids: Collection[int], /, *, change: ChangeWriter) -> None:
        """Look at these customers."""


class MergeStep(Protocol):
    """What an app does before or after all that hangs on one customer moves to another."""

    def __call__(self, gone: Any, /, *, into: Any, change: ChangeWriter) -> None:
        """`gone` goes to the bin, `into` is kept."""


class Truth(Protocol):
    """Says what derived columns of customers that an app above writes should hold."""

    def __call__(self, ids: Collection[int], /) -> Mapping[int, dict[str, Any]]:
        """The true values of these customers' columns, by customer and column; each customer is there."""


Guard = Callable[[], Any]
"""`guard()`: the condition, over customers, that something keeps them from returning to the public pool."""


parts: list[Part] = []
touches: list[Touch] = []
sources: list[Source] = []
watchers: list[Watcher] = []
guards: list[Guard] = []
truths: list[Truth] = []
before_merges: list[MergeStep] = []
after_merges: list[MergeStep] = []


def customer_part(model: type[models.Model], path: str = "customer") -> None:
    """Let rows of a model go to the bin, and come back, with their customer."""
    parts.append(Part(model, path))


def customer_touch(model: type[models.Model], *, path: str = "customer", moment: str) -> None:
    """Count rows of a model as a touch, so that their customer stays out of the public pool."""
    touches.append(Touch(model, path, moment))


def customer_events(kind: str, label: Any, events: EventSource, permission: str = "") -> None:
    """Show a further kind of events on the customer's timeline."""
    sources.append(Source(kind, label, events, permission))


def watch_orders(watcher: Watcher) -> None:
    """Be told of customers whose orders or payments were written."""
    watchers.append(watcher)


def true_sums(truth: Truth) -> None:
    """Let the nightly recount compare further derived columns with the truth."""
    truths.append(truth)


def keeps_from_pool(guard: Guard) -> None:
    """Let something keep customers from returning to the public pool by the rule."""
    guards.append(guard)


def before_merge(step: MergeStep) -> None:
    """Do something before a customer's rows move to another: make room for rows that cannot stand twice."""
    before_merges.append(step)


def after_merge(step: MergeStep) -> None:
    """Do something after a customer's rows moved to another: rebuild what follows from them."""
    after_merges.append(step)
