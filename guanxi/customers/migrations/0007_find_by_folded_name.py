"""Customers are found by their name without its blanks as well: those of before are indexed anew by a job."""

from typing import Any

from django.db import migrations

TASK = "search.rebuild"


def index_anew(apps: Any, schema_editor: Any) -> None:
    """Ask for the index to be built anew where there are customers, unless that is asked for already."""
    jobs = apps.get_model("jobs", "Job").objects
    waits = jobs.filter(task=TASK, state="queued").exists()
    if not waits and apps.get_model("customers", "Customer").objects.exists():
        jobs.create(task=TASK)


class Migration(migrations.Migration):
    # After the one of tickets, which asks for the same without a look at what waits: one job for both.
    dependencies = [
        ("customers", "0006_composition_index"),
        ("jobs", "0001_initial"),
        ("service", "0003_find_by_customer"),
    ]
    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop)]
