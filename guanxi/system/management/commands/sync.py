"""`guanxi sync`: the resource tree as the code says, and the start values of an installation."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.access.actions import sync_menu_items
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.filling import fillings
from guanxi.system.tree import built_in_tree


class Command(BaseCommand):
    """Bring the resource tree and the start values to what this version says."""

    help = _("Bring the resource tree and the start values to what this version says.")

    def handle(self, *, verbosity: int, **options: Any) -> None:
        """One change set; none when nothing differs."""
        with changing("sync", by=None, at=timezone.now(), way=Way.COMMAND) as change:
            sync_menu_items(built_in_tree(), change=change)
            for filling in fillings():
                filling(change=change)
        if verbosity:
            self.say(_("The resource tree is that of this version."))
