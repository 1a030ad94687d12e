"""用户管理."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.accounts import actions
from guanxi.accounts.models import User
from guanxi.system import forms
from guanxi.web.declarations import Action, Kpi, ListView
from guanxi.web.formats import ago, moment
from guanxi.web.registry import register
from guanxi.web.resource import Resource


@register
class UserResource(Resource):
    """Who may work here. Colleagues know each other by name; this page has a right of its own."""

    model = User
    directory = "system"
    code = "6010"
    codes = {"create": "601001", "view": "601002", "edit": "601003", "bin": "601004"}
    rights = {
        "reset": _("Reset the password"),
        "disable": _("Disable and enable"),
        "unbind": _("Reset the two-factor codes"),
    }
    icon = "users"
    place = 10
    path = "users"
    known_to_all = True
    known_by = "real_name"
    columns = [
        "username",
        "real_name",
        "roles",
        "department",
        "email",
        "phone",
        "is_active",
        "last_sign_in",
        "created_at",
    ]
    more_columns = ["leads", "second_factor_since", "created_by", "updated_at"]
    kinds = {"username": "code", "is_active": "active"}
    sorts = ["created_at", "username", "real_name"]
    exports = True
    filters = ["department", "is_active", "created_at"]
    views = [
        ListView("active", _("Active"), lambda rows, user: rows.filter(is_active=True)),
        ListView("disabled", _("Disabled"), lambda rows, user: rows.filter(is_active=False)),
    ]
    searchable = True
    search_hint = _("User name, name, phone, pinyin")
    title = "real_name"
    create_label = _("New user")
    form = forms.UserForm
    create = actions.create_user
    edit = actions.edit_user
    bin = actions.bin_user
    restore = actions.restore_user
    proved = frozenset({"create", "edit", "bin", "restore", "reset", "disable", "enable", "unbind"})
    actions = [
        Action(
            "reset",
            actions.reset_password,
            _("Reset the password"),
            form=forms.ResetForm,
            icon="password-user",
            confirm=_("They are signed out everywhere, and get a one-time password that you see once."),
        ),
        Action(
            "unbind",
            actions.unbind_user,
            _("Reset the two-factor codes"),
            icon="shield-check",
            when=lambda user: user.second_factor_since is not None,
            confirm=_(
                "They are signed out everywhere, and sign in by their password alone until they set codes up anew."
            ),
        ),
        Action(
            "disable",
            actions.disable_user,
            _("Disable"),
            form=forms.DisableForm,
            icon="user-off",
            danger=True,
            when=lambda user: user.is_active,
            confirm=_("They are out at once, everywhere."),
        ),
        Action(
            "enable",
            actions.enable_user,
            _("Enable"),
            icon="user-check",
            primary=True,
            when=lambda user: not user.is_active,
            permission="accounts.disable_user",
            confirm=_("They may sign in again, with the password they had."),
        ),
    ]
    head = ["is_active"]
    meta = ["username", "department", "roles"]
    details = [
        (_("Person"), ["username", "real_name", "email", "phone"]),
        (_("Department and roles"), ["department", "leads", "roles", "is_active", "created_by", "created_at"]),
        (_("Signing in"), ["second_factor_since", "last_sign_in"]),
    ]
    empty_text = _("Create users for your colleagues.")

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """When they were last here, and whether they sign in by two steps."""
        since = record.second_factor_since
        return [
            Kpi(_("Last sign-in"), ago(record.last_sign_in)),
            Kpi(
                _("Two-factor codes"),
                str(_("Not set up") if since is None else _("On")),
                note=moment(since) if since else "",
            ),
        ]
