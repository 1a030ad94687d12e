"""The settings of how much one person may ask for, which administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

MOST_FILES = Setting(
    "system.most_files",
    60,
    label=_("Exports and imports of one person in 15 minutes"),
    lowest=5,
    highest=10_000,
)
MOST_CHANGES = Setting(
    "system.most_changes",
    600,
    label=_("Changes of one person in a minute"),
    hint=_("By pages and by programs together."),
    lowest=60,
    highest=1_000_000,
)
MOST_SEARCHES = Setting(
    "system.most_searches",
    300,
    label=_("Searches and reports of one person in a minute"),
    hint=_("While somebody types, each pause is a search."),
    lowest=60,
    highest=1_000_000,
)
MOST_REQUESTS = Setting(
    "system.most_requests",
    1_800,
    label=_("Requests of one person in a minute"),
    hint=_("The start page alone is a dozen: each card comes by itself."),
    lowest=300,
    highest=1_000_000,
)

group_settings("system", _("Load"))
