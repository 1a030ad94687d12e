"""角色管理: what roles may do, whose rows they show, who holds them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.access import actions
from guanxi.access.models import MenuItem, Role
from guanxi.accounts.actions import add_member, remove_member
from guanxi.accounts.models import User
from guanxi.system import forms
from guanxi.system.grants import grant_tree, named
from guanxi.web.declarations import Action, Panel
from guanxi.web.labels import label_source
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

SHOWN = 200
"""How many members a role's tab shows."""


@register
class RoleResource(Resource):
    """Roles; the page of each is its tree of grants."""

    model = Role
    directory = "system"
    code = "6020"
    codes = {
        "create": "602001",
        "view": "602002",
        "edit": "602003",
        "bin": "602004",
        "grant": "602005",
    }
    rights = {"grant": _("Grant")}
    icon = "shield-lock"
    place = 20
    path = "roles"
    columns = ["name", "scope", "remark", "second_factor", "created_at"]
    sorts = ["created_at", "name"]
    sort = "created_at"
    create_label = _("New role")
    form = forms.RoleForm
    create = actions.create_role
    edit = actions.edit_role
    bin = actions.bin_role
    restore = actions.restore_role
    proved = frozenset({"edit", "bin", "restore", "grant", "copy", "add", "remove"})
    actions = [
        Action(
            "copy",
            actions.copy_role,
            _("Copy"),
            form=forms.CopyRoleForm,
            icon="copy",
            primary=True,
            permission="access.create_role",
            when=lambda role: not role.holds_all,
            confirm=_("The copy has the same rights, scope and hidden fields, and no members."),
        ),
        Action(
            "add",
            add_member,
            _("Add a member"),
            form=forms.MemberForm,
            icon="user-plus",
            permission="access.grant_role",
        ),
        Action(
            "remove",
            remove_member,
            _("Remove a member"),
            form=forms.MemberForm,
            icon="user-minus",
            permission="access.grant_role",
        ),
    ]
    details = [(_("Role"), ["name", "remark", "scope", "second_factor", "created_by", "created_at", "updated_at"])]
    record_template = "system/role.html"
    empty_text = _("A role says what its members may do, and with whose rows.")

    def side(self, request: HttpRequest, record: Any) -> list[tuple[str, Mapping[str, Any]]]:
        """All roles, with how many hold each."""
        active = Count("members", filter=Q(members__binned_in=None), distinct=True)
        roles = self.rows(request.user).annotate(count=active).order_by("pk")
        return [("system/side_roles.html", {"roles": roles})]


def _grants(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    form = forms.GrantForm(
        user=user,
        record=record,
        initial={
            "scope": record.scope,
            "departments": record.departments.values_list("pk", flat=True),
            "masks": record.masks,
        },
    )
    return grants_context(record, form, _held(record)) | {"may_grant": user.has_perm("access.grant_role")}


def grants_context(role: Any, form: Any, held: set[str]) -> dict[str, Any]:
    """What the tree of a role's grants is drawn from; `held` are the permissions that are checked."""
    return {"grant_form": form, "tree": grant_tree(held), "seen": role.version, "holds_all": role.holds_all}


def _held(role: Any) -> set[str]:
    return set(role.grants.values_list("permission", flat=True))


def _members(user: Any, record: Any) -> Any:
    return User.objects.visible_to(user).filter(roles=record.pk)


def _member_panel(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    return {
        "members": _members(user, record).select_related("department").order_by("real_name")[:SHOWN],
        "may_grant": user.has_perm("access.grant_role"),
    }


panel(Role, Panel("grants", _("Rights"), "system/panel_grants.html", _grants, place=5))
panel(Role, Panel("members", _("Members"), "system/panel_members.html", _member_panel, rows=_members, place=10))


def _nodes_by_name(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    items = list(MenuItem.objects.filter(pk__in=ids))
    return {item.pk: (name, "") for item, name in zip(items, named(items), strict=True)}


label_source(MenuItem, _nodes_by_name)
