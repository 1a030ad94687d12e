"""How fast one person may ask, counted in this process alone: it costs no query, and one number for each person."""

from collections.abc import Hashable
from datetime import datetime
from math import ceil
from threading import Lock

SECOND = 1_000_000
MINUTE = 60 * SECOND


class Pace:
    """So many in a minute, all at once or spread; each is earned back as its share of the minute goes by."""

    def __init__(self) -> None:
        self._paid: dict[Hashable, int] = {}
        """When all that was used will have been earned back, in microseconds."""
        self._lock = Lock()

    def take(self, key: Hashable, most: int, *, at: datetime) -> int:
        """Use up one; returns 0, or after how many seconds there is one again: what is refused costs nothing."""
        now = int(at.timestamp() * SECOND)
        with self._lock:
            # No further than a minute ahead, else a clock that is set back would hold everybody off.
            paid = min(max(self._paid.get(key, now), now), now + MINUTE)
            over = paid + MINUTE // most - now - MINUTE
            self._paid[key] = paid if over > 0 else paid + MINUTE // most
        return max(ceil(over / SECOND), 0)
