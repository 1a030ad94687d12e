"""The parts of a resource's declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest


@dataclass(frozen=True)
class Action:
    """One verb on a record: its name, what carries it out, what it asks for.

    `run` is called as `run(record, change=…, **form.values())`. `when` says for which records it
    is offered (the rule itself stands in `run`). With `bulk` it is offered for a selection, too.
    """

    verb: str
    run: Callable[..., Any]
    label: Any
    form: Callable[..., forms.Form] | None = None
    icon: str = ""
    when: Callable[[Any], bool] | None = None
    bulk: bool = False
    danger: bool = False
    primary: bool = False
    confirm: Any = ""
    permission: str = ""
    done: Any = ""
    template: str = ""
    context: Callable[[HttpRequest, Any], Mapping[str, Any]] | None = None

    def offered_for(self, record: Any) -> bool:
        """Whether this verb makes sense for the record as it stands."""
        if self.when is not None:
            return self.when(record)
        flow = getattr(record, "flow", None)
        return flow is None or self.verb not in flow.steps or flow.allows(self.verb, record)


@dataclass(frozen=True)
class ListView:
    """A named narrowing of a list, shown as a tab: `narrow(rows, user)`."""

    name: str
    label: Any
    narrow: Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]]
    hot: bool = False


@dataclass(frozen=True)
class Panel:
    """A tab of a record page, registered by the app that knows what it shows.

    `context(request, record)` feeds `template`; `permission` hides it from others; the tab counts
    the rows of `rows(user, record)`, and `new` leads to the form of a further one.
    """

    name: str
    label: Any
    template: str
    context: Callable[[HttpRequest, Any], Mapping[str, Any]]
    permission: str = ""
    rows: Callable[[Any, Any], models.QuerySet[Any]] | None = None
    place: int = 50
    new: Callable[[HttpRequest, Any], "Link | None"] | None = None


@dataclass(frozen=True)
class Kpi:
    """One figure of a record's strip, already formatted."""

    label: Any
    value: str
    note: str = ""
    masked_by: str = ""


@dataclass(frozen=True)
class Link:
    """A button that leads somewhere."""

    label: Any
    url: str
    icon: str = ""
    drawer: bool = False
