"""What the database needs from time to time."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.system.statistics import refresh_statistics


@task("system.statistics", label=_("Renew the statistics of the database"), unique=True)
def statistics(run: Run) -> dict[str, int]:
    """Keep SQLite's knowledge of its tables fresh; PostgreSQL sees to it by itself. Payload: nothing."""
    if connection.vendor == "sqlite":
        refresh_statistics()
    return {}


plan("system.statistics", statistics, every_minutes=60)
