"""The page of one record: head, figures, tabs, side cards."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse

from guanxi.web.declarations import Panel
from guanxi.web.pages.base import ResourcePage, new_key
from guanxi.web.panels import cells_of, tabs_of
from guanxi.web.registry import may_reveal


class RecordPage(ResourcePage):
    """A record with its first tab."""

    tab = ""

    def get(self, request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
        """The record, or for htmx only the tab."""
        record = self.record(pk)
        self.tab = tab
        panel = self.panel()
        context = self.frame(record) | {"panel": panel, "panel_template": panel.template}
        context |= panel.context(request, record)
        return self.show(self.resource.record_template, context, block="tab")

    @cached_property
    def panels(self) -> list[Panel]:
        """The tabs that this user may open."""
        mine = tabs_of(self.resource)
        user: Any = self.request.user
        shown = [one for one in mine if not one.permission or user.has_perm(one.permission)]
        return sorted(shown, key=lambda one: one.place)

    def panel(self) -> Panel:
        """The asked tab, or the first."""
        if not self.tab:
            return self.panels[0]
        for one in self.panels:
            if one.name == self.tab:
                return one
        hidden = next((one for one in self.resource.panels() if one.name == self.tab), None)
        if hidden is not None:
            raise PermissionDenied(hidden.permission)
        raise Http404

    def frame(self, record: Any) -> dict[str, Any]:
        """Everything around the tab."""
        user = self.request.user
        return self.base_context(record) | {
            "tabs": self._tabs(record),
            "head": cells_of(self.resource, record, self.resource.head, user),
            "meta": cells_of(self.resource, record, self.resource.meta, user),
            "kpis": [
                kpi
                for kpi in self.resource.kpis(self.request, record)
                if kpi.masked_by not in self.resource.masked(user)
            ],
            "side": self.resource.side(self.request, record),
            "news": [link for one in self.panels if one.new and (link := one.new(self.request, record))],
            "offered": self.resource.offered(user, record),
            "reveals": may_reveal(user),
            "notices": self.resource.notices(self.request, record),
            "submit_key": new_key(),
        }

    def _tabs(self, record: Any) -> list[dict[str, Any]]:
        current, first = self.panel(), self.panels[0]
        counts = self._counts(record)
        return [
            {
                "label": one.label,
                "url": self.resource.url("record", record.pk)
                if one is first
                else self.resource.url("panel", record.pk, one.name),
                "current": one is current,
                "count": counts.get(one.name),
            }
            for one in self.panels
        ]

    def _counts(self, record: Any) -> dict[str, int]:
        """How many rows each tab has, all in one query."""
        counted = [one for one in self.panels if one.rows is not None]
        if not counted:
            return {}
        columns = [_count_of(one.rows(self.request.user, record)) for one in counted if one.rows]
        rows = self.resource.model._base_manager.filter(pk=record.pk).values_list(*columns)
        return dict(zip([one.name for one in counted], rows.get(), strict=True))


def _count_of(rows: models.QuerySet[Any]) -> Coalesce:
    """The number of rows as a column of another query."""
    grouped = rows.order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(grouped.annotate(count=Count("pk")).values("count")), 0)


class PanelPage(RecordPage):
    """A record with one of its tabs."""
