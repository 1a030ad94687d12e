"""A chart as data: what is drawn, the sentence that sums it up, the table behind it, where each mark leads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.web import formats

Kind = Literal["bar", "line", "pie", "funnel", "pareto"]
Value = int | Decimal | None


def percent(value: Decimal | None) -> str:
    """`18.2%`."""
    return formats.EMPTY if value is None else f"{value:,.1f}%"


def hours(value: Decimal | None) -> str:
    """One decimal."""
    return formats.EMPTY if value is None else f"{value:,.1f}"


def stars(value: Decimal | None) -> str:
    """Two decimals, as on a customer's page."""
    return formats.EMPTY if value is None else f"{value:,.2f}"


SHOWN: Mapping[str, Callable[[Any], str]] = {
    "count": formats.number,
    "money": formats.money,
    "percent": percent,
    "hours": hours,
    "stars": stars,
}
"""How a value of each unit reads, exactly."""


@dataclass(frozen=True)
class Series:
    """One run of values, a value for each category. `links` lead from a mark to the rows it counts.

    `tone` is one of the chart colours, 1 to 6; without one the series take them in turn.
    """

    name: Any
    values: Sequence[Value]
    unit: str = "count"
    links: Sequence[str] = ()
    tone: int = 0

    def shown(self) -> list[str]:
        """The values as people read them."""
        return [SHOWN[self.unit](value) for value in self.values]

    def link(self, place: int) -> str:
        """Where a mark leads, or nothing."""
        return self.links[place] if place < len(self.links) else ""


@dataclass(frozen=True)
class Chart:
    """One picture. `name` tells it from the others of its page; `head` is what its categories are.

    The last series of a Pareto chart is its line, in percent. `across` lays bars on their side, for long names.
    `empty` is said where there is nothing to draw. Never put a value here that the reader's role hides.
    """

    kind: Kind
    name: str
    title: Any
    categories: Sequence[Any]
    series: Sequence[Series]
    head: Any = ""
    across: bool = False
    empty: Any = ""
    level: int = 2

    @property
    def drawable(self) -> bool:
        """Whether there is anything to see."""
        return any(value for one in self.series for value in one.values)

    def data(self) -> dict[str, Any]:
        """What charts.js reads."""
        return {
            "kind": self.kind,
            "title": str(self.title),
            "across": self.across,
            "categories": [str(one) for one in self.categories],
            "series": [_series(one) for one in self.series],
        }

    def summary(self) -> str:
        """One sentence for those who do not see the picture: how many marks, the largest, the smallest."""
        first = self.series[0]
        marks = [(value, place) for place, value in enumerate(first.values) if value is not None]
        if not marks:
            return _("%(title)s: nothing to draw.") % {"title": self.title}
        shown, (high, low) = first.shown(), (max(marks, key=_value)[1], min(marks, key=_value)[1])
        sentence = ngettext(
            "%(title)s: %(num)s mark. Most: %(high)s (%(most)s); least: %(low)s (%(least)s).",
            "%(title)s: %(num)s marks. Most: %(high)s (%(most)s); least: %(low)s (%(least)s).",
            len(marks),
        )
        return sentence % {
            "title": self.title,
            "num": len(marks),
            "high": self.categories[high],
            "most": shown[high],
            "low": self.categories[low],
            "least": shown[low],
        }

    def rows(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        """The table behind it: each category with the (text, link) of every series."""
        texts = [one.shown() for one in self.series]
        return [
            (category, [(text[place], one.link(place)) for text, one in zip(texts, self.series, strict=True)])
            for place, category in enumerate(self.categories)
        ]


def _value(mark: tuple[Any, int]) -> Any:
    return mark[0]


def _series(one: Series) -> dict[str, Any]:
    drawn = [None if value is None else float(value) for value in one.values]  # pixels; the exact text goes along
    return {
        "name": str(one.name),
        "unit": one.unit,
        "tone": one.tone,
        "values": drawn,
        "shown": one.shown(),
        "links": list(one.links),
    }
