"""Reports about very many rows, counted in the background."""

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.reports import answering


@task(answering.TASK, label=_("Count a report"), max_attempts=2)
def count(run: Run) -> dict[str, Any]:
    """Count one question; payload: `report`, `params`. Its figures are kept for the asker, not in the job."""
    asker = User.objects.filter(pk=run.owner_id, is_active=True).first()
    if asker is None:
        return {"seconds": 0}
    return {"seconds": answering.count(asker, run.payload["report"], run.payload["params"], run.at)}


@task("reports.forget", label=_("Forget old answers of reports"))
def forget(run: Run) -> int:
    """Erase the answers of past weeks."""
    return answering.forget(before=run.at)


plan("reports.forget", forget, daily_at=time(3, 40))
