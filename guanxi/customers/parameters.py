"""The settings of customers that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.numbers import numbering
from guanxi.parameters.registry import Setting, group_settings

CLAIM_LIMIT = Setting(
    "customers.claim_limit",
    100,
    label=_("Customers that one person may hold"),
    hint=_("Whoever manages so many customers cannot claim another one from the public pool."),
    lowest=1,
    highest=100_000,
)
COOLING_DAYS = Setting(
    "customers.cooling_days",
    30,
    label=_("Days before the previous manager may claim again"),
    hint=_("Counted from the day the customer went to the public pool; 0 allows it at once."),
    lowest=0,
    highest=3_650,
)
POOL_DAYS = Setting(
    "customers.pool_days",
    90,
    label=_("Days without contact before a customer returns to the public pool"),
    hint=_("Contact is an interaction, an order, a payment, a plan carried out or a ticket; 0 switches the rule off."),
    lowest=0,
    highest=3_650,
)
POOL_WARNING_DAYS = Setting(
    "customers.pool_warning_days",
    7,
    label=_("Days of warning before a customer returns to the public pool"),
    lowest=1,
    highest=365,
)
CUSTOMER_NUMBERS = numbering("KH", "customer", _("Customer numbers"))
ORDER_NUMBERS = numbering("DD", "order", _("Order numbers"))

group_settings("customers", _("Customers and the public pool"))
