"""Who asks: the token of the request, the person behind it, and whether both may do what is asked."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guanxi.api.models import Token
from guanxi.api.problems import Refused
from guanxi.api.secrets import MARK, digest_of
from guanxi.history.models import Way
from guanxi.system.duties import OWN_PASSWORD, due_first
from guanxi.system.pacing import hold_back
from guanxi.web.acts import keep_out, require

LAST_USE_KEPT = timedelta(minutes=5)
"""The last use is written no oftener than this."""
LONGEST = 200
"""No secret is longer, and no longer text is hashed."""


class Bearer:
    """Lets in whoever has a token and the permission; a token that only reads changes nothing.

    Sessions do not count here: a page of another site can send a browser's cookies, but no token.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer", "bearerFormat": f"{MARK}…"}

    def __init__(self, permission: str, *, writes: bool) -> None:
        self.permission = permission
        self.writes = writes

    def __call__(self, request: HttpRequest) -> Token:
        """The token; `request.user` is its person from here on."""
        token = _token_of(request)
        request.user = token.user
        _speak_to(request)
        held = hold_back(request)
        if held is not None:
            raise Refused(429, held.said, wait=held.wait)
        _refuse_unready(request)
        if self.writes and token.scope != Token.Scope.WRITE:
            _refuse_writing(request, self.permission, token.name)
        require(request, self.permission, way=Way.API, token=token.name)
        return token


def _token_of(request: HttpRequest) -> Token:
    """The token that opens, used now; raises Refused alike for none, an unknown one and one that is over."""
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    now = timezone.now()
    found: Token | None = None
    if scheme.lower() == "bearer" and secret.startswith(MARK) and len(secret) <= LONGEST:
        found = Token.objects.opening(digest_of(secret), now).first()
    if found is None:
        raise Refused(401, _("Send a valid access token: Authorization: Bearer gx_…"))
    if found.last_used_at is None or now - found.last_used_at >= LAST_USE_KEPT:
        Token.objects.filter(pk=found.pk).derive(last_used_at=now)
    return found


def _speak_to(request: HttpRequest) -> None:
    """Answer in the language that is asked for, else in the person's own."""
    user: Any = request.user
    if user.language and "Accept-Language" not in request.headers:
        translation.activate(user.language)


def _refuse_unready(request: HttpRequest) -> None:
    """Refuse whoever must do something on the pages first."""
    due = due_first(request.user)
    if due is OWN_PASSWORD:
        raise Refused(403, _("Sign in and choose your own password first."))
    if due is not None:
        raise Refused(403, _("Sign in and set up two-factor codes first: your role requires them."))


def _refuse_writing(request: HttpRequest, permission: str, token: str) -> None:
    try:
        keep_out(request, permission, way=Way.API, token=token)
    except PermissionDenied:
        raise Refused(403, _("This token may only read.")) from None
