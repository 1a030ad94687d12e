"""Between password and code: nobody is signed in yet, and the server keeps for ten minutes whose code it waits for."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from guanxi.accounts.models import User
from guanxi.web.acts import is_fragment, safe_next
from guanxi.web.jinja import render_block, render_page

KEY = "second_step"
LASTS = 600
"""Seconds."""


@dataclass(frozen=True)
class Waiting:
    """Whose password was right, and whether they want to be remembered."""

    user: User
    remembered: bool


def begin(request: HttpRequest, user: Any, *, remembered: bool) -> None:
    """Wait for a code in this browser alone, under a new key: one that was planted before is worth nothing."""
    request.session.flush()
    request.session[KEY] = {"user": user.pk, "remembered": remembered, "hash": user.get_session_auth_hash()}
    request.session.set_expiry(LASTS)


def waiting(request: HttpRequest) -> Waiting | None:
    """Who gave their password in this browser; nobody once it was changed, or they were disabled or reset."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    users = User.objects.in_use().filter(pk=kept["user"], is_active=True, second_factor_since__isnull=False)
    user = users.first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Waiting(user, kept["remembered"])


def end(request: HttpRequest) -> None:
    """Wait no longer."""
    request.session.pop(KEY, None)


def show(request: HttpRequest, *, refusal: str = "", status: int = 200, wait: int = 0) -> HttpResponse:
    """The page that asks for the code, or its small form for the dialog of a page that waits."""
    context = {"next": safe_next(request, ""), "refusal": refusal}
    if is_fragment(request):
        answer = render_block(request, "system/code.html", "again", context, status=status)
    else:
        answer = render_page(request, "system/code.html", context, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer
