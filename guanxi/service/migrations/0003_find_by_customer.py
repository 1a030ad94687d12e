"""Tickets are found by their customer's name as well: those that are there already are indexed anew by a job."""

from typing import Any

from django.db import migrations


def index_anew(apps: Any, schema_editor: Any) -> None:
    """Ask for the index to be built anew where there are tickets."""
    if apps.get_model("service", "ServiceTicket").objects.exists():
        apps.get_model("jobs", "Job").objects.create(task="search.rebuild")


class Migration(migrations.Migration):
    dependencies = [("service", "0002_ticket_handled_index"), ("jobs", "0001_initial")]
    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop)]
