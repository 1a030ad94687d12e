"""`guanxi restore`: the database as it was in a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.system.backups import back_up, backup_path, refuse_unfit, restore
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.locks import database_held
from guanxi.system.preparation import check_database, is_behind, is_new


class Command(BaseCommand):
    """Put the database back as it was in a backup."""

    help = _("Put the database back as it was in a backup.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help=_("a file made by: guanxi backup"))

    def handle(self, *, file: Path, **options: Any) -> None:
        """Save what is there, then replace it."""
        with database_held():
            check_database()
            refuse_unfit(file)
            if not is_new():
                kept = backup_path(timezone.now(), name="before-restore")
                back_up(kept)
                self.say(_("What was there is kept in %(path)s.") % {"path": kept})
            restore(file)
            self.say(_("Restored from %(path)s.") % {"path": file})
            if is_behind():
                self.say(_("The backup is of an older version. Run: guanxi upgrade"))
