"""Acts that were not done: somebody was refused."""

from datetime import datetime
from typing import Any

from guanxi.history.models import ChangeSet


def log_refusal(verb: str, *, by: Any, at: datetime, way: str, address: str, reason: str, token: str = "") -> None:
    """Keep that somebody was refused for lack of permission."""
    ChangeSet.objects.create(
        verb=verb,
        by=by,
        at=at,
        way=way,
        address=address,
        reason=reason[:500],
        token=token,
        state=ChangeSet.State.REFUSED,
    )
