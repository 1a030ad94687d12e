"""部门: a tree, each with its members."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.access import actions
from guanxi.access.models import Department
from guanxi.accounts.models import User
from guanxi.system import forms
from guanxi.system.resources.user import UserResource
from guanxi.web.declarations import Panel
from guanxi.web.panels import part_table
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource


@register
class DepartmentResource(Resource):
    """Departments in their tree."""

    model = Department
    directory = "system"
    code = "6050"
    icon = "sitemap"
    place = 15
    path = "departments"
    known_to_all = True
    columns = ["name", "parent", "position", "created_at"]
    sorts = ["position", "created_at"]
    sort = "position"
    create_label = _("New department")
    form = forms.DepartmentForm
    create = actions.create_department
    edit = actions.edit_department
    bin = actions.bin_department
    restore = actions.restore_department
    meta = ["parent"]
    details = [(_("Department"), ["name", "parent", "position", "created_by", "created_at"])]
    empty_text = _("Begin with the company itself, then add its departments.")


def _members(user: Any, record: Any) -> Any:
    return User.objects.visible_to(user).filter(department=record.pk)


def _panel(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return part_table(UserResource.instance, _members(request.user, record), request.user, without="department") | {
        "part": UserResource.instance,
        "new_url": "",
        "all_url": f"{UserResource.instance.url('list')}?department={record.pk}",
    }


panel(
    Department,
    Panel(
        "members",
        _("Members"),
        "web/panel_part.html",
        _panel,
        permission=UserResource.instance.permission("view"),
        rows=_members,
        place=10,
    ),
)
