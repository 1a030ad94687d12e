"""What the database knows about its tables: without it SQLite guesses, and walks whole tables for a page of rows."""

from django.db import connection

STATEMENTS = {
    # Only what grew much since the last time, each table by a sample.
    "sqlite": "PRAGMA optimize=0x10002",
    "postgresql": "ANALYZE",
}


def refresh_statistics() -> None:
    """Let the planner know the tables as they are now: after a load, and from time to time."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[connection.vendor])
