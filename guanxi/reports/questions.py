"""A question: a report, who asks, what of; read from the address, so that it can be sent, exported and kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from guanxi.access.reach import reach_of
from guanxi.customers.models.parts import PartQuerySet
from guanxi.kernel.days import company_day
from guanxi.kernel.text import read_id
from guanxi.reports.forms import QuestionForm
from guanxi.reports.periods import Period
from guanxi.web.filters import Filters

if TYPE_CHECKING:
    from guanxi.reports.report import Report

PAGE = 50
DEEPEST_PAGE = 200
MOST_ROWS = 100_000
"""As many as a file takes."""


@dataclass(frozen=True)
class Question:
    """What is asked of a report; `params` is the query string, `at` the moment of asking."""

    report: "Report"
    user: Any
    params: QueryDict
    at: datetime
    whole: bool = False
    """Whether all rows are wanted, as a file takes them, not one page."""

    @property
    def today(self) -> date:
        """The company's day."""
        return company_day(self.at)

    @cached_property
    def masked(self) -> frozenset[str]:
        """The field classes that the reader may not see."""
        return reach_of(self.user).masked

    @cached_property
    def form(self) -> QuestionForm:
        """What was typed, with what is wrong with it; nothing is counted while it is wrong."""
        return self.report.form_of(self)

    @property
    def values(self) -> Mapping[str, Any]:
        """What was typed, as clean values; of a question that cannot be answered there are none."""
        if not self.valid:
            raise ValueError("Ask whether a question is valid before answering it.")
        return self.form.cleaned_data

    @property
    def valid(self) -> bool:
        """Whether it can be answered."""
        return self.form.is_valid()

    @property
    def period(self) -> Period:
        """The days it is about."""
        span: Period = self.values["span"]
        return span

    @cached_property
    def group(self) -> Any:
        """What the rows are grouped by."""
        return next(one for one in self.report.groups if one.name == self.values["group"])

    @cached_property
    def filters(self) -> Filters:
        """The filters of the report's own rows."""
        return self.filters_on(self.report.model)

    def filters_on(self, model: Any, prefix: str = "", renamed: Mapping[str, str] | None = None) -> Filters:
        """The same filters on another model: below a prefix, or under other names; those it lacks ask for nothing."""
        names = {name: (renamed or {}).get(name, f"{prefix}{name}") for name in self.report.filters}
        params = QueryDict(mutable=True)
        for name, other in names.items():
            if other:
                params.setlist(other, self.params.getlist(name))
        wanted = [other for other in names.values() if other]
        return Filters.read(model, wanted, params=params, user=self.user, masked=self.masked)

    def chosen(self, prefix: str = "") -> dict[str, list[str]]:
        """The filters as parameters of a list, so that it shows the same rows."""
        found = {f"{prefix}{name}": self.params.getlist(name) for name in self.report.filters}
        return {name: values for name, values in found.items() if values}

    def rows(self, model: Any, filters: Filters) -> Any:
        """The rows of a model within the reader's reach that meet these filters; those of customers by their customers."""
        rows: Any = model.objects.all()
        seen = rows.by_customers(self.user) if isinstance(rows, PartQuerySet) else rows.visible_to(self.user)
        return filters.narrow(seen)

    @property
    def page(self) -> int:
        """The asked page of the rows, from 1."""
        return min(max(read_id(self.params.get("page", "")) or 1, 1), DEEPEST_PAGE)

    @property
    def page_size(self) -> int:
        """How many rows are wanted."""
        return MOST_ROWS if self.whole else PAGE

    @property
    def start(self) -> int:
        """How many rows stand before those wanted."""
        return 0 if self.whole else (self.page - 1) * PAGE

    def query(self, **changes: Any) -> str:
        """The query string with some parameters changed, the first page of it; None takes one out."""
        params = {name: values for name, values in self.params.lists() if name not in {"page", *changes}}
        params |= {name: [str(value)] for name, value in changes.items() if value not in (None, "")}
        return f"?{urlencode(params, doseq=True)}"

    def key(self) -> str:
        """Names the question among all: who asks, with which reach and masks, what, in which rows, on which day."""
        reach = reach_of(self.user)
        seen = [
            sorted(reach.owners),
            reach.everything,
            sorted(reach.masked),
            sorted(reach.permissions),
            reach.holds_all,
        ]
        asked = sorted((name, values) for name, values in self.params.lists() if values != [""])
        text = json.dumps([self.user.pk, self.report.name, seen, asked, self.today.isoformat(), self.whole])
        return hashlib.sha256(text.encode()).hexdigest()


def ask(report: "Report", user: Any, params: QueryDict, at: datetime | None = None, *, whole: bool = False) -> Question:
    """A question of now."""
    return Question(report, user, params, at or timezone.now(), whole)
