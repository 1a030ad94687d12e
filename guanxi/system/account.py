"""What belongs to the person who is signed in: profile, password, sessions."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanxi.accounts.actions.password import change_password
from guanxi.accounts.actions.profile import edit_profile
from guanxi.accounts.limits import give_back, take
from guanxi.accounts.models import Session
from guanxi.accounts.passwords import old_password_limit, strength_rules
from guanxi.accounts.queries import as_stored
from guanxi.accounts.sessions import end_session, end_sessions_of, fingerprint
from guanxi.accounts.visitors import describe_agent
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.system.account_forms import PasswordForm, ProfileForm
from guanxi.system.duties import due_first
from guanxi.system.looks import keep_looks
from guanxi.web.acts import is_fragment, moved, require_proof, run_act
from guanxi.web.forms import refuse
from guanxi.web.jinja import render_block, render_page
from guanxi.web.pages.base import new_key
from guanxi.web.person import person_link

TABS = [
    ("account:profile", gettext_lazy("Profile"), "user-circle"),
    ("account:password", gettext_lazy("Change password"), "key"),
    ("account:second-factor", gettext_lazy("Two-factor codes"), "shield-check"),
    ("account:sessions", gettext_lazy("Own sessions"), "device-desktop"),
]
_further: list[tuple[str, Any, str]] = []


def account_tab(label: Any, name: str, icon: str, permission: str) -> None:
    """Add a page to the own pages of whoever holds a permission, and to their menu, by the name of its address."""
    _further.append((name, label, permission))
    person_link(label, name, icon, permission)


def tabs_context(request: HttpRequest, name: str) -> dict[str, Any]:
    """What the pages of the person share: the tabs, and no more than the own one while something is due first."""
    user: Any = request.user
    due = due_first(user)
    mine = [(tab, label) for tab, label, _icon in TABS]
    mine += [(tab, label) for tab, label, permission in _further if tab == name or user.has_perm(permission)]
    tabs = [
        {"label": label, "url": reverse(tab), "current": tab == name}
        for tab, label in mine
        if tab == name or due is None
    ]
    heading = next(label for tab, label in mine if tab == name)
    return {"tabs": tabs, "heading": heading, "crumbs": [(_("Personal settings"), ""), (heading, "")]}


class FormPage(View):
    """A form about the person who is signed in: their own row is the only one it can reach."""

    name = ""
    verb = ""
    template = "web/form.html"
    form: Any = None
    user: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Begin with the person as they stand."""
        self.user = as_stored(request.user)
        return super().dispatch(request, *args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What the form begins with."""
        return {}

    def shown(self) -> Mapping[str, Any]:
        """What else the template shows."""
        return {}

    def guard(self, form: Any) -> None:
        """What has to hold before the act begins."""

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Carry the form's action out; returns where to go."""
        raise NotImplementedError

    def answer(self, form: Any, *, status: int = 200) -> HttpResponse:
        """The page, or its form alone."""
        context = {
            **tabs_context(self.request, self.name),
            "form": form,
            "submit_key": self.request.POST.get("submit_key") or new_key(),
            "next": "",
            "cancel": "/",
            "seen": "",
            "theirs": [],
            "multipart": False,
            **self.shown(),
        }
        if is_fragment(self.request):
            return render_block(self.request, self.template, "drawer", context, status=status)
        return render_page(self.request, self.template, context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form as things stand."""
        return self.answer(self.form(user=self.user, initial=self.initial()))

    def sent(self) -> Any:
        """The form as it was sent."""
        return self.form(self.request.POST, user=self.user, initial=self.initial())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change what was typed, or say next to each field why not."""
        form = self.sent()
        if not form.is_valid():
            return self.answer(form, status=422)
        self.guard(form)
        try:
            url = run_act(request, self.verb, lambda change: self.act(form, change))
        except RuleBroken as broken:
            refuse(form, broken)
            return self.answer(form, status=422)
        return self.done(form, url)

    def done(self, form: Any, url: str) -> HttpResponse:
        """What follows a change that was made."""
        return moved(self.request, url, _("Saved."))


class ProfilePage(FormPage):
    """Own name, ways to be reached, and how pages look and speak to one."""

    name = "account:profile"
    verb = "change_profile"
    template = "system/account_form.html"
    form = ProfileForm

    def initial(self) -> dict[str, Any]:
        """What is known of the person."""
        return {name: getattr(self.user, name) for name in ProfileForm.base_fields}

    def guard(self, form: Any) -> None:
        """One also signs in by the e-mail address: another one asks for the password again."""
        if form.cleaned_data["email"] != self.user.email:
            require_proof(self.request)

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Change what differs."""
        edit_profile(self.user, change=change, **form.values())
        return reverse(self.name)

    def done(self, form: Any, url: str) -> HttpResponse:
        """What was chosen holds from this answer on, in this browser as well."""
        chosen = form.cleaned_data
        if chosen["language"]:
            translation.activate(chosen["language"])
        response = super().done(form, url)
        keep_looks(response, theme=chosen["theme"], density=chosen["density"], forget=True)
        return response


@method_decorator(sensitive_post_parameters("old", "new", "confirm"), name="dispatch")
class PasswordPage(FormPage):
    """A new password; everywhere else the person is signed out."""

    name = "account:password"
    verb = "change_password"
    template = "system/password.html"
    form = PasswordForm
    ended = 0

    def shown(self) -> Mapping[str, Any]:
        """The rules, before one chooses."""
        return {"rules": strength_rules(), "must": self.user.must_change_password}

    def sent(self) -> Any:
        """The form, looked at no oftener than a password may be tried."""
        limits = [old_password_limit(self.user)]
        verdict = take(limits, at=timezone.now())
        form = self.form(self.request.POST, user=self.user, wait=verdict.wait)
        if verdict.allowed and "old" not in form.errors:
            give_back(limits)
        return form

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Change the password and end the other sessions."""
        session = self.request.session.session_key or ""
        self.ended = change_password(self.user, session=session, change=change, **form.values())
        return "/"

    def done(self, form: Any, url: str) -> HttpResponse:
        """Stay signed in here, under a new key; say how many other sessions ended."""
        update_session_auth_hash(self.request, self.user)
        session: Any = self.request.session
        session.prove(timezone.now())
        said = {"first": _("The password was changed."), "second": said_ended(self.ended)}
        return moved(self.request, url, _("%(first)s %(second)s") % said)


class SessionsPage(View):
    """Where the person is signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Every live session, this one first."""
        here = fingerprint(request.session.session_key or "")
        rows = Session.objects.of(request.user).live(timezone.now()).order_by("-last_seen")
        sessions = [
            {"row": row, "here": row.key_hash == here, "browser": describe_agent(row.agent) or _("Unknown browser")}
            for row in rows
        ]
        sessions.sort(key=lambda one: not one["here"])
        context = {**tabs_context(request, "account:sessions"), "sessions": sessions}
        return render_page(request, "system/sessions.html", context)


@require_POST
def end_one(request: HttpRequest, key_hash: str) -> HttpResponse:
    """End one session: this one as by signing out, which leads to the door, another one by who proves who they are."""
    here = key_hash == fingerprint(request.session.session_key or "")
    if not here:
        require_proof(request)
    if not end_session(request.user, key_hash):
        raise Http404
    if here:
        request.session.flush()
        return HttpResponseRedirect(reverse(settings.LOGIN_URL), status=303)
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect(reverse("account:sessions"), status=303)


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one, after the proof: else a thief at an open one keeps the owner out."""
    require_proof(request)
    ended = end_sessions_of(request.user, apart_from=request.session.session_key or "")
    messages.success(request, said_ended(ended))
    return HttpResponseRedirect(reverse("account:sessions"), status=303)


def said_ended(number: int) -> str:
    """How many other sessions an act ended."""
    return ngettext("%(num)s other session ended.", "%(num)s other sessions ended.", number) % {"num": number}


for _name, _label, _icon_name in TABS:
    person_link(_label, _name, _icon_name)
