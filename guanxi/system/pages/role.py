"""The page of all roles, and granting: what differs is shown before it is saved."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from guanxi.access.actions import grant_role
from guanxi.access.models import MenuItem, Role
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import listed, read_id
from guanxi.system.effects import holding_of, outlook
from guanxi.system.forms import GrantForm, grantable
from guanxi.system.grants import named
from guanxi.system.resources.role import grants_context
from guanxi.web.acts import moved, run_act
from guanxi.web.forms import refuse
from guanxi.web.pages import ListPage, RecordPage
from guanxi.web.pages.base import new_key


class RoleListPage(ListPage):
    """The first role's page, which lists them all; the empty list when there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Roles are few: one page shows them beside the rights of the chosen one."""
        first = self.resource.rows(request.user).order_by("pk").first()
        if first is None or request.GET:
            return super().get(request)
        return HttpResponseRedirect(self.resource.url("record", first.pk))


class GrantPage(RecordPage):
    """Saves the rights of a role as a whole, after saying what is added and what is taken away."""

    verb = "grant"

    def permission(self) -> str:
        """Granting is a right of its own."""
        return self.resource.permission("grant")

    def get(self, request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
        """The form stands on the role's own page."""
        return HttpResponseRedirect(self.resource.url("record", self.record(pk).pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First the differences, then, when they are confirmed, the act."""
        role = self.record(pk)
        form = GrantForm(request.POST, user=request.user, record=role)
        if not form.is_valid() or "back" in request.POST:
            return self._again(role, form, status=200 if form.is_valid() else 422)
        if "confirmed" not in request.POST:
            return self._summary(role, form)
        try:
            return moved(request, self._act(role, form), _("Saved."))
        except RuleBroken as broken:
            refuse(form, broken)
            return self._again(role, form, status=422)

    def _act(self, role: Role, form: GrantForm) -> str:
        seen = read_id(self.request.POST.get("seen"))

        def do(change: Any) -> str:
            grant_role(role, change=change, seen=seen, **form.values())
            return self.resource.url("record", role.pk)

        return run_act(self.request, "grant", do)

    def _again(self, role: Role, form: GrantForm, *, status: int) -> HttpResponse:
        """The role's page with everything as it was chosen; sending again is measured at how the role stands now."""
        self.tab = ""
        panel = self.panel()
        chosen = [pk for value in self.request.POST.getlist("grants") if (pk := read_id(value)) is not None]
        held = set(grantable(MenuItem.objects.in_use()).filter(pk__in=chosen).values_list("permission", flat=True))
        context = self.frame(role) | {"panel": panel, "panel_template": panel.template}
        context |= grants_context(role, form, held) | {"may_grant": True}
        return self.show(self.resource.record_template, context, status=status)

    def _summary(self, role: Role, form: GrantForm) -> HttpResponse:
        differences = _differences(role, form.values())
        if not any(differences.values()):
            return moved(self.request, self.resource.url("record", role.pk), _("Nothing was changed."))
        kept = [(name, value) for name in form.fields for value in self.request.POST.getlist(name)]
        context = self.base_context(role) | differences
        context["outlook"] = outlook(role, holding_of(form.values(), role), by=self.request.user)
        context |= {"kept": kept, "seen": self.request.POST.get("seen", ""), "submit_key": new_key()}
        return self.show("system/grant_summary.html", context)


def _differences(role: Role, values: dict[str, Any]) -> dict[str, Any]:
    """What saving would add and take away, in words."""
    old, new = set(grantable(role.grants.all())), set(values["grants"])
    lines = [
        (_("Data scope"), role.get_scope_display(), str(dict(Role.Scope.choices)[values["scope"]])),
        (_("Chosen departments"), _listed(role.departments.all()), _listed(_departments(values))),
        (_("Hidden fields"), _masks(role.masks), _masks(values["masks"])),
    ]
    return {
        "added": named(sorted(new - old, key=lambda one: one.code)),
        "removed": named(sorted(old - new, key=lambda one: one.code)),
        "changed": [line for line in lines if line[1] != line[2]],
    }


def _departments(values: dict[str, Any]) -> Any:
    return values["departments"] if values["scope"] == Role.Scope.CUSTOM else []


def _masks(masks: Any) -> str:
    labels = dict(Role.maskable())
    return _listed(labels.get(mask, mask) for mask in sorted(masks))


def _listed(things: Any) -> str:
    return listed(things) or "—"
