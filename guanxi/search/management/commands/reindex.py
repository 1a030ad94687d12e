"""`guanxi reindex`: build the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from guanxi.search import index, registry


class Command(BaseCommand):
    """Index every searchable record; may run beside a running server."""

    help = "Build the search index anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the models one by one."""
        index.ensure()
        for face in registry.faces():
            self.stdout.write(f"{face.label}: {sum(index.rebuild(face.model))}")
