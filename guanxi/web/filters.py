"""Filters of a list, read from the query string: only what is asked for is built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from guanxi.kernel.days import is_of_our_time, start_of
from guanxi.kernel.fields import class_of, field_at
from guanxi.kernel.money import LONGEST, read_decimal
from guanxi.kernel.text import read_id
from guanxi.web import formats
from guanxi.web.labels import labels_of, offered_ids
from guanxi.web.registry import options_url


class Choice(NamedTuple):
    """One box of a choice filter."""

    value: str
    label: str
    chosen: bool
    tone: str = ""


class Chip(NamedTuple):
    """A filter as the toolbar shows it: `summary` says what is chosen, empty when nothing is."""

    name: str
    label: Any
    kind: str
    summary: str
    choices: tuple[Choice, ...] = ()
    low: str = ""
    high: str = ""
    url: str = ""
    error: str = ""

    @property
    def blank(self) -> bool:
        """Whether it asks nothing, as on most pages."""
        return not (self.summary or self.low or self.high or self.error)


class Filter:
    """One field's filter. `q` is what it asks of the rows, None when it asks nothing."""

    kind = ""

    def __init__(self, field: Any, params: QueryDict, user: Any, name: str = "") -> None:
        self.field = field
        self.name = name or field.name
        self.user = user
        self.error = ""
        self.read(params)

    def read(self, params: QueryDict) -> None:
        """Take what the query string says."""
        raise NotImplementedError

    def q(self) -> Q | None:
        """The condition."""
        raise NotImplementedError

    def chip(self) -> Chip:
        """What the toolbar shows."""
        raise NotImplementedError


class ChoiceFilter(Filter):
    """Any of several values: states, dictionary entries, people."""

    kind = "choice"

    def read(self, params: QueryDict) -> None:
        """Unknown values ask for nothing rather than break the page."""
        valid = {value for value, _label, _tone in self.options()} | {"none"}
        self.chosen = [value for value in params.getlist(self.name) if value in valid]

    def q(self) -> Q | None:
        """Rows with one of the chosen values."""
        if not self.chosen:
            return None
        values = [value for value in self.chosen if value != "none"]
        condition = Q(**{f"{self.name}__in": values}) if values else Q()
        if "none" in self.chosen:
            condition |= Q(**{f"{self.name}__isnull": True})
        return condition

    def options(self) -> list[tuple[str, str, str]]:
        """Every value on offer: value, label, tone."""
        return [(str(value), str(label), "") for value, label in self.field.flatchoices]

    def chip(self) -> Chip:
        """The boxes, and the first chosen label with the number of others."""
        choices = tuple(Choice(value, label, value in self.chosen, tone) for value, label, tone in self.options())
        chosen = [choice.label for choice in choices if choice.chosen]
        summary = chosen[0] + (f" +{len(chosen) - 1}" if len(chosen) > 1 else "") if chosen else ""
        return Chip(self.name, self.field.verbose_name, self.kind, summary, choices)


class ReferenceFilter(ChoiceFilter):
    """Any of several records of a table, or none."""

    def read(self, params: QueryDict) -> None:
        """Ids, or `none` for rows without one."""
        self.chosen = [value for value in params.getlist(self.name) if value == "none" or read_id(value) is not None][
            :100
        ]

    def options(self) -> list[tuple[str, str, str]]:
        """The records of the table, or only the chosen ones where it is a large one."""
        model = self.field.related_model
        ids = offered_ids(model, self.user, self.field.get_limit_choices_to())
        self.large = ids is None
        if ids is None:
            visible = model._default_manager.visible_to(self.user)
            ids = list(visible.filter(pk__in=self._ids()).values_list("pk", flat=True))
        labels = labels_of(model, ids)
        named = [(str(pk), *labels[pk]) for pk in ids if pk in labels]
        return [*named, ("none", _("None"), "")] if self.field.null else named

    def chip(self) -> Chip:
        """Boxes for a small table, a picker beside the chosen ones for a large one."""
        chip = super().chip()
        url = options_url(self.field.related_model, self.user) if self.large else ""
        return Chip(chip.name, chip.label, chip.kind, chip.summary, chip.choices, url=url)

    def _ids(self) -> list[str]:
        return [value for value in self.chosen if value != "none"]


