"""The card of whoever looks after the system: what failed, who is signed in, when the last backup was made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.accounts.models import Session, SignIn
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import UNFINISHED, Job, State
from guanxi.kernel.days import company_day, start_of
from guanxi.system.backups import latest_backup
from guanxi.system.home_cards import HomeCard, count_of, home_card, list_url
from guanxi.web.formats import ago

JOBS, SIGN_INS, SESSIONS, LOG = (
    "jobs.view_job",
    "accounts.view_signin",
    "accounts.view_session",
    "history.view_changeset",
)
WEEK = timedelta(days=7)
LET_IN = {SignIn.Outcome.SUCCESS, SignIn.Outcome.RECOVERY, SignIn.Outcome.PENDING}
"""Nothing failed: the last one is the first of two steps."""
FAILED = [outcome.value for outcome in SignIn.Outcome if outcome not in LET_IN]


@dataclass(frozen=True)
class Sign:
    """One sign of health: a count or a time, where it leads, and whether somebody should look."""

    label: Any
    value: str
    url: str = ""
    bad: bool = False


def _signs(user: Any, now: datetime) -> Iterator[Sign]:
    """As far as the user may look into each."""
    today = company_day(now)
    since = {"at.from": today.isoformat()}
    if user.has_perm(JOBS):
        week = company_day(now - WEEK)
        failed = count_of(Job.objects.filter(state=State.FAILED, created_at__gte=start_of(week)))
        params = {"view": "failed", "created_at.from": week.isoformat()}
        yield Sign(
            _("Jobs that failed within 7 days"), failed or "0", list_url("system:job-list", params), bool(failed)
        )
        waiting = count_of(Job.objects.filter(state__in=UNFINISHED))
        yield Sign(_("Unfinished jobs"), waiting or "0", list_url("system:job-list", {"view": "unfinished"}))
        made = latest_backup()
        yield Sign(_("Last backup"), ago(made, now) if made else _("none yet"), "", made is None or now - made > WEEK)
    if user.has_perm(SESSIONS):
        live = count_of(Session.objects.visible_to(user).live(now))
        yield Sign(_("Signed in now"), live or "0", list_url("system:session-list"))
    if user.has_perm(SIGN_INS):
        wrong = count_of(SignIn.objects.visible_to(user).filter(at__gte=start_of(today), outcome__in=FAILED))
        url = list_url("system:signin-list", {"outcome": FAILED, **since})
        yield Sign(_("Failed sign-ins today"), wrong or "0", url)
    if user.has_perm(LOG):
        refused = ChangeSet.objects.visible_to(user).filter(state=ChangeSet.State.REFUSED, at__gte=start_of(today))
        url = list_url("system:changeset-list", {"state": "refused", **since})
        yield Sign(_("Refused for lack of a right today"), count_of(refused) or "0", url)


def _health(request: HttpRequest) -> Mapping[str, Any]:
    return {"signs": list(_signs(request.user, timezone.now()))}


home_card(
    HomeCard(
        "system",
        gettext_lazy("System health"),
        "system/card_health.html",
        _health,
        (JOBS, SIGN_INS, SESSIONS, LOG),
        place=8,
        rows=2,
        wide=True,
    )
)
