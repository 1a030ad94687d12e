"""What the parts of a customer share: they are seen by whoever sees the customer."""

from typing import Any, Self

from django.db.models import Q

from guanxi.access.reach import reach_of
from guanxi.customers.models.customer import Customer, within_reach
from guanxi.kernel.records import OwnedQuerySet


class PartQuerySet(OwnedQuerySet):
    """Rows that belong to a customer."""

    whose = staticmethod(within_reach)
    path = "customer__"

    def parts_of(self, user: Any) -> list[Q]:
        """Those of the customers with a manager within reach, and of the public pool: each by its list of customers."""
        if reach_of(user).everything:
            return [Q()]
        return [Q(**{self.path + "in": self._customers(part)}) for part in Customer.objects.parts_of(user)]

    def by_customers(self, user: Any) -> Self:
        """The rows visible to a user, found by their customers: for sums over many of them, which no page cuts short.

        Rows joined with their customers are looked up one by one, those of a list of customers by an index.
        """
        rows = self.visible_to(user)
        if reach_of(user).everything:
            return rows
        first, *others = [self._customers(part) for part in Customer.objects.parts_of(user)]
        return rows.filter(**{self.path + "in": first.union(*others, all=True) if others else first})

    def _customers(self, part: Q) -> Any:
        return Customer.objects.filter(part, binned_in__isnull=True).values("pk")
