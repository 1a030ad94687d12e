"""The second step of signing in: a two-factor code or a recovery code."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.accounts import devices
from guanxi.accounts.second_factor import recovery_codes_left
from guanxi.accounts.sign_in import Answer, CodeAttempt, enter_code
from guanxi.accounts.visitors import client_address, client_agent
from guanxi.system import second_step
from guanxi.system.signing import REFUSED, TOO_OFTEN, let_in, said_stop, said_tries, said_wait, sign_in_again
from guanxi.web.acts import is_fragment, safe_next


class CodeForm(forms.Form):
    """One code, of either kind."""

    code = forms.CharField(max_length=40)


@method_decorator([login_not_required, sensitive_post_parameters("code")], name="dispatch")
class CodePage(View):
    """Asks whoever gave the right password for a code; without that password there is nothing to see here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request, "/"))
        return second_step.show(request) if second_step.waiting(request) else _begin_anew(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let somebody in, or say why not."""
        waiting = second_step.waiting(request)
        if waiting is None:
            return _begin_anew(request)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return second_step.show(request, refusal=_("Enter the code."), status=REFUSED)
        now = timezone.now()
        device = devices.read_device(request.COOKIES.get(devices.cookie_name(), ""))
        typed = form.cleaned_data["code"]
        attempt = CodeAttempt(waiting.user, typed, client_address(request), client_agent(request), device, now)
        answer = enter_code(attempt)
        if answer.user is None:
            status = TOO_OFTEN if answer.wait else REFUSED
            return second_step.show(request, refusal=_why(answer), status=status, wait=answer.wait)
        second_step.end(request)
        if answer.by_recovery:
            messages.warning(request, _said_left(recovery_codes_left(answer.user)))
        return let_in(request, answer.user, device, remembered=waiting.remembered, at=now)


def _begin_anew(request: HttpRequest) -> HttpResponse:
    """Nobody's code is waited for, or not any more: the password first."""
    if is_fragment(request):
        return sign_in_again(request)
    target = safe_next(request, "")
    query = f"?{urlencode({'next': target})}" if target else ""
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}{query}", status=303)


def _why(answer: Answer) -> str:
    if answer.stopped:
        return said_stop(answer.wait)
    if answer.wait:
        return said_wait(answer.wait)
    said = {"first": _("The code is wrong, or was used before."), "second": said_tries(answer.left)}
    return _("%(first)s %(second)s") % said


def _said_left(left: int) -> str:
    text = ngettext(
        "You signed in with a recovery code; %(num)s is left.",
        "You signed in with a recovery code; %(num)s are left.",
        left,
    )
    return text % {"num": left}
