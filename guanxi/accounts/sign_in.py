"""Signing in: who may try, whether name and password fit, and the log of every attempt."""

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
class Answer:
    """What came of an attempt. Only `user`, `left`, `wait` and `stopped` may be shown: they do not tell who exists."""

    user: User | None = None
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
    with transaction.atomic():
        give_back(limits)
        SignIn.objects.filter(pk=entry.pk).update(outcome=Outcome.SUCCESS, user=user)
        User.objects.filter(pk=user.pk).derive(last_sign_in=attempt.at)
    return Answer(user=user)


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
        # A whole office may share one address: it stops those who try many names, and slows nobody.
        Limit(f"address:{network_of(attempt.address)}", TRIES_PER_ADDRESS.read(), paced=False),
        Limit(f"name:{typed}", most),
        # User name and e-mail are two names of one account. That they are must not show, so this one is quiet;
        # and names of nobody are counted alike, so that they take as long.
        Limit(f"user:{found.pk if found else typed}", most, quiet=True),
    ]


def _log(attempt: Attempt, found: User | None, verdict: Verdict) -> SignIn:
    """Keep the attempt before the password is looked at: even a crash leaves its trace."""
    if not verdict.allowed:
        outcome = Outcome.STOPPED if verdict.stopped else Outcome.SLOWED
    else:
        outcome = Outcome.DISABLED if found and not found.is_active else Outcome.WRONG
    return SignIn.objects.create(
        username=attempt.name[:150],
        user=found,
        at=attempt.at,
        address=attempt.address[:45],
        agent=attempt.agent[:300],
        outcome=outcome,
    )
