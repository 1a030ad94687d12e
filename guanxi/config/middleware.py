"""What every answer carries, whoever made it."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guanxi.config.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class EveryAnswer:
    """Names each request, and gives the safe headers even to answers that Django's own middleware never sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `X-Request-ID`, which is also in the log; views read it as `request.id`."""
        name = secrets.token_hex(6)
        request.id = name  # type: ignore[attr-defined]
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


class NoStore:
    """Keeps pages with people's data out of every cache; a view that says otherwise is believed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `Cache-Control: no-store` unless the view chose."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
