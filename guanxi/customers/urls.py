"""The addresses of customers and what hangs on them."""

from guanxi.customers.resources import (
    ContactResource,
    CustomerResource,
    InteractionResource,
    OrderResource,
    PaymentResource,
)
from guanxi.web.addresses import addresses

app_name = "customers"
urlpatterns = [
    *addresses(ContactResource),
    *addresses(InteractionResource),
    *addresses(OrderResource),
    *addresses(PaymentResource),
    *addresses(CustomerResource),
]
