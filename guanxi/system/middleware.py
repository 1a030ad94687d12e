"""Who is asking: the language they chose, that their session is in use, and what they must do first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from guanxi.accounts.proofs import ProofNeeded
from guanxi.accounts.visitors import client_address
from guanxi.system.duties import due_first
from guanxi.system.pacing import held_page, hold_back
from guanxi.system.proving import ask
from guanxi.system.signing import sign_in_again
from guanxi.system.zones import zone_of
from guanxi.web.acts import is_fragment, moved

BELL = "a#bell"
"""The bell asks by itself, every minute: that is no use of the session."""


class Person:
    """Speaks the user's language, in their time zone, and keeps that they were here; what is due first comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as this person."""
        user: Any = request.user
        if user.is_authenticated:
            session: Any = request.session
            if request.headers.get("HX-Source") != BELL:
                session.touch(timezone.now(), client_address(request))
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone_of(getattr(user, "time_zone", ""))):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Hold back who asks too much; lead to what is due first, such as the own password after an issued one."""
        user: Any = request.user
        if not (user.is_authenticated and getattr(view, "login_required", True)):
            return None
        held = hold_back(request)
        if held is not None:
            return held_page(request, held)
        due = due_first(user)
        here = request.resolver_match.view_name if request.resolver_match else ""
        return None if due is None or here in due.open else moved(request, reverse(due.address))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask for the proof that a page wants before it goes on."""
        return ask(request, exception) if isinstance(exception, ProofNeeded) else None


class SignInRequired(LoginRequiredMiddleware):
    """Strangers sign in first: on the sign-in page, or beside the page that htmx asks from, which is not lost."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Answer 401 to htmx, else go to the sign-in page, which leads back."""
        if is_fragment(request):
            return sign_in_again(request)
        query = {"next": _way_back(request)}
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            query["ended"] = "1"
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode(query)}")


def _way_back(request: HttpRequest) -> str:
    """The page that was asked for; after a form was sent, the page that it was on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
