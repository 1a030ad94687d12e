"""Processes that live and die with the one that started them."""

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1
M_ARENA_MAX = -8
POLL_SECONDS = 1.0
STOP_SECONDS = 10.0
RESTART_SECONDS = 2.0


def die_with_parent() -> None:
    """End this process when its parent is gone, even by kill -9: else it would keep the port and the database."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went in between
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_poll_parent, args=(parent,), name="parent-watch", daemon=True).start()


def share_one_heap() -> None:
    """Have all threads, and processes that are forked from here, keep to one heap.

    glibc gives each thread another one, which takes a fifth more memory and saves nothing under Python's lock.
    """
    if sys.platform == "linux":
        tune = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries than glibc have none
        if tune is not None:
            tune(M_ARENA_MAX, 1)


def _poll_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


class KeptProcess:
    """A child process that is started again when it ends by itself."""

    def __init__(self, name: str, target: Callable[..., None], *args: Any) -> None:
        """Describe the child; `target` must be importable by name."""
        self._name, self._target, self._arguments = name, target, args
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=f"{name}-keeper", daemon=True)

    def start(self) -> None:
        """Start the child, then the thread that keeps it: forking before threads is the safe order."""
        self._child = self._new_child()
        self._child.start()
        self._keeper.start()

    def stop(self) -> None:
        """Ask the child to end, wait for it, and end it by force if it does not."""
        self._stopping.set()
        self._child.terminate()
        self._keeper.join(STOP_SECONDS)
        if self._keeper.is_alive():
            self._child.kill()
            self._keeper.join(STOP_SECONDS)

    def _new_child(self) -> multiprocessing.Process:
        return multiprocessing.Process(name=self._name, target=self._target, args=self._arguments)

    def _keep(self) -> None:
        self._child.join()
        while not self._stopping.wait(RESTART_SECONDS):
            logger.error("%s ended by itself (%s); it starts again.", self._child.name, self._child.exitcode)
            self._child = self._new_child()
            self._child.start()
            if self._stopping.is_set():
                self._child.terminate()
            self._child.join()
