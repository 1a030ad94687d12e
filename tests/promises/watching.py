"""Two nets under every refusal: what each request writes, and a hash over every row before and after."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from guanxi.accounts.models import Session, SignIn, TryCount
from guanxi.api.models import Token
from guanxi.history.models import ChangeSet, Stamp

SKIPPED = {Session, SignIn, TryCount, Stamp}
"""What a request may leave although it is refused; and stamps, which follow other rows."""
READS = re.compile(r"\s*(SELECT|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK TO|PRAGMA|SHOW)\b", re.IGNORECASE)
WRITTEN = re.compile(r"\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)\"?", re.IGNORECASE)


def fingerprint() -> str:
    """A hash over every row of every table but the log of refusals and what sessions leave."""
    digest = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model in SKIPPED:
            continue
        rows = model._base_manager.order_by("pk")
        if model is ChangeSet:
            rows = rows.exclude(state=ChangeSet.State.REFUSED)
        digest.update(f"{model._meta.label}{list(rows.values_list())}".encode())
    return digest.hexdigest()


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if one row of any table is another afterwards."""
    before = fingerprint()
    yield
    assert fingerprint() == before, "a refused request changed something"


@dataclass
class Writes:
    """The statements of one request that may have changed a row and are not what a refusal leaves."""

    found: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not READS.match(sql) and not self._allowed(sql, params):
            self.found.append(f"{sql[:120]} {str(params)[:120]}")
        return execute(sql, params, many, context)

    def _allowed(self, sql: str, params: Any) -> bool:
        """Whether this is the log of a refusal, or that a session or token was used."""
        written = WRITTEN.match(sql)
        if written is None:
            return False
        verb, table = written[1].split()[0].upper(), written[2]
        if table == ChangeSet._meta.db_table:
            return verb == "INSERT" and ChangeSet.State.REFUSED.value in (params or ())
        if table == Token._meta.db_table:
            return verb == "UPDATE" and 'SET "last_used_at" =' in sql and sql.count(" = ") == 2
        return table == Session._meta.db_table and verb == "UPDATE"


@contextmanager
def writes() -> Iterator[Writes]:
    """Note what is written inside."""
    seen = Writes()
    with connection.execute_wrapper(seen):
        yield seen
