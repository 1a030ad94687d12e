"""The lock of a SQLite database: one server at a time, and none while the database is replaced."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken

if sys.platform != "win32":  # there the port alone keeps a second server away
    import fcntl


@contextmanager
def database_held() -> Iterator[None]:
    """Hold the SQLite database file for this process and its children; PostgreSQL needs no holding.

    Raises RuleBroken when a server (or a restore, or an upgrade) holds it already.
    """
    if connection.vendor != "sqlite" or sys.platform == "win32" or connection.settings_dict["NAME"] == ":memory:":
        yield
        return
    database = Path(connection.settings_dict["NAME"])
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.with_name(f"{database.name}.server").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = _("Guanxi is already running on the database %(path)s. Stop it first.")
            raise RuleBroken(text % {"path": database}) from None
        yield
