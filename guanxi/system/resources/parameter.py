"""参数设置: the company's settings; the page of all of them is in pages/parameter.py."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.models import Parameter
from guanxi.system.tree import right
from guanxi.web.registry import register
from guanxi.web.resource import Resource

EDIT = "parameters.edit_parameter"


@register
class ParameterResource(Resource):
    """The values that were chosen; each has a page with its history."""

    model = Parameter
    directory = "system"
    code = "6090"
    icon = "adjustments"
    place = 55
    path = "parameters"
    columns = ["key", "value", "updated_at"]
    kinds = {"key": "code"}
    details = [(_("Parameter"), ["key", "value", "created_by", "created_at", "updated_at"])]


right(EDIT, _("Edit"), under=ParameterResource.instance.key)
