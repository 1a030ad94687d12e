"""工作台: the cards that every app registers for it; `system/home.py` shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from guanxi.access.reach import reach_of
from guanxi.web.paging import capped_count

COUNTED = 99


@dataclass(frozen=True)
class HomeCard:
    """One card: `context(request)` feeds `template`; shown to who holds the permission, or one of several.

    The context may hold a `count` for the card's head, the address of `all` its rows, and `choices` of another period.
    `suits(user)` says for whom it is there from the beginning; others who may see it add it. `files` are the styles and
    scripts that the template needs, `rows` about how high it will be.
    """

    name: str
    label: Any
    template: str
    context: Callable[[HttpRequest], Mapping[str, Any]]
    permission: str | tuple[str, ...]
    place: int = 50
    wide: bool = False
    suits: Callable[[Any], bool] | None = None
    files: Sequence[str] = ()
    rows: int = 5

    @property
    def permissions(self) -> tuple[str, ...]:
        """What lets one see it: one of these is enough."""
        return (self.permission,) if isinstance(self.permission, str) else self.permission


all_cards: dict[str, HomeCard] = {}
"""Every declared card by its name."""


def home_card(card: HomeCard) -> None:
    """Add a card to everybody's start page."""
    all_cards[card.name] = card


def own_work(user: Any) -> bool:
    """Whether a card of one's own work suits: administrators look after the system, not after customers."""
    return not reach_of(user).holds_all


def of_many(user: Any) -> bool:
    """Whether a card that compares people suits: for whoever sees the rows of more than one."""
    reach = reach_of(user)
    return reach.everything or len(reach.owners) > 1


def count_of(rows: QuerySet[Any]) -> str:
    """How many rows, as a card's head says it: `12`, `99+`, nothing for none."""
    count = capped_count(rows, COUNTED)
    return "" if not count else f"{COUNTED}+" if count > COUNTED else str(count)


def list_url(name: str, params: Mapping[str, Any] | None = None) -> str:
    """The address of a list, narrowed by these parameters."""
    return f"{reverse(name)}?{urlencode(params, doseq=True)}" if params else reverse(name)
