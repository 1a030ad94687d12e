"""What administrators type about users, roles and departments."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.access.actions.tree import OWN
from guanxi.access.models import Department, MenuItem, Role
from guanxi.access.reach import branch
from guanxi.accounts.handover import owned
from guanxi.accounts.models import User
from guanxi.accounts.passwords import one_time_password
from guanxi.kernel.text import half_width
from guanxi.web.forms import ActionForm, RecordForm

USERNAME = re.compile(r"[\w.+-]+")


class UserForm(RecordForm):
    """A colleague: the user name is given once; a new one gets a one-time password."""

    wide: ClassVar[frozenset[str]] = frozenset({"roles", "leads"})

    class Meta:
        model = User
        fields = ["username", "real_name", "department", "email", "phone", "roles", "leads"]
        widgets = {"roles": forms.CheckboxSelectMultiple, "leads": forms.CheckboxSelectMultiple}
        help_texts = {
            "username": _("Given once, for ever: letters, digits and . _ + -"),
            "leads": _("The departments at whose head this person stands."),
        }

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.issued = ""
        if record is not None:
            del self.fields["username"]

    def clean_username(self) -> str:
        """No blanks, and no @: what looks like an e-mail address signs in as one."""
        name = half_width(self.cleaned_data["username"])
        if not USERNAME.fullmatch(name):
            raise forms.ValidationError(_("A user name has letters, digits and . _ + - only."))
        return name

    def values(self) -> dict[str, Any]:
        """The clean arguments; a new user's with the password to be shown."""
        if self.record is not None:
            return super().values()
        self.issued = one_time_password()
        return super().values() | {"password": self.issued}


class ResetForm(ActionForm):
    """Asks nothing: the password is made here, at the edge."""

    issued = ""

    def values(self) -> dict[str, Any]:
        """The password to be shown."""
        self.issued = one_time_password()
        return {"password": self.issued}


class DisableForm(ActionForm):
    """Who takes over what the user owns; asked only where they own something."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label=_("Who takes over what they own"))

    def __init__(self, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, record=record, **kwargs)
        theirs = owned(record, by=user)
        if not theirs:
            del self.fields["to"]
            return
        listed = ", ".join(f"{one.model._meta.verbose_name_plural} {count:,}" for one, count in theirs)
        self.fields["to"].help_text = _("They own: %(listed)s. Left empty, it stays theirs.") % {"listed": listed}

    def choices_of(self, name: str, visible: Any) -> Any:
        """Colleagues who are still here."""
        return visible.filter(is_active=True).exclude(pk=self.record.pk if self.record else None)


class DepartmentForm(RecordForm):
    """A department and where it stands in the tree."""

    class Meta:
        model = Department
        fields = ["name", "parent", "position"]

    def choices_of(self, name: str, visible: Any) -> Any:
        """Departments that do not stand below this one."""
        return visible.exclude(pk__in=branch({self.record.pk})) if self.record else visible


ICONS = (
    *("target", "users-group", "headset", "report-analytics", "database", "settings", "briefcase", "building"),
    *("calendar", "cash", "chart-bar", "chart-line", "checklist", "clock", "credit-card", "file", "file-spreadsheet"),
    *("flag", "heart-handshake", "help-circle", "history", "home", "inbox", "info-circle", "key", "link", "list"),
    *("lock", "mail", "map-pin", "message", "note", "phone", "receipt", "search", "shield-lock", "sitemap", "star"),
    *("tag", "ticket", "timeline", "tool", "trending-up", "trophy", "user", "users", "wallet", "world"),
)
"""What a node of the resource tree may be drawn with."""


class MenuItemForm(RecordForm):
    """A node of the resource tree: what administrators may change of it."""

    icon = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Icon"))

    class Meta:
        model = MenuItem
        fields = ["kind", "label_zh", "label_en", "parent", "url", "icon", "hidden"]
        help_texts = {
            "label_en": _("Left empty, the Chinese name stands there, too."),
            "url": _("Only for links: https://… opens in a new tab, /customers/?view=mine is a page of Guanxi."),
            "parent": _("Links and menus stand in a directory; directories stand at the top."),
            "hidden": _("It leaves the menu; the rights stay as they are."),
        }

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        icons = [*ICONS, *([record.icon] if record and record.icon and record.icon not in ICONS else [])]
        self.fields["icon"].choices = [("", _("None")), *((icon, icon) for icon in icons)]  # type: ignore[attr-defined]  # a choice field
        self.fields["label_en"].required = False
        if record is None:
            kinds = [(kind.value, kind.label) for kind in OWN]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field
            return
        del self.fields["kind"]
        if record.built_in or record.kind != MenuItem.Kind.LINK:
            del self.fields["url"]
        if record.kind not in {MenuItem.Kind.MENU, MenuItem.Kind.LINK}:
            del self.fields["parent"]

    def choices_of(self, name: str, visible: Any) -> Any:
        """A node stands in a directory."""
        return visible.filter(kind=MenuItem.Kind.DIRECTORY)

    def values(self) -> dict[str, Any]:
        """As typed: an empty name is filled in by the action."""
        return dict(self.cleaned_data)


class RoleForm(RecordForm):
    """A role's name, remark and what it requires; its rights are granted on its page."""

    wide: ClassVar[frozenset[str]] = frozenset({"name", "remark", "second_factor"})

    class Meta:
        model = Role
        fields = ["name", "remark", "second_factor"]

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None and record.holds_all:
            del self.fields["name"], self.fields["remark"]


class CopyRoleForm(ActionForm):
    """What the copy is called."""

    name = forms.CharField(max_length=60, label=_("Name of the copy"))


class MemberForm(ActionForm):
    """Who gets the role, or loses it."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("User"))


class GrantForm(ActionForm):
    """Everything that a role may do, whose rows it shows and what it hides, as a whole."""

    scope = forms.ChoiceField(choices=Role.Scope.choices, label=_("Data scope"))
    departments = forms.ModelMultipleChoiceField(
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Chosen departments"),
    )
    masks = forms.MultipleChoiceField(
        choices=Role.maskable, required=False, widget=forms.CheckboxSelectMultiple, label=_("Hidden fields")
    )
    grants = forms.ModelMultipleChoiceField(
        queryset=MenuItem.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Grants")
    )

    def choices_of(self, name: str, visible: Any) -> Any:
        """What is granted hangs on buttons, and on links of one's own."""
        return grantable(visible) if name == "grants" else visible


def grantable(items: Any) -> Any:
    """The nodes that a role may be granted: directories and menus stand for what is below them."""
    return items.filter(kind__in=[MenuItem.Kind.BUTTON, MenuItem.Kind.LINK])
