"""What must be true before Guanxi serves: tables, static files, permissions, somebody who may sign in."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken
from guanxi.system.backups import back_up, backup_path
from guanxi.system.statistics import refresh_statistics

Say = Callable[[str], None]
MIGRATION_LOCK = 7_204_311  # any number: PostgreSQL's name for "one of us migrates"


def check_database() -> None:
    """Refuse in one sentence when the database does not answer."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        text = _("The database does not answer: %(reason)s Check DATABASE_URL.")
        raise RuleBroken(text % {"reason": str(error).strip().splitlines()[0]}) from error


def prepare(*, at: datetime, say: Say) -> None:
    """Bring database and files to this version; a database with data is backed up before its tables change."""
    check_database()
    with _alone():
        if is_behind():
            _migrate(at, say)
        call_if_there("sync", verbosity=0)
    collect_static(say)


def is_behind() -> bool:
    """Tell whether migrations wait to be applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_new() -> bool:
    """Tell whether the database never had tables of ours."""
    return not MigrationRecorder(connection).applied_migrations()


def _migrate(at: datetime, say: Say) -> None:
    if is_new():
        say(_("Creating the database …"))
    else:
        target = backup_path(at)
        back_up(target)
        say(_("The database was backed up to %(path)s. Bringing it to this version …") % {"path": target})
    call_command("migrate", interactive=False, verbosity=0)
    refresh_statistics()  # of new indexes the planner knows nothing yet


@contextmanager
def _alone() -> Iterator[None]:
    """Let one machine migrate a PostgreSQL database at a time; on SQLite the server's lock sees to it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static(say: Say) -> None:
    """Collect static files under hashed names when one of them changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return
    say(_("Collecting static files …"))
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(fingerprint)


def _static_fingerprint() -> str:
    """Return a hash over name, size and time of every static file."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def has_users() -> bool:
    """Tell whether anybody could sign in."""
    return bool(get_user_model()._default_manager.exists())


def call_if_there(command: str, **options: object) -> bool:
    """Call a command of an app above this one, if that app is installed; tell whether it was."""
    if command not in get_commands():
        return False
    call_command(command, **options)
    return True
