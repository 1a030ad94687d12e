"""Wakes the workers of this process when a job was committed, so that they need not poll often."""

import threading

_changed = threading.Condition()
_rings = 0


def ring() -> None:
    """Wake every worker thread that listens."""
    global _rings  # noqa: PLW0603 - one bell per process
    with _changed:
        _rings += 1
        _changed.notify_all()


def heard() -> int:
    """How often the bell has rung: what `listen` compares with."""
    return _rings


def listen(since: int, seconds: float) -> None:
    """Wait until the bell has rung more often than `since`, at most so many seconds."""
    with _changed:
        _changed.wait_for(lambda: _rings != since, timeout=seconds)
