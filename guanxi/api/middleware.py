"""What refuses a program before the API is reached says so in JSON, too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.api.application import PREFIX
from guanxi.api.problems import MEDIA_TYPE, problem

GetResponse = Callable[[HttpRequest], HttpResponse]


class Problems:
    """Turns whatever page of an error comes out below the API into problem details."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in JSON, with the headers of the page."""
        response = self.get_response(request)
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 or kind == MEDIA_TYPE or not request.path.startswith(f"/{PREFIX}"):
            return response
        told = problem(response.status_code, _said(response.status_code), request=getattr(request, "id", ""))
        kept = {"Content-Type", "Content-Length"}
        for name, value in response.headers.items():
            if name not in kept:
                told.headers.setdefault(name, value)
        return told


def _said(status: int) -> str:
    if status == 413:
        return _("The body is too large.")
    if status < 500:
        return _("The request cannot be understood.")
    return _("Something went wrong. Please try again, and tell your administrator the number below.")
