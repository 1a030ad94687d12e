"""`guanxi upgrade`: database and files of this version."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

import guanxi
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.locks import database_held
from guanxi.system.preparation import prepare


class Command(BaseCommand):
    """Back up, then bring the database and files to this version."""

    help = _("Back up, then bring the database and files to this version.")

    def handle(self, **options: Any) -> None:
        """Do what `guanxi run` does before it serves."""
        with database_held():
            prepare(at=timezone.now(), say=self.say)
        self.say(_("Database and files belong to version %(version)s.") % {"version": guanxi.__version__})
