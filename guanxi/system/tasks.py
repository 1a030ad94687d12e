"""What the database needs from time to time."""

from django.db import connection

from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.system.statistics import refresh_statistics


@task("system.statistics", unique=True)
def statistics(run: Run) -> dict[str, int]:
    """Keep SQLite's knowledge of its tables fresh; PostgreSQL sees to it by itself. Payload: nothing."""
    if connection.vendor == "sqlite":
        refresh_statistics()
    return {}


plan("system.statistics", statistics, every_minutes=60)
