"""What the database needs from time to time, and the undo of large acts."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.history.models import ChangeSet
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Cancelled, Run, Stopped
from guanxi.system.statistics import refresh_statistics
from guanxi.system.undoing import TASK, take_again, undo_in_batches


@task("system.statistics", label=_("Renew the statistics of the database"), unique=True)
def statistics(run: Run) -> dict[str, int]:
    """Keep SQLite's knowledge of its tables fresh; PostgreSQL sees to it by itself. Payload: nothing."""
    if connection.vendor == "sqlite":
        refresh_statistics()
    return {}


@task(TASK, label=_("Undo a large act"), max_attempts=3)
def undo(run: Run) -> dict[str, Any]:
    """Take an act back batch by batch, going on where an earlier attempt ended; payload: `undo`, the id of the undo."""
    undoing = ChangeSet.objects.select_related("undoes", "by").get(pk=run.payload["undo"])
    if undoing.state != ChangeSet.State.OPEN:
        return {}
    try:
        stopped = undo_in_batches(undoing, done=run.done, report=run.progress)
    except Cancelled:
        take_again(undoing, gettext("The job was cancelled."))
        raise
    except Stopped:
        raise
    except Exception:
        if run.last:
            take_again(undoing, gettext("Something went wrong on the server."))
        raise
    return {"stopped": stopped} if stopped else {"undone": undoing.undoes_id}


plan("system.statistics", statistics, every_minutes=60)
