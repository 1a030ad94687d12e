"""`guanxi demo`: fill an empty database with a made-up company."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.demo.bulk import fill
from guanxi.system.commands import Command as BaseCommand


class Command(BaseCommand):
    """Fill an empty database with a made-up company."""

    help = _("Fill an empty database with a made-up company.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--size", type=int, required=True, help=_("write so many customers in bulk"))
        parser.add_argument("--seed", type=int, default=1, help=_("the same seed makes the same company"))

    def handle(self, *, size: int, seed: int, **options: Any) -> None:
        """Read the clock, fill."""
        fill(size, at=timezone.now(), seed=seed, say=self.say)
