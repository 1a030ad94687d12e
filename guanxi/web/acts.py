"""One act of a request: its change set, its double-submit key, and the answer after it."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from guanxi.accounts.proofs import Proof, ProofNeeded, is_proved, prove
from guanxi.accounts.visitors import client_address, client_agent
from guanxi.history.models import ChangeSet, Way
from guanxi.history.refusals import log_refusal
from guanxi.history.writer import ChangeWriter, changing
from guanxi.web.models import SubmitKey


class AlreadyDone(Exception):
    """The same form was sent before; `url` is where it led."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


_undo_of: list[Callable[[HttpRequest, ChangeSet], str]] = []


def name_undo(address: Callable[[HttpRequest, ChangeSet], str]) -> None:
    """Say at which address an act is undone by whoever asks, if anywhere."""
    _undo_of[:] = [address]


def undo_url(request: HttpRequest, act: ChangeSet | None = None) -> str:
    """The address at which whoever asks undoes an act, the one of this request unless given; or nothing."""
    act = act or vars(request).get("acted")
    return _undo_of[0](request, act) if act is not None and _undo_of else ""


def run_act(request: HttpRequest, verb: str, do: Callable[[ChangeWriter], str], *, reason: str = "") -> str:
    """Carry out one act of a page; returns the address to go to after it, the same one when it was sent before."""
    try:
        return carry_out(request, verb, do, key=request.POST.get("submit_key", "")[:64], reason=reason)
    except AlreadyDone as done:
        return done.url


def carry_out(
    request: HttpRequest,
    verb: str,
    do: Callable[[ChangeWriter], str],
    *,
    key: str,
    way: Way = Way.PAGE,
    reason: str = "",
    token: str = "",
) -> str:
    """Carry out one act in one transaction; returns the address that it led to. `token` names that of a program.

    What is sent twice acts once: its key is written in the act's own transaction. Raises AlreadyDone then.
    """
    who: dict[str, Any] = {"by": request.user, "way": way, "address": client_address(request), "token": token}
    with changing(verb, at=timezone.now(), reason=reason, **who) as change:
        claim = _claim(key, change)
        url = do(change)
        vars(request)["acted"] = change.change_set if change.wrote and change.change_set.undoes_id is None else None
        if claim:
            SubmitKey.objects.filter(pk=claim.pk).update(url=url[:500])
    return url


def _claim(key: str, change: ChangeWriter) -> SubmitKey | None:
    if not key:
        return None
    try:
        with transaction.atomic():
            return SubmitKey.objects.create(key=key, user=change.by, at=change.at)
    except IntegrityError:
        earlier = SubmitKey.objects.filter(key=key, user=change.by).first()
        raise AlreadyDone(earlier.url if earlier else "/") from None


def moved(request: HttpRequest, url: str, toast: str = "", *, undo: str = "") -> HttpResponse:
    """Go to an address after an act, by htmx or without it; the toast may offer an address that undoes it."""
    if toast:
        messages.success(request, toast, extra_tags=undo)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (a history restore asks for all of it)."""
    return request.headers.get("HX-Request") == "true"


def require(request: HttpRequest, permission: str, *, way: Way = Way.PAGE, token: str = "") -> None:
    """Refuse, and keep it in the log, unless the permission is held."""
    user: Any = request.user
    if not user.has_perm(permission):
        keep_out(request, permission, way=way, token=token)


def keep_out(request: HttpRequest, permission: str, *, way: Way = Way.PAGE, token: str = "") -> NoReturn:
    """Refuse an act for lack of a right, and keep it in the log."""
    user: Any = request.user
    log_refusal(
        permission,
        by=user if user.is_authenticated else None,
        at=timezone.now(),
        way=way,
        address=client_address(request),
        reason=f"{request.method} {request.path}",
        token=token,
    )
    raise PermissionDenied(permission)


def require_proof(request: HttpRequest) -> None:
    """Go on only if the person proved in the last 15 minutes who they are; else raise ProofNeeded, which asks them.

    Call it before anything is written, and not inside an act: a form that was sent comes again, with the proof.
    """
    session: Any = request.session
    now, typed = timezone.now(), request.POST.get("proof", "")
    if is_proved(session, at=now):
        return
    if not typed:
        raise ProofNeeded
    judgement = prove(request.user, session, Proof(typed, client_address(request), client_agent(request), now))
    if not judgement.holds:
        raise ProofNeeded(judgement)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where the person came from, if that lies within this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if allowed else fallback
