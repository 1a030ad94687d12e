"""The own access tokens: what there is, a new one shown once, and its end."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanxi.api.actions import create_token, revoke_token
from guanxi.api.forms import TokenForm
from guanxi.api.models import CREATE, Token
from guanxi.api.secrets import new_secret
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.system.account import FormPage, tabs_context
from guanxi.web.acts import is_fragment, moved, require, require_proof, run_act
from guanxi.web.jinja import render_block, render_page

HOME = "api:own"


class TokensPage(View):
    """The person's tokens, those that are over as well."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Every one, the newest first."""
        user: Any = request.user
        context = {
            **tabs_context(request, HOME),
            "tokens": Token.objects.of(user).order_by("-created_at", "-pk")[:100],
            "now": timezone.now(),
            "may_create": user.has_perm(CREATE),
        }
        return render_page(request, "api/tokens.html", context)


@method_decorator(never_cache, name="dispatch")
class NewTokenPage(FormPage):
    """A new token: its secret stands in the answer, once, and nowhere else."""

    name = HOME
    verb = "create"
    template = "system/account_form.html"
    form = TokenForm
    secret = ""  # nosec B105 - none yet

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse without the right, whatever the method."""
        require(request, CREATE)
        return super().dispatch(request, *args, **kwargs)

    def shown(self) -> Mapping[str, Any]:
        """Where one goes without one."""
        return {"cancel": reverse(HOME)}

    def guard(self, form: Any) -> None:
        """A token is made by the person, not by whoever found their browser open."""
        require_proof(self.request)

    def act(self, form: Any, change: ChangeWriter) -> str:
        """Make the secret inside the act: a form that is sent twice shows none, for the first one is valid."""
        self.secret = new_secret()
        create_token(user=self.user, secret=self.secret, change=change, **form.values())
        return reverse(HOME)

    def done(self, form: Any, url: str) -> HttpResponse:
        """The secret; without one, the form was sent before."""
        if not self.secret:
            return moved(self.request, url, _("Done before: the token was shown then."))
        context = {**tabs_context(self.request, HOME), "secret": self.secret, "name": form.cleaned_data["name"]}
        if is_fragment(self.request):
            return render_block(self.request, "api/issued.html", "drawer", context)
        return render_page(self.request, "api/issued.html", context)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = Token.objects.of(request.user).filter(pk=pk).first()
    if token is None:
        raise Http404

    def do(change: ChangeWriter) -> str:
        revoke_token(token, change=change)
        return reverse(HOME)

    try:
        return moved(request, run_act(request, "revoke", do), _("The token is revoked."))
    except RuleBroken as broken:
        return moved(request, reverse(HOME), broken.message)
