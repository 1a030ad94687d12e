"""The settings of customers that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting

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
