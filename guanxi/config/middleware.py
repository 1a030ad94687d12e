"""What every answer carries, whoever made it."""

import secrets
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware

from guanxi.config.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Names each request, for the log, for the error page and for whoever asks for help."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `X-Request-ID`; views read it as `request.id`."""
        name = secrets.token_hex(6)
        request.id = name  # type: ignore[attr-defined]
        token = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = name
        return response


class Security(SecurityMiddleware):
    """Django's, but a wrong host name is refused further in, so that the refusal has all headers as well."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Redirect to https where settings ask for it."""
        try:
            return super().process_request(request)
        except DisallowedHost:
            return None


class NoStore:
    """Keeps pages with people's data out of every cache; a view that says otherwise is believed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `Cache-Control: no-store` unless the view chose."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
