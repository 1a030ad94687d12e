"""Servers on a free port, with the processor time and the memory of all their processes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.client import Browser
from bench.databases import ROOT, Company

PATIENCE = 60
THREADS = 4


@dataclass
class Server:
    """A running server."""

    port: int
    process: Any
    seconds_to_start: float
    browsers: list[Browser] = field(default_factory=list)

    def tree(self) -> list[psutil.Process]:
        """All its processes."""
        return [self.process, *self.process.children(recursive=True)]

    def processor_ms(self) -> float:
        """Processor time of all its processes so far."""
        return sum(sum(one.cpu_times()[:2]) for one in self.tree()) * 1000

    def memory_mib(self) -> float:
        """Memory of all its processes; pages that they share count once."""
        return sum(_memory(one) for one in self.tree()) / 2**20

    def browser(self, **cookies: str) -> Browser:
        """A connection to it."""
        self.browsers.append(Browser(self.port, cookies))
        return self.browsers[-1]

    def leave(self) -> None:
        """Close all connections to it."""
        for browser in self.browsers:
            browser.close()


@contextmanager
def guanxi(company: Company, *options: str) -> Iterator[Server]:
    """`guanxi run` on a company."""
    port = free_port()
    with _started(
        [sys.executable, "-m", "guanxi", "run", "--port", str(port), *options], company.environment
    ) as process:
        yield from _served(port, process, "/healthz")


@contextmanager
def floor(company: Company, template: Path) -> Iterator[Server]:
    """The same page without framework and sign-in, under the same server with as many workers."""
    port = free_port()
    environment = {**company.environment, "FLOOR_TEMPLATE": str(template)}
    words = ["--interface", "wsgi", "--port", str(port), "--workers", str(workers(company.kind)), "--no-ws"]
    words += ["--blocking-threads", str(THREADS), "--log-level", "warning", "bench.floor:application"]
    with _started([sys.executable, "-m", "granian", *words], environment) as process:
        yield from _served(port, process, "/")


def workers(kind: str) -> int:
    """As many as `guanxi run` starts."""
    return 1 if kind == "sqlite" else os.cpu_count() or 1


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _started(words: list[str], environment: dict[str, str]) -> Iterator[Any]:
    process = psutil.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        tree = [process, *process.children(recursive=True)] if process.is_running() else [process]
        process.terminate()
        _gone, alive = psutil.wait_procs(tree, timeout=20)
        for one in alive:
            one.kill()


def _served(port: int, process: Any, path: str) -> Iterator[Server]:
    """The server once it answers; its connections are closed at the end."""
    server = Server(port, process, _seconds_to_answer(port, process, path))
    try:
        yield server
    finally:
        server.leave()


def _seconds_to_answer(port: int, process: Any, path: str) -> float:
    """How long after its start the first answer came."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        browser = Browser(port)
        try:
            browser.get(path)
        except OSError:
            time.sleep(0.02)
        else:
            return time.time() - float(process.create_time())
        finally:
            browser.close()
    raise SystemExit(f"No answer from {' '.join(process.args)}")


def _memory(process: psutil.Process) -> int:
    full = process.memory_full_info()
    return int(getattr(full, "pss", 0) or full.rss)
