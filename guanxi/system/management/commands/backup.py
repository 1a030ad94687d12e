"""`guanxi backup`: the whole database in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.system.backups import back_up, backup_path
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.preparation import check_database


class Command(BaseCommand):
    """Save the whole database into one file, also while the server runs."""

    help = _("Save the whole database into one file, also while the server runs.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", nargs="?", type=Path, help=_("a new file, or a folder"))

    def handle(self, *, file: Path | None, **options: Any) -> None:
        """Save, and say where."""
        check_database()
        named = backup_path(timezone.now())
        target = file / named.name if file and file.is_dir() else file or named
        back_up(target)
        size = target.stat().st_size / 1024 / 1024
        self.say(_("Saved: %(path)s (%(size).1f MB)") % {"path": target, "size": size})
