"""The settings of marketing that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.numbers import numbering

CHANCE_NUMBERS = numbering("XS", "chance", _("Chance numbers"))
