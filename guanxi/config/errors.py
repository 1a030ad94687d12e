"""Error pages: each says what happened and what to do, and none needs more than it can rely on."""

import logging
from html import escape
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.access.queries import right_name
from guanxi.accounts.queries import granters

logger = logging.getLogger(__name__)
NAMED = 3
"""How many colleagues a refusal names to ask."""
BARE_PAGE = "<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{text}<p>{id}</p>"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request makes no sense."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: known, but not allowed to do this; it names the right that is missing, and who grants it."""
    right, people = "", []
    try:
        right = right_name(str(exception)) if exception is not None else ""
        people = granters(NAMED) if right else []
    except DatabaseError:  # the refusal stands all the same
        logger.warning("The right “%s” could not be named.", exception, exc_info=True)
    return _page(request, 403, right=right, people=people)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: not here, or not for this person."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database: it may be what failed."""
    return _page(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token is not (or no longer) good; a page that asked by htmx gets a new one."""
    if request.headers.get("HX-Request") == "true":
        who = str(request.user.pk or "")
        return HttpResponse(status=403, headers={"X-CSRFToken": get_token(request), "X-Signed-In": who})
    text = _("This page was open for too long, or cookies are blocked. Go back, load the page again and send it again.")
    return _page(request, 403, reason=text)


def _page(request: HttpRequest, status: int, reason: str = "", **context: Any) -> HttpResponse:
    request_id = getattr(request, "id", "")
    context |= {"request_id": request_id, "status": status, "reason": reason}
    body: str
    try:
        body = render_to_string(f"{status}.html", context, request=None if status == 500 else request)
    except Exception:  # an error page that fails must not hide the error
        logger.warning("The page for %s could not be shown.", status, exc_info=True)
        body = _bare(status, reason, request_id)
    return HttpResponse(body, status=status)


def _bare(status: int, reason: str, request_id: str) -> str:
    """In every language: whose language the reader speaks may be what could not be found out."""
    said = [reason] if reason else []
    for language, _name in settings.LANGUAGES if not reason else ():
        with translation.override(language):
            refusal = _("You may not open this") if status == 403 else ""
            said.append(
                refusal or _("Something went wrong. Please try again, and tell your administrator the number below.")
            )
    text = "".join(f"<p>{escape(line)}</p>" for line in said)
    return BARE_PAGE.format(title=status, text=text, id=escape(request_id))
