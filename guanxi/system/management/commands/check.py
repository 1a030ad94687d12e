"""`guanxi check`: Django's checks and ours, with the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangoCommand
from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken
from guanxi.system.preparation import check_database, is_behind


class Command(DjangoCommand):
    """Check settings, database and machine."""

    help = _("Check settings, database and machine.")

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Look at the database as well, and at what matters on the open network when served by https."""
        if options["list_tags"] or app_labels or options["tags"]:
            super().handle(*app_labels, **options)
            return
        try:
            check_database()
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        super().handle(**{**options, "databases": ["default"], "deploy": options["deploy"] or settings.HTTPS})
        if is_behind():
            self.stdout.write(_("The database is not of this version. Run: guanxi upgrade"))
