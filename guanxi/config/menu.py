"""The directories of the menu, in their order; the resources say which of them they stand in."""

from django.utils.translation import gettext_lazy as _

DIRECTORIES = [
    # key, code of the original design, label, icon
    ("marketing", "10", _("Marketing management"), "target"),
    ("customers", "20", _("Customer management"), "users-group"),
    ("service", "30", _("Service management"), "headset"),
    ("reports", "40", _("Reports"), "report-analytics"),
    ("basics", "50", _("Basic data"), "database"),
    ("system", "60", _("System management"), "settings"),
]
