"""权限检查: the menu of the page that says why somebody may or may not see a record, and the right to ask."""

from django.utils.translation import gettext_lazy as _

from guanxi.system.tree import screen

CHECK = "accounts.check_user"
HEADING = _("Access check")
screen(
    "system.accesscheck",
    HEADING,
    directory="system",
    permission=CHECK,
    url="system:access-check",
    icon="shield-check",
    place=25,
)
