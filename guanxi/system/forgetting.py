"""Blanking a person's data in what jobs reported of a record."""

from collections.abc import Collection, Iterator
from typing import Any

from guanxi.history.redaction import forgets, without
from guanxi.jobs.models import Job
from guanxi.kernel.batches import batches
from guanxi.kernel.records import Record

LISTED = "listed"
"""Under which a job's outcome tells of single records."""


def forget_in_jobs(record: Record, values: Collection[str]) -> None:
    """Blank these values wherever an outcome lists the record."""
    for batch in batches(Job.objects.filter(result__has_key=LISTED).order_by("pk").iterator()):
        told = [(job, list(_of(job, record))) for job in batch]
        for line in (one for _job, lines in told for one in lines):
            line.update({name: without(text, values) for name, text in line.items() if isinstance(text, str)})
        Job.objects.bulk_update([job for job, lines in told if lines], ["result"])


def _of(job: Job, record: Record) -> Iterator[dict[str, Any]]:
    """What a job lists of the record."""
    wanted, outcome = (record.label(), record.pk), job.result or {}
    return (one for one in outcome[LISTED] if (one.get("model"), one.get("record_id")) == wanted)


forgets(forget_in_jobs)
