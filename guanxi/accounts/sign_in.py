"""Signing in: who may try, whether name, password and code fit, and the log of every attempt."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.db import transaction

from guanxi.accounts.devices import Device
from guanxi.accounts.limits import Limit, Verdict, give_back, take
from guanxi.accounts.models import SignIn, User
from guanxi.accounts.parameters import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS
from guanxi.accounts.second_factor import take_code, take_recovery_code
from guanxi.accounts.visitors import network_of

Outcome = SignIn.Outcome


@dataclass(frozen=True)
class Attempt:
    """What somebody typed, where from, with which browser, and when."""

    name: str
    password: str
    address: str
    agent: str
    device: Device
    at: datetime


@dataclass(frozen=True)
class CodeAttempt:
    """The code that somebody typed whose password was right, where from, with which browser, and when."""

    user: User
    code: str
    address: str
    agent: str
    device: Device
    at: datetime


@dataclass(frozen=True)
class Answer:
    """What came of an attempt. Only `user`, `left`, `wait` and `stopped` may be shown: they do not tell who exists.

    A `user` whose `code_due` is not in yet.
    """

    user: User | None = None
    code_due: bool = False
    by_recovery: bool = False
    left: int = 0
    wait: int = 0
    stopped: bool = False


def sign_in(attempt: Attempt) -> Answer:
    """Check name and password once, if the limits allow it; wrong name, wrong password and disabled answer alike."""
    found: User | None = User.objects.named(attempt.name).first()
    limits = _limits(attempt, found)
    with transaction.atomic():
        verdict = take(limits, at=attempt.at)
        entry = _log(attempt, found, verdict)
    if not verdict.allowed:
        return Answer(wait=verdict.wait, stopped=verdict.stopped)
    user = _check(attempt, in_vain=verdict.in_vain)
    if user is None:
        return Answer(left=verdict.left)
    code_due = user.second_factor_since is not None
    with transaction.atomic():
        give_back(limits)
        outcome = Outcome.PENDING if code_due else Outcome.SUCCESS
        SignIn.objects.filter(pk=entry.pk).update(outcome=outcome, user=user)
        if not code_due:
            User.objects.filter(pk=user.pk).derive(last_sign_in=attempt.at)
    return Answer(user=user, code_due=code_due)


def enter_code(attempt: CodeAttempt) -> Answer:
    """Check the second step once, if the limits allow it: a code of now, or a recovery code, each good once."""
    user = attempt.user
    limits = _code_limits(attempt)
    with transaction.atomic():
        verdict = take(limits, at=attempt.at)
        entry = _write(attempt, user.username, user, _held_off(verdict) or Outcome.CODE)
    if not verdict.allowed:
        return Answer(wait=verdict.wait, stopped=verdict.stopped)
    by_code = take_code(user, attempt.code, at=attempt.at)
    if not by_code and not take_recovery_code(user, attempt.code, at=attempt.at):
        return Answer(left=verdict.left)
    with transaction.atomic():
        give_back(limits)
        outcome = Outcome.SUCCESS if by_code else Outcome.RECOVERY
        SignIn.objects.filter(pk=entry.pk).update(outcome=outcome)
        User.objects.filter(pk=user.pk).derive(last_sign_in=attempt.at)
    return Answer(user=user, by_recovery=not by_code)


def _check(attempt: Attempt, *, in_vain: bool) -> User | None:
    if in_vain:
        make_password(attempt.password)
        return None
    found = authenticate(username=attempt.name, password=attempt.password)
    return found if isinstance(found, User) else None


def _limits(attempt: Attempt, found: User | None) -> list[Limit]:
    """What this attempt counts against: on a known device only the device itself."""
    most = TRIES_PER_ACCOUNT.read()
    if found is not None and attempt.device.knows(found.pk):
        return [Limit(f"device:{attempt.device.name}:{found.pk}", most)]
    typed = hashlib.sha256(attempt.name.casefold().encode()).hexdigest()
    return [
        _address_limit(attempt.address),
        Limit(f"name:{typed}", most),
        # User name and e-mail are two names of one account. That they are must not show, so this one is quiet;
        # and names of nobody are counted alike, so that they take as long.
        Limit(f"user:{found.pk if found else typed}", most, quiet=True),
    ]


def _code_limits(attempt: CodeAttempt) -> list[Limit]:
    """As for passwords: a stranger who learnt the password and guesses codes does not stop the owner's own browser."""
    most, pk = TRIES_PER_ACCOUNT.read(), attempt.user.pk
    if attempt.device.knows(pk):
        return [Limit(f"code:{attempt.device.name}:{pk}", most)]
    return [_address_limit(attempt.address), Limit(f"code:{pk}", most)]


def _address_limit(address: str) -> Limit:
    """Stops those who try many names; it slows nobody, for a whole office may share one address."""
    return Limit(f"address:{network_of(address)}", TRIES_PER_ADDRESS.read(), paced=False)


def _log(attempt: Attempt, found: User | None, verdict: Verdict) -> SignIn:
    """Keep the attempt before the password is looked at: even a crash leaves its trace."""
    outcome = Outcome.DISABLED if found and not found.is_active else Outcome.WRONG
    return _write(attempt, attempt.name, found, _held_off(verdict) or outcome)


def _held_off(verdict: Verdict) -> str:
    """How the limits refused an attempt; empty if they let it through."""
    if verdict.allowed:
        return ""
    return Outcome.STOPPED if verdict.stopped else Outcome.SLOWED


def _write(attempt: Attempt | CodeAttempt, name: str, found: User | None, outcome: str) -> SignIn:
    return SignIn.objects.create(
        username=name[:150],
        user=found,
        at=attempt.at,
        address=attempt.address[:45],
        agent=attempt.agent[:300],
        outcome=outcome,
    )
