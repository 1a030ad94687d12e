"""What every test gets: no network but loopback, and the tests that fit the database under test."""

import gc
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation

from guanxi.search import index
from tests.full import FULL, POSTGRESQL

pytest_plugins = ["tests.chromium"]
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def is_loopback(host: object) -> bool:
    """Say whether a host name or address stays on this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    return name is None or name == "" or (isinstance(name, str) and name.startswith(LOOPBACK))


def _refuse(host: object) -> None:
    if not is_loopback(host):
        raise RuntimeError(f"A test may reach loopback only, not {host!r}.")


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse(address[0])
        return method(self, address, *rest)

    return connect


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Refuse every connection and every name look-up that leaves this machine."""
    look_up = socket.getaddrinfo

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", local_look_up)
        yield


@pytest.fixture(autouse=True)
def language_and_zone_of_the_company() -> Iterator[None]:
    """Start every test in the default language and zone: a request leaves its user's on the thread it ran on."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Give the test database the search's own structures, which only a migration makes otherwise."""
    with django_db_blocker.unblock():
        index.ensure()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database; browser tests run on SQLite only, and so do those marked `once` but in a full run.

    What is left keeps its order, but that files with a test marked `long` come first.
    """
    left_out = {"browser", "sqlite", *(() if FULL else ("once",))} if POSTGRESQL else {"postgresql"}
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    gone = [item for item in items if left_out & {mark.name for mark in item.iter_markers()}]
    if gone:
        config.hook.pytest_deselected(items=gone)
        left = set(items) - set(gone)
        items[:] = [item for item in items if item in left]
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays: a fifth of the suite's processor time went into collections that walked it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_report_header() -> str:
    """Say at the top which database is under test."""
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"database: {engine} {worker}".rstrip()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """End with the figures of the access matrix, where it was walked."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    told = Counter[str]()
    for report in reports:
        told.update({name: value for name, value in report.user_properties if name in {"cells", "leaks", "changed"}})
        for name, value in report.user_properties:
            if name in {"answers", "crawl"}:
                terminalreporter.write_line(str(value))
    if told["cells"]:
        engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
        walked = [report for report in reports if dict(report.user_properties).get("cells")]
        seconds = round(max(report.stop for report in walked) - min(report.start for report in walked))
        terminalreporter.write_line(
            f"{told['cells']:,} cells, {told['leaks']} leaks, {told['changed']} rows changed ({engine}, {seconds} s)"
        )
