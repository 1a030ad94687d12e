"""显示被隐藏的值: the right to have one hidden value of a record shown, once, and logged."""

from django.utils.translation import gettext_lazy as _

from guanxi.system.resources.role import RoleResource
from guanxi.system.tree import right
from guanxi.system.verbs import name_verb
from guanxi.web.registry import name_reveal

REVEAL = "access.reveal_role"
right(REVEAL, _("Show hidden values"), under=RoleResource.instance.key)
name_verb("reveal", _("Show a hidden value"))
name_reveal(REVEAL, "system:reveal")
