"""What our commands share: a broken rule is one sentence on stderr, not a traceback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guanxi.kernel.rules import RuleBroken


class Command(BaseCommand):
    """A command whose refusals are sentences; it needs no system checks before it begins."""

    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run, and say a broken rule the way commands say errors."""
        try:
            return super().execute(*args, **options)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal

    def say(self, text: str) -> None:
        """Print a line at once, also into a pipe."""
        self.stdout.write(text)
        self.stdout.flush()
