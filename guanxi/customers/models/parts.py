"""What the parts of a customer share: they are seen by whoever sees the customer."""

from guanxi.customers.models.customer import within_reach
from guanxi.kernel.records import OwnedQuerySet


class PartQuerySet(OwnedQuerySet):
    """Rows that belong to a customer."""

    whose = staticmethod(within_reach)
    path = "customer__"
