"""The settings of retention that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

LOSS_MONTHS = Setting(
    "retention.loss_months",
    6,
    label=_("Months without a paid order before a customer is at risk"),
    hint=_("Calendar months, counted to the day; levels may have a threshold of their own."),
    lowest=1,
    highest=120,
)

group_settings("retention", _("Customer loss"))
