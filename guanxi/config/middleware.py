"""What every answer carries, whoever made it."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from guanxi.accounts.sessions import SessionStore
from guanxi.config.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class EveryAnswer:
    """Names each request, and gives the safe headers even to answers that Django's own middleware never sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `X-Request-ID`, which is also in the log; views read it as `request.id`."""
        name = secrets.token_hex(6)
        request.id = name  # type: ignore[attr-defined]  # views read it by this name
        request_id.set(name)  # and not reset: Django logs a bad answer after the last middleware
        response = self.get_response(request)
        response["X-Request-ID"] = name
        _add_safe_headers(response)
        return response


def _add_safe_headers(response: HttpResponse) -> None:
    """Add what is missing on a refused host name, which SecurityMiddleware refuses before it adds anything."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
    response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)


class Measured:
    """Refuses a body that is too large before anything reads it: large ones come only as uploads of people signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 where the body is longer than what this address takes."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > self._most(request, int(length)):
            return HttpResponse(status=413)
        return self.get_response(request)

    def _most(self, request: HttpRequest, length: int) -> int:
        if length <= settings.LARGEST_BODY or request.path not in settings.UPLOADS:
            return int(settings.LARGEST_BODY)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        return int(settings.LARGEST_UPLOAD if SessionStore(key).is_signed_in() else settings.LARGEST_BODY)


class NoNul:
    """Refuses the one character that no text of people has and that PostgreSQL cannot hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 where a parameter or a field holds it."""
        if any(_has_nul(values) for values in (request.GET, request.POST)):
            raise BadRequest
        return self.get_response(request)


def _has_nul(values: QueryDict) -> bool:
    return any("\0" in name or any("\0" in one for one in many) for name, many in values.lists())


class NoStore:
    """Keeps pages with people's data out of every cache; a view that says otherwise is believed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `Cache-Control: no-store` unless the view chose."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
