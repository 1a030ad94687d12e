"""Two-factor codes of the person who is signed in: set up, turned off, and the recovery codes, shown once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.access.reach import reach_of
from guanxi.accounts.actions.second_factor import drop_second_factor, renew_recovery_codes, set_second_factor
from guanxi.accounts.codes import address_of, new_recovery_codes, new_secret, open_draft, picture, seal
from guanxi.accounts.limits import give_back, take
from guanxi.accounts.passwords import old_password_limit
from guanxi.accounts.second_factor import recovery_codes_left
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.text import in_groups
from guanxi.system.account import FormPage, said_ended, tabs_context
from guanxi.system.account_forms import SetUpForm, TurnOffForm
from guanxi.web.acts import is_fragment, moved, require_proof
from guanxi.web.forms import ActionForm
from guanxi.web.jinja import render_block, render_page

HERE = "account:second-factor"
SHOWN = "system/recovery_codes.html"


class CodesPage(FormPage):
    """A page below the tab of two-factor codes."""

    name = HERE
    ended = 0

    def show_codes(self, codes: list[str], heading: str) -> HttpResponse:
        """The recovery codes, never kept by browser or server; without one, the form was sent before."""
        if not codes:
            return moved(self.request, reverse(HERE), _("Done before: the codes were shown then."))
        said = said_ended(self.ended) if self.ended else ""
        context = {**tabs_context(self.request, HERE), "heading": heading, "codes": codes, "said": said}
        if is_fragment(self.request):
            return render_block(self.request, SHOWN, "drawer", context)
        return render_page(self.request, SHOWN, context)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondFactorPage(CodesPage):
    """How things stand; while codes are off, the secret as a picture and as text, and the code that confirms it."""

    verb = "set_second_factor"
    template = "system/second_factor.html"
    draft = ""
    shown_codes: list[str] = []

    def get(self, request: HttpRequest) -> HttpResponse:
        """The way to set them up, or how they stand."""
        if self.user.second_factor_since is None:
            return super().get(request)
        context = {"left": recovery_codes_left(self.user), "required": reach_of(request.user).second_factor}
        return render_page(request, "system/second_factor_on.html", {**tabs_context(request, HERE), **context})

    def form(self, *args: Any, **kwargs: Any) -> Any:
        """The form at this moment, with the secret that it brought, or with a new one."""
        now = timezone.now()
        brought = self.request.POST.get("draft", "")[:255]
        fits = bool(brought) and bool(open_draft(self.user, brought, at=now))
        self.draft = brought if fits else seal(self.user, new_secret(), at=now)
        return SetUpForm(*args, at=now, **{**kwargs, "initial": {"draft": self.draft}})

    def shown(self) -> Mapping[str, Any]:
        """The secret, for the app."""
        secret = open_draft(self.user, self.draft, at=timezone.now())
        side, path = picture(address_of(self.user, secret))
        required = self.user.second_factor_since is None and reach_of(self.request.user).second_factor
        return {"secret": in_groups(secret), "side": side, "path": path, "draft": self.draft, "required": required}

    def guard(self, form: Any) -> None:
        """Whoever came upon an open session does not lock its owner out."""
        require_proof(self.request)

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Turn them on; other sessions, begun without a code, end."""
        values = form.values()
        session = self.request.session.session_key or ""
        self.ended = set_second_factor(self.user, session=session, change=change, **values)
        self.shown_codes = values["codes"]
        return reverse(HERE)

    def done(self, form: Any, url: str) -> HttpResponse:
        """The recovery codes."""
        return self.show_codes(self.shown_codes, _("Two-factor codes are on"))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class TurnOffPage(CodesPage):
    """Turns them off, by password and code."""

    verb = "drop_second_factor"
    template = "system/second_factor_off.html"

    def form(self, *args: Any, **kwargs: Any) -> Any:
        """The empty form."""
        return TurnOffForm(*args, at=timezone.now(), **kwargs)

    def sent(self) -> Any:
        """The form, looked at no oftener than a password may be tried."""
        limits = [old_password_limit(self.user)]
        now = timezone.now()
        verdict = take(limits, at=now)
        form = TurnOffForm(self.request.POST, user=self.user, wait=verdict.wait, at=now)
        if verdict.allowed and form.is_valid():
            give_back(limits)
        return form

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Turn them off."""
        drop_second_factor(self.user, change=change)
        return reverse(HERE)

    def done(self, form: Any, url: str) -> HttpResponse:
        """Say so."""
        return moved(self.request, url, _("Two-factor codes are off."))


class RecoveryCodesPage(CodesPage):
    """New recovery codes in place of the former ones."""

    verb = "renew_recovery_codes"
    template = "system/recovery_codes_renew.html"
    form = ActionForm
    shown_codes: list[str] = []

    def guard(self, form: Any) -> None:
        """Recovery codes let in: whoever came upon an open session gets none."""
        require_proof(self.request)

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Renew them."""
        codes = new_recovery_codes()
        renew_recovery_codes(self.user, codes=codes, change=change)
        self.shown_codes = codes
        return reverse(HERE)

    def done(self, form: Any, url: str) -> HttpResponse:
        """The new ones."""
        return self.show_codes(self.shown_codes, _("New recovery codes"))
