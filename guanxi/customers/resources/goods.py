"""Orders narrowed by what was bought."""

from django.db.models import Q
from django.http import QueryDict

from guanxi.customers.models import OrderLine
from guanxi.web.filters import ChoiceFilter

GOODS = "lines__goods"
MOST = 20


class GoodsFilter(ChoiceFilter):
    """Orders with a line of any of these goods, named exactly; there is no list of all goods to choose from."""

    def read(self, params: QueryDict) -> None:
        """Any name, as many as one looks for at once."""
        named = [value for value in params.getlist(self.name) if 0 < len(value) <= self.field.max_length]
        self.chosen = [value for value in named if "\x00" not in value][:MOST]

    def q(self) -> Q | None:
        """Each order once, however many such lines it has."""
        if not self.chosen:
            return None
        lines = OrderLine.objects.in_use().filter(goods__in=self.chosen)
        return Q(pk__in=lines.order_by().values("order"))  # begins at the goods; EXISTS would begin at every order

    def options(self) -> list[tuple[str, str, str]]:
        """Those that are asked for."""
        return [(value, value, "") for value in self.chosen]
