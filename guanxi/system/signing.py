"""Signing in and out, and the language of whoever has not signed in yet."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanxi.accounts import devices
from guanxi.accounts.actions.profile import edit_profile
from guanxi.accounts.parameters import REMEMBER_DAYS
from guanxi.accounts.queries import as_stored
from guanxi.accounts.sign_in import Answer, Attempt, sign_in
from guanxi.accounts.visitors import client_address, client_agent
from guanxi.history.writer import ChangeWriter
from guanxi.system import second_step
from guanxi.system.looks import keep_looks
from guanxi.web.acts import is_fragment, run_act, safe_next
from guanxi.web.jinja import render_block, render_page
from guanxi.web.person import person_address

REFUSED = 422
TOO_OFTEN = 429


class SignInForm(forms.Form):
    """User name or e-mail, password, and whether to be remembered."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=256, strip=False)
    remember = forms.BooleanField(required=False)


@method_decorator([login_not_required, sensitive_post_parameters("password")], name="dispatch")
class SignInPage(View):
    """The door."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; whoever is in already goes on."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request, "/"))
        return _page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let somebody in, or say why not without telling who exists."""
        form = SignInForm(request.POST)
        if not form.is_valid():
            return _page(request, refusal=_("Enter your user name and your password."), status=REFUSED)
        now = timezone.now()
        device = devices.read_device(request.COOKIES.get(devices.cookie_name(), ""))
        answer = sign_in(
            Attempt(
                name=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                address=client_address(request),
                agent=client_agent(request),
                device=device,
                at=now,
            )
        )
        if answer.user is None:
            status = TOO_OFTEN if answer.wait else REFUSED
            return _page(request, refusal=_why(answer), status=status, wait=answer.wait)
        remembered = form.cleaned_data["remember"]
        if answer.code_due:
            second_step.begin(request, answer.user, remembered=remembered)
            return _ask_code(request)
        return let_in(request, answer.user, device, remembered=remembered, at=now)


def let_in(request: HttpRequest, user: Any, device: devices.Device, *, remembered: bool, at: Any) -> HttpResponse:
    """Begin the session of somebody who proved who they are, and go on as they chose to see things."""
    _begin_session(request, user, remembered=remembered, at=at)
    response = _go_on(request, user)
    _remember_device(response, device.after(user.pk))
    keep_looks(response, theme=user.theme, density=user.density)
    return response


def _ask_code(request: HttpRequest) -> HttpResponse:
    """On a page of its own, which a reload does not send again; in the dialog of a page that waits."""
    if is_fragment(request):
        return second_step.show(request, status=REFUSED)
    target = safe_next(request, "")
    query = f"?{urlencode({'next': target})}" if target else ""
    return HttpResponseRedirect(f"{reverse('account:code')}{query}", status=303)


def _begin_session(request: HttpRequest, user: Any, *, remembered: bool, at: Any) -> None:
    """A session under a new key: one that was planted before is worth nothing."""
    login(request, user)
    session: Any = request.session
    session.set_expiry(at + timedelta(days=REMEMBER_DAYS.read()) if remembered else 0)
    session.describe(address=client_address(request), agent=client_agent(request), remembered=remembered, at=at)


def _go_on(request: HttpRequest, user: Any) -> HttpResponse:
    """Go on; a page that waits beside the form gets its new token, and who it is that signed in."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request), "X-Signed-In": str(user.pk)})
    return HttpResponseRedirect(safe_next(request, "/"), status=303)


def _remember_device(response: HttpResponse, device: devices.Device) -> None:
    response.set_cookie(
        devices.cookie_name(),
        device.signed(),
        max_age=devices.KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _why(answer: Answer) -> str:
    """One sentence, the same whether the account exists or not."""
    if answer.stopped:
        return said_stop(answer.wait)
    if answer.wait:
        return said_wait(answer.wait)
    said = {"first": _("The user name or the password is wrong."), "second": said_tries(answer.left)}
    return _("%(first)s %(second)s") % said


def said_stop(seconds: int) -> str:
    """That no more tries are looked at for a while."""
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many failed attempts. Try again in %(num)s minute, or on a device where you have signed in before.",
        "Too many failed attempts. Try again in %(num)s minutes, or on a device where you have signed in before.",
        minutes,
    )
    return text % {"num": minutes}


def said_tries(left: int) -> str:
    """How many tries are left."""
    return ngettext("%(num)s more try.", "%(num)s more tries.", left) % {"num": left}


def said_wait(seconds: int) -> str:
    """How long somebody has to wait who tried too often."""
    text = ngettext("Wait %(num)s second, then try again.", "Wait %(num)s seconds, then try again.", seconds)
    return text % {"num": seconds}


def _page(request: HttpRequest, *, refusal: str = "", status: int = 200, wait: int = 0) -> HttpResponse:
    context = {
        "typed": request.POST.get("username", "")[:150],
        "remember": "remember" in request.POST,
        "days": REMEMBER_DAYS.read(),
        "next": safe_next(request, ""),
        "ended": bool(request.GET.get("ended")) and not refusal,
        "refusal": refusal,
    }
    if is_fragment(request):
        answer = render_block(request, "system/sign_in.html", "again", context, status=status)
    else:
        answer = render_page(request, "system/sign_in.html", context, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """401 with a small form for a page whose session has ended: what was typed there stays."""
    context = {"typed": "", "remember": False, "days": REMEMBER_DAYS.read(), "next": "", "refusal": ""}
    return render_block(request, "system/sign_in.html", "again", context, status=401)


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server."""
    logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL, status=303)


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language: in a cookie, and for users with the user."""
    response = HttpResponseRedirect(safe_next(request, "/"), status=303)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    user: Any = request.user
    if user.is_authenticated:
        run_act(request, "choose_language", lambda change: _set_language(as_stored(user), language, change))
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _set_language(user: Any, language: str, change: ChangeWriter) -> str:
    edit_profile(user, change=change, language=language)
    return ""


person_address("logout_url", "account:logout")
person_address("language_url", "account:language")
