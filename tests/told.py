"""The made-up company of the demo, told once for a file of browser tests and kept aside in memory."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from guanxi.demo.story import fill
from guanxi.kernel.days import company_day


@contextmanager
def told_company(share: float, then: Callable[[], None] = lambda: None) -> Iterator[sqlite3.Connection]:
    """The company with what `then` adds to it; the database is empty again afterwards."""
    kept = sqlite3.connect(":memory:")
    call_command("sync", verbosity=0)
    list(fill(today=company_day(timezone.now()), seed=7, share=share))
    then()
    connection.ensure_connection()
    connection.connection.backup(kept)
    call_command("flush", interactive=False, verbosity=0)
    yield kept
    kept.close()


def bring_back(kept: sqlite3.Connection) -> None:
    """Put the company into the database."""
    connection.ensure_connection()
    kept.backup(connection.connection)
