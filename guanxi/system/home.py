"""工作台, the start page: cards that load one by one, hidden and ordered as everybody likes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.days import company_day
from guanxi.system.home_cards import HomeCard, all_cards
from guanxi.web.acts import is_fragment, moved, require
from guanxi.web.jinja import render_block, render_page
from guanxi.web.models import Preference

KEY = "home"
"""Under which a person's arrangement is kept."""


@dataclass(frozen=True)
class Place:
    """A card in somebody's arrangement."""

    card: HomeCard
    shown: bool


def home(request: HttpRequest) -> HttpResponse:
    """The frames of one's cards, which are asked for one by one."""
    places = arrangement(request.user)
    cards = [place.card for place in places if place.shown]
    files = dict.fromkeys(file for card in cards for file in card.files)
    context = {
        "cards": cards,
        "files": list(files),
        "last": _alone(cards),
        "any": bool(places),
        "today": company_day(timezone.now()),
    }
    return render_page(request, "system/home.html", context)


def home_card_page(request: HttpRequest, card: str) -> HttpResponse:
    """One card: what the start page asks for, or a page of its own."""
    found = all_cards.get(card)
    if found is None:
        raise Http404
    if not may_see(request.user, found):
        require(request, found.permissions[0])
    context = {"card": found, "files": found.files, "card_context": found.context(request)}
    if is_fragment(request):
        return render_block(request, "system/home_card.html", "card", context)
    return render_page(request, "system/home_card.html", context)


def arrange_home(request: HttpRequest) -> HttpResponse:
    """The form that hides and orders one's cards; moving one asks for the form again, and keeps nothing yet."""
    user: Any = request.user
    if request.method != "POST":
        return _form(request, arrangement(user))
    if "reset" in request.POST:
        Preference.choose(user, KEY, {})
        return moved(request, reverse("account:home"), _("The start page is as at the beginning."))
    sent = request.POST.getlist("card")
    hidden = set(sent) - set(request.POST.getlist("shown"))
    way, _colon, name = request.POST.get("move", "").partition(":")
    places = _arranged(user, _stepped(sent, name, way), hidden)
    if name:
        return _form(request, places, name, way)
    value = {
        "order": [place.card.name for place in places],
        "hidden": [place.card.name for place in places if not place.shown],
    }
    Preference.choose(user, KEY, value)
    return moved(request, reverse("account:home"), _("Saved."))


def may_see(user: Any, card: HomeCard) -> bool:
    """Whether a user holds one of the permissions that a card names."""
    return any(user.has_perm(one) for one in card.permissions)


def arrangement(user: Any) -> list[Place]:
    """The cards that a user may see in the order that the user likes, each with whether it is shown."""
    kept = Preference.read(user, KEY) or {}
    return _arranged(user, kept.get("order", []), set(kept.get("hidden", [])))


def _arranged(user: Any, order: Sequence[str], hidden: set[str]) -> list[Place]:
    """Those that the order names first; one that came later follows by its place, shown to whom it suits."""
    cards = sorted(all_cards.values(), key=lambda card: card.place)
    mine = {card.name: card for card in cards if may_see(user, card)}
    named = dict.fromkeys(name for name in order if name in mine)
    chosen = [Place(mine[name], name not in hidden) for name in named]
    others = [card for name, card in mine.items() if name not in named]
    return chosen + [Place(card, card.suits is None or card.suits(user)) for card in others]


def _stepped(names: Sequence[str], name: str, way: str) -> list[str]:
    """The names with one of them a step up or down, as far as there is a step."""
    stepped = list(dict.fromkeys(names))
    if name in stepped:
        at = stepped.index(name)
        stepped.remove(name)
        stepped.insert(max(0, at - 1) if way == "up" else at + 1, name)
    return stepped


def _alone(cards: Sequence[HomeCard]) -> str:
    """The name of the card that would stand beside a hole: it takes the whole row."""
    narrow = [card.name for card in cards if not card.wide]
    return narrow[-1] if len(narrow) % 2 else ""


def _form(request: HttpRequest, places: Sequence[Place], stepped: str = "", way: str = "") -> HttpResponse:
    context = {"places": places, "stepped": stepped, "way": way}
    if is_fragment(request):
        return render_block(request, "system/home_arrange.html", "drawer", context)
    return render_page(request, "system/home_arrange.html", context)
