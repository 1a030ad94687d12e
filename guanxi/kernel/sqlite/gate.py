"""A fair gate: one write transaction at a time, in the order of asking, within a process and between processes."""

import os
import sys
import threading
import time
import weakref
from collections import deque
from pathlib import Path

if sys.platform != "win32":  # there the gate is fair within the process only
    import fcntl

POLL_SECONDS = 0.001


class Queue:
    """A lock whose waiters are served first come, first served."""

    def __init__(self) -> None:
        """Begin open."""
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, deadline: float) -> bool:
        """Take the lock; False when `deadline` (monotonic seconds) came first."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        return turn.acquire(timeout=max(0.0, deadline - time.monotonic())) or not self._leave(turn)

    def release(self) -> None:
        """Hand the lock to whoever waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def _leave(self, turn: threading.Lock) -> bool:
        """Stop waiting; False when the turn came in the same moment."""
        with self._guard:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True


class FileLock:
    """A lock between processes on a file, which dies with its holder."""

    def __init__(self, path: Path) -> None:
        """Open the file, which stays empty; it is closed together with the lock."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)

    def acquire(self, deadline: float) -> bool:
        """Take the lock; False when `deadline` (monotonic seconds) came first."""
        while not self._try():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let the next process in."""
        fcntl.flock(self._file, fcntl.LOCK_UN)


class Gate:
    """The gate of one database file.

    Whoever waits for the door stands in the porch, and nobody reaches the door but through the porch:
    so a process that has just left the door cannot take it again before the one that waits.
    """

    def __init__(self, database: Path) -> None:
        """Make the gate of the database file `database`."""
        self._queue = Queue()
        names = ("porch", "door") if sys.platform != "win32" else ()
        self._porch_and_door = [FileLock(database.with_name(f"{database.name}.{name}")) for name in names]

    def acquire(self, seconds: float) -> bool:
        """Take the gate; False when `seconds` went by."""
        deadline = time.monotonic() + seconds
        if not self._queue.acquire(deadline):
            return False
        if self._pass_between_processes(deadline):
            return True
        self._queue.release()
        return False

    def _pass_between_processes(self, deadline: float) -> bool:
        if not self._porch_and_door:
            return True
        porch, door = self._porch_and_door
        if not porch.acquire(deadline):
            return False
        try:
            return door.acquire(deadline)
        finally:
            porch.release()

    def release(self) -> None:
        """Open the gate for the next transaction."""
        if self._porch_and_door:
            self._porch_and_door[1].release()
        self._queue.release()


_gates: dict[Path, Gate] = {}


def gate_of(database: Path) -> Gate:
    """Return this process's gate of the file `database`."""
    return _gates.get(database) or _gates.setdefault(database, Gate(database))


if sys.platform != "win32":
    # A file opened before a fork shares its locks with the parent: a child begins with gates of its own.
    os.register_at_fork(after_in_child=_gates.clear)
