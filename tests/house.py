"""A real server in processes of its own, on a free port and a throwaway database."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
from django.conf import settings

PATIENCE = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    status: int
    headers: Message
    text: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


@dataclass
class House:
    """A data folder with its database, and the commands that are run on it."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
        kept.pop("DATABASE_URL", None)
        own = {"GUANXI_DATA": str(self.folder), "PORT": str(self.port), "GUANXI_LANGUAGE": "en"}
        if self.database_url:
            own["DATABASE_URL"] = self.database_url
        return {**kept, **own, **self.variables}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guanxi", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *words: str) -> "Server":
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        with log:
            process = psutil.Popen(
                [sys.executable, "-m", "guanxi", "run", *words], env=self.environment, stdout=log, stderr=log
            )
        return Server(self, process, Path(log.name))


@dataclass
class Server:
    """A running `guanxi run`."""

    house: House
    process: Any
    log: Path

    def ask(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.house.port}{path}", headers=headers)
        try:
            with _opener.open(request, timeout=10) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def wait(self) -> "Server":
        """Return when it answers."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.ask("/healthz")
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"no answer:\n{self.log.read_text()}")

    def tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def end(self) -> None:
        tree = self.tree() if self.process.is_running() else []
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _gone, alive = psutil.wait_procs(tree, timeout=20)
        for process in alive:
            process.kill()
        self.process.wait(5)


@contextmanager
def database(name: str, template: str = "template1") -> Iterator[str]:
    """Give the address of a new database on the PostgreSQL under test; nothing on SQLite, where a file will do."""
    own = settings.DATABASES["default"]
    if "postgresql" not in own["ENGINE"]:
        yield ""
        return
    user = quote(own["USER"]) + (f":{quote(own['PASSWORD'])}" if own["PASSWORD"] else "")
    server = f"postgresql://{user}@{quote(own['HOST'], safe='')}:{own['PORT'] or 5432}"
    full_name = f"guanxi_{name}_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{full_name}" TEMPLATE "{template}"')
        try:
            yield f"{server}/{full_name}"
        finally:
            connection.execute(f'DROP DATABASE "{full_name}" WITH (FORCE)')


class Writer:
    """Writes rows past Guanxi, as another process would."""

    def __init__(self, house: House) -> None:
        self.sqlite = not house.database_url
        self.connection: Any = (
            sqlite3.connect(house.folder / "guanxi.sqlite3", timeout=20, check_same_thread=False)
            if self.sqlite
            else psycopg.connect(house.database_url, autocommit=True)
        )

    def write(self, key: str) -> None:
        mark = "?" if self.sqlite else "%s"
        self.connection.execute(f"INSERT INTO parameters_counter (prefix, last) VALUES ({mark}, 0)", (key,))
        if self.sqlite:
            self.connection.commit()

    def keys(self) -> list[str]:
        rows = self.connection.execute("SELECT prefix FROM parameters_counter ORDER BY 1").fetchall()
        return [row[0] for row in rows]

    def close(self) -> None:
        self.connection.close()
