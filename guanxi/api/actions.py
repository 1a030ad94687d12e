"""What people do with access tokens; the only place that changes them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.api.models import Token
from guanxi.api.secrets import digest_of, shown_part
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy

LONGEST = timedelta(days=366)
"""No token lives longer: who still needs it makes a new one."""


def create_token(*, user: Any, name: str, scope: str, expires_at: datetime, secret: str, change: ChangeWriter) -> Token:
    """Let a program act for a person until a day within a year; the secret itself is not kept."""
    name = tidy(name)
    if not name:
        raise RuleBroken(_("Say what the token is for."), field="name")
    if not change.at < expires_at <= change.at + LONGEST:
        raise RuleBroken(_("A token ends in the future, after a year at the latest."), field="until")
    return change.create(
        Token,
        user=user,
        name=name,
        scope=scope,
        expires_at=expires_at,
        prefix=shown_part(secret),
        digest=digest_of(secret),
    )


def revoke_token(token: Token, *, change: ChangeWriter) -> None:
    """End a token at once and for ever."""
    if token.revoked_at is not None:
        raise RuleBroken(_("This token was revoked already."))
    change.update(token, revoked_at=change.at)
