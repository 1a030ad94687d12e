"""The database backend `guanxi.kernel.sqlite`."""

import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from guanxi.kernel.sqlite.gate import Gate, gate_of


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits for its turn before it begins a transaction."""

    _gate: Gate | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; the data folder is made when it is not there yet."""
        if not self.is_in_memory_db():
            Path(self.settings_dict["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_gate()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in Django's stubs
        except BaseException:
            self._leave_gate()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in Django's stubs
        self._leave_gate()  # not after a failure: a rollback follows it

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in Django's stubs
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in Django's stubs
        finally:
            self._leave_gate()

    def _enter_gate(self) -> None:
        if self.is_in_memory_db():
            return
        gate = gate_of(Path(self.settings_dict["NAME"]))
        if not gate.acquire(self.settings_dict["OPTIONS"].get("timeout", 5)):
            with self.wrap_database_errors:
                raise sqlite3.OperationalError("database is locked")
        self._gate = gate

    def _leave_gate(self) -> None:
        gate, self._gate = self._gate, None
        if gate:
            gate.release()