class RangeFilter(Filter):
    """From and to, both inclusive, either may be missing."""

    def read(self, params: QueryDict) -> None:
        """`name.from` and `name.to`; what cannot be read is named, and asks for nothing."""
        self.typed = [params.get(f"{self.name}.{end}", "")[:LONGEST] for end in ("from", "to")]
        self.low, self.high = (self.parse(text) if text else None for text in self.typed)
        unread = [text for text, value in zip(self.typed, [self.low, self.high], strict=True) if text and value is None]
        if unread:
            self.error = _("“%(text)s” cannot be read.") % {"text": unread[0][:40]}

    def parse(self, text: str) -> Any:
        """The typed bound, or None."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """A bound as the chip says it."""
        return str(value)

    def chip(self) -> Chip:
        """Both bounds as typed."""
        low, high = self.low, self.high
        summary = ""
        if low is not None or high is not None:
            shown = ["" if value is None else self.show(value) for value in (low, high)]
            summary = f"{shown[0]} – {shown[1]}".strip()
        return Chip(
            self.name,
            self.field.verbose_name,
            self.kind,
            summary,
            low=self.typed[0],
            high=self.typed[1],
            error=self.error,
        )

    def q(self) -> Q | None:
        """Rows within the bounds."""
        condition = Q()
        if self.low is not None:
            condition &= Q(**{f"{self.name}__gte": self.low})
        if self.high is not None:
            condition &= Q(**{f"{self.name}__lte": self.high})
        return condition or None


class NumberFilter(RangeFilter):
    """A range of numbers or amounts."""

    kind = "number"

    def parse(self, text: str) -> Decimal | None:
        """As people type amounts; absurdly large ones cannot be read."""
        value = read_decimal(text)
        return value if value is not None and abs(value) < Decimal(10) ** 13 else None

    def show(self, value: Any) -> str:
        """Grouped by thousands."""
        return formats.number(value)


class DayFilter(RangeFilter):
    """A range of days in the company's time zone."""

    kind = "day"

    def parse(self, text: str) -> date | None:
        """An ISO date."""
        try:
            day = parse_date(text)
        except ValueError:
            return None
        return day if day and is_of_our_time(day) else None

    def q(self) -> Q | None:
        """A moment counts to its day in the company, whatever zone the reader sees times in."""
        if not isinstance(self.field, models.DateTimeField):
            return super().q()
        condition = Q()
        if self.low is not None:
            condition &= Q(**{f"{self.name}__gte": start_of(self.low)})
        if self.high is not None:
            condition &= Q(**{f"{self.name}__lt": start_of(self.high + timedelta(days=1))})
        return condition or None


class YesFilter(ChoiceFilter):
    """Yes or no."""

    def read(self, params: QueryDict) -> None:
        """`yes`, `no`, or both, which asks for nothing."""
        self.chosen = [value for value in params.getlist(self.name) if value in {"yes", "no"}]

    def options(self) -> list[tuple[str, str, str]]:
        """The two boxes."""
        return [("yes", _("Yes"), ""), ("no", _("No"), "")]

    def q(self) -> Q | None:
        """The chosen side."""
        return Q(**{self.name: self.chosen == ["yes"]}) if len(set(self.chosen)) == 1 else None


def asked(names: Sequence[str], params: QueryDict) -> list[str]:
    """Those of these filters that a query string names."""
    return [name for name in names if any(f"{name}{end}" in params for end in ("", ".from", ".to"))]


def kind_of(field: Any) -> type[Filter]:
    """The kind of filter that suits a model's field."""
    if field.choices:
        return ChoiceFilter
    if field.many_to_one:
        return ReferenceFilter
    if isinstance(field, models.BooleanField):
        return YesFilter
    return DayFilter if isinstance(field, models.DateField) else NumberFilter


@dataclass
class Filters:
    """All filters of a list, those of masked fields left out."""

    filters: Sequence[Filter]

    @classmethod
    def read(
        cls,
        model: type[models.Model],
        names: Sequence[str],
        *,
        params: QueryDict,
        user: Any,
        masked: frozenset[str],
        kinds: Mapping[str, type[Filter]] | None = None,
    ) -> "Filters":
        """From the query string; a name may lead to a field of what the rows refer to.

        `kinds` are the filters of fields whose type does not say which suits them.
        """
        known = kinds or {}
        fields = [(name, field_at(model, name)) for name in names]
        shown = [(name, field) for name, field in fields if class_of(field) not in masked]
        return cls([(known.get(name) or kind_of(field))(field, params, user, name) for name, field in shown])

    def narrow(self, rows: Any) -> Any:
        """The rows that meet every filter."""
        for condition in (one.q() for one in self.filters):
            if condition is not None:
                rows = rows.filter(condition)
        return rows

    @cached_property
    def chips(self) -> list[Chip]:
        """For the toolbar."""
        return [one.chip() for one in self.filters]
