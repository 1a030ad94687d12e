"""Asking once more who somebody is: beside a page that waits, or on a page that carries on with what was typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.accounts.proofs import Judgement, ProofNeeded
from guanxi.system.signing import said_tries, said_wait
from guanxi.web.acts import is_fragment, require_proof, safe_next
from guanxi.web.jinja import render_block, render_page

TEMPLATE = "system/prove.html"
ASKED = 401
OWN = {"csrfmiddlewaretoken", "proof"}


def ask(request: HttpRequest, needed: ProofNeeded) -> HttpResponse:
    """Ask for the proof that a page needs: htmx's request is sent again after it, a form is sent again with it."""
    refusal = _why(needed.judgement)
    if is_fragment(request):
        return render_block(request, TEMPLATE, "again", {"refusal": refusal}, status=ASKED)
    sent = request.method == "POST"
    carried = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    context: dict[str, Any] = {
        "refusal": refusal,
        "action": request.get_full_path() if sent else reverse("account:prove"),
        "carried": carried if sent else [("next", request.get_full_path())],
        "cancel": safe_next(request, "/"),
    }
    return render_page(request, TEMPLATE, context, status=ASKED)


@method_decorator(sensitive_post_parameters("proof"), name="dispatch")
class ProvePage(View):
    """Takes the proof alone, and leads on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """There is nothing to prove by looking."""
        return HttpResponseRedirect(safe_next(request, "/"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the proof in the session, or ask again."""
        try:
            require_proof(request)
        except ProofNeeded as needed:
            return ask(request, needed)
        if is_fragment(request):
            who = str(request.user.pk)
            return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request), "X-Signed-In": who})
        return HttpResponseRedirect(safe_next(request, "/"), status=303)


def _why(judgement: Judgement | None) -> str:
    """One sentence, none where nothing was typed yet."""
    if judgement is None:
        return ""
    if judgement.wait:
        return said_wait(judgement.wait)
    said = {"first": _("That is not right."), "second": said_tries(judgement.left)}
    return _("%(first)s %(second)s") % said
