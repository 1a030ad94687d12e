"""The settings of service that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.numbers import numbering
from guanxi.parameters.registry import Setting, group_settings

DAY_BEGINS = Setting(
    "service.day_begins",
    9,
    label=_("Hour at which a working day begins"),
    hint=_("In the company's time zone."),
    lowest=0,
    highest=23,
)
DAY_ENDS = Setting(
    "service.day_ends",
    18,
    label=_("Hour at which a working day ends"),
    hint=_("In the company's time zone; not before it begins."),
    lowest=1,
    highest=24,
    above=DAY_BEGINS,
)
SATISFIED = 3
"""From so many stars on a customer is content with how a ticket was handled."""
ROUNDS = 2
"""After so many rounds below that a supervisor may archive a ticket all the same."""
RECENT = 5
"""A customer's satisfaction is the mean of so many feedbacks, the latest ones."""
TICKET_NUMBERS = numbering("FW", "ticket", _("Ticket numbers"))

group_settings("service", _("Service"))
