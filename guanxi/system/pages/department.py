"""The tree of departments."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse

from guanxi.access.models import Department
from guanxi.accounts.models import User
from guanxi.web.pages import ListPage


class DepartmentTreePage(ListPage):
    """Every department below its parent, with who leads it and how many belong to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The whole tree: a company has hundreds of departments at most."""
        tree = department_tree(self.resource.rows(request.user), User.objects.visible_to(request.user))
        return self.show("system/departments.html", self.base_context() | {"tree": tree})


def department_tree(departments: Any, users: Any) -> list[dict[str, Any]]:
    """The departments at the top, each with those below it."""
    rows = departments.annotate(count=Count("members", filter=Q(members__binned_in=None), distinct=True))
    below: dict[int | None, list[Department]] = defaultdict(list)
    for row in rows.prefetch_related(Prefetch("leaders", queryset=users)).order_by("position", "pk"):
        below[row.parent_id].append(row)
    return _nodes(None, below)


def _nodes(parent: int | None, below: dict[int | None, list[Department]]) -> list[dict[str, Any]]:
    return [{"department": row, "children": _nodes(row.pk, below)} for row in below[parent]]
