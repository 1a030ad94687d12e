"""Customers and what hangs on them: contacts, interactions, orders, payments."""

from guanxi.customers import dictionaries  # noqa: F401, declares the types that the fields name
from guanxi.customers.models.contact import Contact
from guanxi.customers.models.customer import Customer, within_reach
from guanxi.customers.models.interaction import Interaction
from guanxi.customers.models.order import Order, OrderLine
from guanxi.customers.models.payment import Payment

__all__ = ["Contact", "Customer", "Interaction", "Order", "OrderLine", "Payment", "within_reach"]
