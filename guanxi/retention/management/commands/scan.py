"""`guanxi scan`: warn now of customers that stopped buying, as the nightly job does."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.history.models import Way
from guanxi.retention.tasks import reported_scan
from guanxi.system.commands import Command as GuanxiCommand


class Command(GuanxiCommand):
    """Scan, report."""

    help = "Warn of customers that stopped buying, as every night."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write anything."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan once; safe beside a running server and beside another scan."""
        report = reported_scan(at=timezone.now(), way=Way.COMMAND, dry_run=options["dry_run"])
        said = {"opened": report.opened, "skipped": sum(report.skipped.values()), "seconds": report.seconds}
        self.say(_("Opened: %(opened)d; skipped: %(skipped)d; seconds: %(seconds).2f") % said)
