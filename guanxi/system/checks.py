"""What is looked at before Guanxi serves: SQLite and PostgreSQL versions, disk, clock, who reads the data folder."""

import shutil
import sqlite3
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004, Django's name
from django.db import OperationalError, connection
from django.utils.translation import gettext as _

TAG = "guanxi"
POSTGRESQL_AT_LEAST = 150_000
FREE_BYTES = 500 * 1024 * 1024
DAY_SECONDS = 24 * 3600


def is_fixed(version: tuple[int, int, int]) -> bool:
    """Tell whether a SQLite version is free of the WAL-reset bug, which can corrupt a database."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0)


@register(TAG, Tags.database)
def sqlite_version(app_configs: Any, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a SQLite library that can lose data."""
    if not databases or connection.vendor != "sqlite" or is_fixed(sqlite3.sqlite_version_info):
        return []
    text = _("SQLite %(version)s has a fault that can damage the database; it is mended in 3.50.7 and 3.51.3.")
    hint = _("Install the package pysqlite3 where there is one for this machine, or use PostgreSQL.")
    return [Warning(text % {"version": sqlite3.sqlite_version}, hint=hint, id="guanxi.W001")]


@register(TAG, Tags.database)
def postgresql_version(app_configs: Any, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a PostgreSQL that is too old, and say it when none answers."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        connection.ensure_connection()
    except OperationalError as error:
        text = _("The database does not answer: %(reason)s Check DATABASE_URL.")
        return [Error(text % {"reason": str(error).strip().splitlines()[0]}, id="guanxi.E001")]
    version = connection.connection.info.server_version
    if version >= POSTGRESQL_AT_LEAST:
        return []
    return [Error(_("PostgreSQL must be 15 or newer, this is %(version)s.") % {"version": version}, id="guanxi.E002")]


@register(TAG)
def disk_space(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn before the disk is full."""
    folder = _existing(Path(settings.DATA_DIR))
    free = shutil.disk_usage(folder).free
    if free >= FREE_BYTES:
        return []
    text = _("Only %(free)s MB are free on the disk of the data folder %(path)s.")
    return [Warning(text % {"free": free // 1024 // 1024, "path": folder}, id="guanxi.W002")]


@register(TAG)
def clock(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a clock that was set back: the database was written in its future."""
    database = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not database.exists():
        return []
    if database.stat().st_mtime < time.time() + DAY_SECONDS:
        return []
    text = _("The clock of this machine is behind: the database was last written in its future.")
    return [Warning(text, id="guanxi.W003")]


@register(TAG)
def data_folder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a key that others on the machine can read."""
    key = Path(settings.DATA_DIR) / "secret_key"
    if not key.exists() or not key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    text = _("Others on this machine can read %(path)s; run: chmod 600 %(path)s")
    return [Warning(text % {"path": key}, id="guanxi.W004")]


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
