"""How much somebody who is signed in may ask for, so that no account, nor whoever stole it, drains the house.

Files are few and dear: they are counted in the database, for all processes. All else is counted in this process, which
costs no query; where several processes serve, each counts for itself, so that a person has as many times as much.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guanxi.accounts.limits import Limit, take
from guanxi.accounts.paces import Pace
from guanxi.parameters.registry import Setting
from guanxi.system.parameters import MOST_CHANGES, MOST_FILES, MOST_REQUESTS, MOST_SEARCHES
from guanxi.system.signing import TOO_OFTEN, said_wait

SAFE = {"GET", "HEAD", "OPTIONS"}
UPLOAD = "transfer:import-new"
SEARCH = "web:search"


@dataclass(frozen=True)
class Kind:
    """What is counted together, how much of it is too much, and how that is said."""

    name: str
    most: Setting[int]
    said: Any


@dataclass(frozen=True)
class Held:
    """Why a request is not looked at now, and after how many seconds it is."""

    said: str
    wait: int


REQUESTS = Kind("requests", MOST_REQUESTS, gettext_lazy("At most %(most)s requests in a minute."))
CHANGES = Kind("changes", MOST_CHANGES, gettext_lazy("At most %(most)s changes in a minute."))
SEARCHES = Kind("searches", MOST_SEARCHES, gettext_lazy("At most %(most)s searches and reports in a minute."))
FILES = Kind("files", MOST_FILES, gettext_lazy("At most %(most)s exports and imports in 15 minutes."))

_pace = Pace()


def hold_back(request: HttpRequest) -> Held | None:
    """Count a request of whoever is signed in; None lets it through."""
    if not settings.PACED:
        return None
    user: Any = request.user
    now = timezone.now()
    for kind in kinds_of(request):
        most = kind.most.read()
        wait = _files(user, most, now) if kind is FILES else _pace.take((user.pk, kind.name), most, at=now)
        if wait:
            told = {"first": kind.said % {"most": f"{most:,}"}, "second": said_wait(wait)}
            return Held(_("%(first)s %(second)s") % told, wait)
    return None


def kinds_of(request: HttpRequest) -> Iterator[Kind]:
    """As what a request counts, the cheapest count first."""
    yield REQUESTS
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page == SEARCH or page.startswith("reports:") or request.GET.get("q"):
        yield SEARCHES
    if request.method not in SAFE:
        yield CHANGES
        if page == UPLOAD or page.endswith("-export"):
            yield FILES


def _files(user: Any, most: int, now: datetime) -> int:
    return take([Limit(f"files:{user.pk}", most, paced=False)], at=now).wait


def held_page(request: HttpRequest, held: Held) -> HttpResponse:
    """The refusal as a page, without the shell: it asks the database nothing."""
    language = "en" if (get_language() or "").startswith("en") else "zh-Hans"
    told = {"lang": language, "status": TOO_OFTEN, "said": held.said, "request_id": getattr(request, "id", "")}
    answer = HttpResponse(render_to_string("429.html", told), status=TOO_OFTEN)
    answer["Retry-After"] = str(held.wait)
    return answer
