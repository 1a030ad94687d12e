"""Backup and restore of the whole database in one file, on both databases."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken
from guanxi.system import postgres

SUFFIXES = {"sqlite": "sqlite3", "postgresql": "dump"}
SQLITE_HEADER = b"SQLite format 3\x00"


def backup_path(at: datetime, name: str = "guanxi") -> Path:
    """Return a name in the data folder that tells when the backup was made."""
    suffix = SUFFIXES[connection.vendor]
    return Path(settings.DATA_DIR) / "backups" / f"{name}-{at:%Y%m%d-%H%M%S}.{suffix}"


def latest_backup() -> datetime | None:
    """When the newest file in the folder of backups was written."""
    files = (Path(settings.DATA_DIR) / "backups").glob(f"*.{SUFFIXES[connection.vendor]}")
    times = [file.stat().st_mtime for file in files]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def back_up(target: Path) -> None:
    """Save the database into the new file `target`, as it stands at one moment; others may go on writing.

    The file appears under its name only when it is whole and checked. Raises RuleBroken with the reason otherwise.
    """
    if target.exists():
        raise RuleBroken(_("%(path)s exists already; a backup never replaces a file.") % {"path": target})
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _save_whole(target)
    except OSError as error:
        text = _("%(path)s cannot be written: %(reason)s.")
        raise RuleBroken(text % {"path": target, "reason": error.strerror}) from error


def _save_whole(target: Path) -> None:
    draft = target.with_name(f"{target.name}.part")
    draft.touch(mode=0o600)
    try:
        SAVERS[connection.vendor](draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def restore(source: Path) -> None:
    """Replace everything in the database by what the backup `source` holds, at once or not at all.

    Raises RuleBroken when the file is no whole backup of this kind of database or comes from a newer version.
    """
    refuse_unfit(source)
    RESTORERS[connection.vendor](source)


def refuse_unfit(source: Path) -> None:
    """Raise RuleBroken unless `source` is a whole backup of this kind of database, of this version or an older one."""
    if not source.is_file():
        raise RuleBroken(_("There is no file %(path)s.") % {"path": source})
    CHECKERS[connection.vendor](source)


def _save_sqlite(draft: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(draft)) as copy:
        connection.connection.backup(copy)  # in one step: a snapshot, and writers need not wait
        copy.execute("PRAGMA journal_mode=DELETE")  # the file alone is whole, without a -wal beside it
        _check_whole(copy, draft)
    _flush(draft)


def _check_sqlite(source: Path) -> None:
    with source.open("rb") as file:
        if file.read(len(SQLITE_HEADER)) != SQLITE_HEADER:
            raise RuleBroken(_("%(path)s is not a backup of a SQLite database.") % {"path": source})
    with closing(_opened(source)) as copy:
        _check_whole(copy, source)
        _check_version(copy, source)


def _opened(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)


def _restore_sqlite(source: Path) -> None:
    with closing(_opened(source)) as copy:
        connection.ensure_connection()
        copy.backup(connection.connection)  # one transaction: killed in the middle, the old state stands
    connections.close_all()


def _check_whole(database: sqlite3.Connection, path: Path) -> None:
    try:
        answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise RuleBroken(_("%(path)s is damaged: %(reason)s") % {"path": path, "reason": answer})


def _check_version(database: sqlite3.Connection, path: Path) -> None:
    try:
        applied = set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError:
        raise RuleBroken(_("%(path)s is a database, but not one of Guanxi.") % {"path": path}) from None
    known = MigrationLoader(None, ignore_no_migrations=True)
    newer = [
        f"{app}.{name}"
        for app, name in applied
        if app in known.migrated_apps and (app, name) not in known.disk_migrations
    ]
    if newer:
        text = _("%(path)s comes from a newer version of Guanxi (it has %(name)s). Install that version first.")
        raise RuleBroken(text % {"path": path, "name": min(newer)})


def _flush(path: Path) -> None:
    """Make sure that the bytes are on the disk before the file gets its name."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _save_postgresql(draft: Path) -> None:
    postgres.dump(connection.settings_dict, draft)
    _flush(draft)


def _restore_postgresql(source: Path) -> None:
    connections.close_all()
    postgres.load(connection.settings_dict, source)


SAVERS: dict[str, Callable[[Path], None]] = {"sqlite": _save_sqlite, "postgresql": _save_postgresql}
CHECKERS: dict[str, Callable[[Path], None]] = {"sqlite": _check_sqlite, "postgresql": postgres.check_dump}
RESTORERS: dict[str, Callable[[Path], None]] = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}
