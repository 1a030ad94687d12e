"""Customers and what hangs on them: contacts, interactions, orders, payments."""

from guanxi.customers import dictionaries  # noqa: F401, declares the types that the fields name
from guanxi.customers.models.contact import Contact
from guanxi.customers.models.customer import Customer, within_reach
from guanxi.customers.models.goods import GoodsMonth
from guanxi.customers.models.interaction import Interaction
from guanxi.customers.models.order import Order, OrderLine
from guanxi.customers.models.payment import Payment
from guanxi.customers.registry import customer_part, customer_touch

__all__ = ["Contact", "Customer", "GoodsMonth", "Interaction", "Order", "OrderLine", "Payment", "within_reach"]

customer_part(Contact)
customer_part(Interaction)
customer_part(Order)
customer_part(OrderLine, "order__customer")
customer_part(Payment)

customer_touch(Interaction, moment="happened_at")
customer_touch(Order, moment="created_at")
customer_touch(Payment, moment="created_at")
