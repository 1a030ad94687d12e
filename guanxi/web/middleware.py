"""What surrounds every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guanxi.history.stamps import stamps_remembered

Answer = Callable[[HttpRequest], HttpResponse]


def remember_stamps(get_response: Answer) -> Answer:
    """Ask once a request what caches may still be trusted."""

    def answer(request: HttpRequest) -> HttpResponse:
        with stamps_remembered():
            return get_response(request)

    return answer
