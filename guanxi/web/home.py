"""工作台: cards that every app registers; each loads by itself, and everybody arranges them as they like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guanxi.access.reach import reach_of
from guanxi.kernel.days import company_day
from guanxi.web.acts import is_fragment, moved, require
from guanxi.web.jinja import render_block, render_page
from guanxi.web.models import Preference
from guanxi.web.paging import capped_count

KEY = "home"
"""Under which a person's arrangement is kept."""
COUNTED = 99


@dataclass(frozen=True)
class HomeCard:
    """One card: `context(request)` feeds `template`; shown to who holds the permission, or one of several.

    The context may hold a `count` for the card's head and the address of `all` its rows. `suits(user)` says for whom it
    is there from the beginning; others who may see it add it. `files` are styles and scripts that the template needs.
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
    def url(self) -> str:
        """The address of the card alone."""
        return reverse("web:home-card", args=[self.name])

    @property
    def permissions(self) -> tuple[str, ...]:
        """What lets one see it: one of these is enough."""
        return (self.permission,) if isinstance(self.permission, str) else self.permission

    def may(self, user: Any) -> bool:
        """Whether a user may see it."""
        return any(user.has_perm(one) for one in self.permissions)


@dataclass(frozen=True)
class Place:
    """A card in somebody's arrangement."""

    card: HomeCard
    shown: bool


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


def list_url(name: str, params: Mapping[str, Any]) -> str:
    """The address of a list narrowed by these parameters."""
    return f"{reverse(name)}?{urlencode(params, doseq=True)}"


def home(request: HttpRequest) -> HttpResponse:
    """The start page: the frames of its cards, which are asked for one by one."""
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
    return render_page(request, "web/home.html", context)


def _alone(cards: Sequence[HomeCard]) -> str:
    """The name of the card that would stand beside a hole: it takes the whole row."""
    narrow = [card.name for card in cards if not card.wide]
    return narrow[-1] if len(narrow) % 2 else ""


def home_card_page(request: HttpRequest, card: str) -> HttpResponse:
    """One card: what the start page asks for, or a page of its own."""
    found = all_cards.get(card)
    if found is None:
        raise Http404
    if not found.may(request.user):
        require(request, found.permissions[0])
    context = {"card": found, "files": found.files, "card_context": found.context(request)}
    if is_fragment(request):
        return render_block(request, "web/card.html", "card", context)
    return render_page(request, "web/card.html", context)


def arrange_home(request: HttpRequest) -> HttpResponse:
    """The form that hides and orders one's cards; moving one asks for the form again, and keeps nothing yet."""
    if request.method != "POST":
        return _form(request, arrangement(request.user))
    user: Any = request.user
    kept = Preference.objects.filter(user=user.pk, key=KEY)
    if "reset" in request.POST:
        kept.delete()
        return moved(request, reverse("web:home"), _("The start page is as at the beginning."))
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
    Preference.objects.update_or_create(user=user, key=KEY, defaults={"value": value})
    return moved(request, reverse("web:home"), _("Saved."))


def arrangement(user: Any) -> list[Place]:
    """The cards that a user may see in the order that the user likes, each with whether it is shown."""
    kept = Preference.objects.filter(user=user.pk, key=KEY).values_list("value", flat=True).first() or {}
    return _arranged(user, kept.get("order", []), set(kept.get("hidden", [])))


def _arranged(user: Any, order: Sequence[str], hidden: set[str]) -> list[Place]:
    """Those that the order names first; one that came later follows by its place, shown to whom it suits."""
    mine = {card.name: card for card in sorted(all_cards.values(), key=lambda card: card.place) if card.may(user)}
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


def _form(request: HttpRequest, places: Sequence[Place], stepped: str = "", way: str = "") -> HttpResponse:
    context = {"places": places, "stepped": stepped, "way": way}
    if is_fragment(request):
        return render_block(request, "web/arrange.html", "drawer", context)
    return render_page(request, "web/arrange.html", context)
