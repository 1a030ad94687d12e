"""The nightly loss scan, and the one that somebody asks for."""

import time
from datetime import datetime
from datetime import time as hour
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.history.models import Way
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.retention.actions import scan_losses
from guanxi.retention.actions.scan import Progress
from guanxi.retention.models import LossScan
from guanxi.retention.queries import loss_rule


@task("retention.scan", label=_("Scan for lost customers"), unique=False, max_attempts=3)
def scan(run: Run) -> dict[str, Any]:
    """Scan all customers; payload: `dry_run`. Its report is kept as a LossScan."""
    by = User.objects.filter(pk=run.owner_id).first() if run.owner_id else None
    dry_run = bool(run.payload.get("dry_run"))
    report = reported_scan(at=run.at, by=by, dry_run=dry_run, progress=run.progress)
    return {"opened": report.opened, "skipped": report.skipped, "seconds": report.seconds, "dry_run": dry_run}


def reported_scan(
    *, at: datetime, way: Way = Way.JOB, by: Any = None, dry_run: bool = False, progress: Progress | None = None
) -> LossScan:
    """Scan by the rule that holds, and keep the report with how long it took."""
    began = time.monotonic()
    report = scan_losses(loss_rule(), at=at, way=way, by=by, dry_run=dry_run, progress=progress)
    report.seconds = round(time.monotonic() - began, 2)
    report.save()
    return report


plan("retention.scan", scan, daily_at=hour(2, 30))
