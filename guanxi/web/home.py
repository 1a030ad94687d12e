"""工作台: what the signed-in user has to do today, from cards that every app registers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from guanxi.web.jinja import render_page


@dataclass(frozen=True)
class HomeCard:
    """One card: `context(request)` feeds `template`; shown to who holds the permission."""

    name: str
    label: Any
    template: str
    context: Callable[[HttpRequest], Mapping[str, Any]]
    permission: str
    place: int = 50
    wide: bool = False


_cards: list[HomeCard] = []


def home_card(card: HomeCard) -> None:
    """Add a card to everybody's start page."""
    _cards.append(card)


def home(request: HttpRequest) -> HttpResponse:
    """The start page."""
    user: Any = request.user
    shown = [card for card in _cards if user.has_perm(card.permission)]
    cards = [(card, card.context(request)) for card in sorted(shown, key=lambda card: card.place)]
    return render_page(request, "web/home.html", {"cards": cards})
