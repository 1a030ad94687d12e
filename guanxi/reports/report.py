"""Report: one declaration that page, export and kept answers share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.fields import field_at
from guanxi.reports.answers import Answer
from guanxi.reports.charts import Chart
from guanxi.reports.forms import QuestionForm
from guanxi.reports.questions import Question
from guanxi.web.labels import labels_of
from guanxi.web.registry import resource_of

TOTAL = pgettext_lazy("last row of a table", "Total")


@dataclass(frozen=True)
class Measure:
    """A figure or a column: what it is called, its unit and how it is defined.

    `masked` names the class that hides it; of some figures `less` is better.
    """

    name: str
    label: Any
    unit: str = "count"
    definition: Any = ""
    masked: str = ""
    less: bool = False


@dataclass(frozen=True)
class Group:
    """What rows may be grouped by: a field of the report's model, a filter of its list; `none` is said of those without.

    `ordered` ones stand from the largest value down; the others by their number.
    """

    name: str
    label: Any
    none: Any = ""
    ordered: bool = False

    def keys(self, keys: Sequence[Any], model: Any) -> list[str]:
        """How these keys read."""
        if self.name == "month":
            return [f"{key:%Y-%m}" for key in keys]
        named = self._names(keys, model)
        return [named.get(key, str(key)) if key is not None else str(self.none or _("None")) for key in keys]

    def _names(self, keys: Sequence[Any], model: Any) -> dict[Any, str]:
        found = field_at(model, self.name)
        if found.choices:
            return {value: str(label) for value, label in found.flatchoices}
        if found.many_to_one:
            labels = labels_of(found.related_model, [key for key in keys if key is not None])
            return {key: label for key, (label, _tone) in labels.items()}
        return {key: _("%(n)s stars") % {"n": key} for key in keys}


@dataclass(frozen=True)
class Cell:
    """One value of a sheet, and where it leads."""

    value: Any
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table to read and to export: typed values below headings, with a row of totals."""

    name: str
    title: Any
    columns: Sequence[Measure]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    pages: bool = False
    """Whether it shows one page of many."""


@dataclass(frozen=True)
class Tile:
    """One figure on the page: formatted, with its definition, its changes and where it leads."""

    measure: Measure
    value: Any
    link: str = ""
    changes: Sequence[tuple[Any, Any]] = field(default_factory=list)


class Report:
    """What a report asks, counts, shows. Declare a subclass and `register` it."""

    name: ClassVar[str]
    code: ClassVar[str]
    label: ClassVar[Any]
    definition: ClassVar[Any]
    icon: ClassVar[str] = "chart-bar"
    place: ClassVar[int] = 50
    model: ClassVar[Any]
    """Whose rows its filters narrow."""
    form: ClassVar[type[QuestionForm]] = QuestionForm
    figures: ClassVar[Sequence[Measure]] = ()
    groups: ClassVar[Sequence[Group]] = ()
    filters: ClassVar[Sequence[str]] = ()

    @property
    def permission(self) -> str:
        """What opens it: `reports.view_contribution`."""
        return f"reports.view_{self.name}"

    @property
    def export_permission(self) -> str:
        """What its files need besides."""
        return f"reports.export_{self.name}"

    def form_of(self, question: Question) -> QuestionForm:
        """The form that reads a question."""
        groups = [(one.name, one.label) for one in self.groups]
        return self.form(question.params, groups=groups, today=question.today)

    def answer(self, question: Question) -> Answer:
        """Count."""
        raise NotImplementedError

    def volume(self, question: Question) -> Any:
        """The rows that an answer reads, where there may be very many; None where an index answers at once."""
        return None

    def effort(self, question: Question) -> int:
        """For how many rows of the setting one of these counts: about the microseconds that it takes."""
        return 1

    def sheets(self, question: Question, answer: Answer) -> list[Sheet]:
        """The tables."""
        raise NotImplementedError

    def charts(self, question: Question, answer: Answer, sheets: Sequence[Sheet]) -> list[Chart]:
        """The pictures."""
        raise NotImplementedError

    def links(self, question: Question) -> Mapping[str, str]:
        """Where its figures lead, by name."""
        return {}

    def tiles(self, question: Question, answer: Answer) -> list[Tile]:
        """Its figures, those that were counted."""
        links, span = self.links(question), question.values.get("span")
        # A year is compared with one stretch alone: the year before is the period before.
        once = span is not None and span.year_before() == span.before()
        shown = [one for one in self.figures if one.name in answer.figures and one.masked not in question.masked]
        return [_tile(one, answer.figures[one.name], links.get(one.name, ""), once=once) for one in shown]


def _tile(measure: Measure, figure: Any, link: str, *, once: bool) -> Tile:
    compared = [(_("year on year"), figure.value, figure.year_before)]
    if not once:
        compared.append((_("on the period before"), figure.value, figure.before))
    changes = [
        (label, difference(measure, value, earlier)) for label, value, earlier in compared if earlier is not None
    ]
    return Tile(measure, figure.value, link, [(label, one) for label, one in changes if one is not None])


def difference(measure: Measure, value: Any, earlier: Any) -> tuple[str, str] | None:
    """How much a figure rose or fell, in percent, shares in points; with `up` for better, `dn` for worse, or nothing.

    None without a base.
    """
    if value is None:
        return None
    points = measure.unit == "percent"
    if not points and (not earlier or earlier < 0):
        return None
    moved = value - earlier if points else (value - earlier) * 100 / earlier
    side = "" if not moved else "up" if (moved > 0) is not measure.less else "dn"
    arrow = "↑ " if moved > 0 else "↓ " if moved < 0 else ""
    shown = f"{abs(moved):,.1f}"
    said = _("%(n)s points") % {"n": shown} if points else f"{shown}%"
    return side, arrow + said


reports: dict[str, Report] = {}
"""Every report by its name, in the order of the menu."""


def register(declaration: type[Report]) -> type[Report]:
    """Class decorator: make the one instance of a declared report."""
    reports[declaration.name] = declaration()
    return declaration


def list_link(model: Any, question: Question, params: Mapping[str, Any]) -> str:
    """The address of a model's list with these filters, for whoever may open it."""
    resource = resource_of(model)
    if resource is None or not resource.may(question.user, "view"):
        return ""
    return f"{resource.url('list')}?{urlencode(params, doseq=True)}"
