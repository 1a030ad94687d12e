"""The dictionary: all types beside the entries of the chosen one."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from guanxi.dictionary.registry import DictionaryType, declared_types
from guanxi.web.pages import ListPage


class DictionaryPage(ListPage):
    """Every entry of one type in its order, retired ones too; there are dozens at most."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The type of `?type=`, or the first."""
        kinds = declared_types()
        chosen = next((kind for kind in kinds if kind.key == request.GET.get("type")), kinds[0])
        rows = self.resource.rows(request.user)
        context = self.base_context() | {
            "kinds": _counted(kinds, rows),
            "chosen": chosen,
            "entries": rows.filter(type=chosen.key).order_by("position", "pk"),
            "offered": lambda entry: self.resource.offered(request.user, entry),
        }
        return self.show("dictionary/list.html", context)


def _counted(kinds: list[DictionaryType], rows: Any) -> list[tuple[DictionaryType, int]]:
    counts = dict(rows.order_by().values_list("type").annotate(count=Count("pk")))
    return [(kind, counts.get(kind.key, 0)) for kind in kinds]
