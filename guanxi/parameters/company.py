"""What the company says of itself."""

import re

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

NAME = Setting("company.name", "", label=_("Company name"), required=False, longest=100)
SHORT_NAME = Setting(
    "company.short_name",
    "",
    label=_("Short name"),
    hint=_("Stands at the top of every page instead of “Guanxi”."),
    required=False,
    longest=12,
)
ADDRESS = Setting("company.address", "", label=_("Address"), required=False)
TAX_NUMBER = Setting(
    "company.tax_number",
    "",
    label=_("Tax number"),
    hint=_("15 to 20 digits and capital letters."),
    required=False,
    longest=20,
    pattern=re.compile(r"[0-9A-Z]{15,20}"),
)

group_settings("company", _("Company"))
