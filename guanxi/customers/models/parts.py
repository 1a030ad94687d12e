"""What the parts of a customer share: they are seen by whoever sees the customer."""

from typing import Any, Self

from guanxi.customers.models.customer import within_reach
from guanxi.kernel.records import RecordQuerySet


class PartQuerySet(RecordQuerySet):
    """Rows that belong to a customer."""

    path = "customer__"

    def visible_to(self, user: Any) -> Self:
        """The rows in use of customers within the user's reach."""
        return self.in_use().filter(within_reach(user, self.path))

    def binned_visible_to(self, user: Any) -> Self:
        """The rows in the bin of customers within the user's reach."""
        return self.filter(within_reach(user, self.path), binned_in__isnull=False)
