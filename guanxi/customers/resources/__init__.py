"""The pages of customers and what hangs on them."""

from guanxi.customers.resources import timeline  # noqa: F401, registers the first tab of a customer
from guanxi.customers.resources.customer import CustomerResource
from guanxi.customers.resources.parts import ContactResource, InteractionResource, OrderResource, PaymentResource

__all__ = ["ContactResource", "CustomerResource", "InteractionResource", "OrderResource", "PaymentResource"]
