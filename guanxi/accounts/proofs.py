"""Proving once more who one is, by password or code, before what a thief at an open session would do first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password

from guanxi.accounts.limits import give_back, take
from guanxi.accounts.models import SignIn
from guanxi.accounts.passwords import old_password_limit
from guanxi.accounts.second_factor import take_code
from guanxi.accounts.sessions import SessionStore

LASTS = timedelta(minutes=15)
"""How long a proof holds."""


@dataclass(frozen=True)
class Proof:
    """What somebody typed to prove who they are, where from, with which browser, and when."""

    typed: str
    address: str
    agent: str
    at: datetime


@dataclass(frozen=True)
class Judgement:
    """What came of it: `left` tries remain, or `wait` seconds have to pass."""

    holds: bool = False
    left: int = 0
    wait: int = 0


class ProofNeeded(Exception):
    """A page goes on only after a proof; `judgement` is that of the one which was given and does not hold."""

    def __init__(self, judgement: Judgement | None = None) -> None:
        super().__init__()
        self.judgement = judgement


def is_proved(session: SessionStore, *, at: datetime) -> bool:
    """Whether the last proof in this session is recent enough."""
    proved_at = session.proved_at()
    return proved_at is not None and at - proved_at <= LASTS


def prove(user: Any, session: SessionStore, proof: Proof) -> Judgement:
    """Look at a password or a code once, if the limits allow it, and keep in the session that it was right."""
    limits = [old_password_limit(user)]
    verdict = take(limits, at=proof.at)
    if not verdict.allowed:
        return Judgement(wait=verdict.wait)
    if not (check_password(proof.typed, user.password) or take_code(user, proof.typed, at=proof.at)):
        _log_failure(user, proof)
        return Judgement(left=verdict.left)
    give_back(limits)
    session.prove(proof.at)
    return Judgement(holds=True)


def _log_failure(user: Any, proof: Proof) -> None:
    SignIn.objects.create(
        username=user.username,
        user=user,
        at=proof.at,
        address=proof.address[:45],
        agent=proof.agent[:300],
        outcome=SignIn.Outcome.PROOF,
    )
