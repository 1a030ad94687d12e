"""`guanxi createadmin`: make an administrator, or recover one."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.accounts.actions.administrator import ensure_administrator
from guanxi.accounts.models import User
from guanxi.accounts.passwords import one_time_password
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.kernel.rules import RuleBroken
from guanxi.system.commands import Command as BaseCommand

FIRST = "admin"


class Command(BaseCommand):
    """Make an administrator, or recover one, with a random password that is shown once."""

    help = _("Create an administrator with a random password.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--username", default=FIRST, help=_("the user name (%(default)s)"))
        parser.add_argument(
            "--without-codes", action="store_true", help=_("turn off their two-factor codes, for whoever lost them")
        )

    def handle(self, *, username: str, without_codes: bool = False, **options: Any) -> None:
        """Say name and password once; the password must be changed at the first sign-in."""
        name = username.strip()
        longest = User._meta.get_field("username").max_length or 0
        if not name or len(name) > longest or not name.isprintable():
            raise RuleBroken(_("A user name has 1 to %(most)s characters.") % {"most": longest})
        password = one_time_password()
        with changing("createadmin", by=None, at=timezone.now(), way=Way.COMMAND) as change:
            user = ensure_administrator(username=name, password=password, without_codes=without_codes, change=change)
        self.say(_("Administrator: %(name)s") % {"name": user.username})
        self.say(_("Password, shown this once: %(password)s") % {"password": password})
        self.say(_("It must be changed at the first sign-in."))
        if user.second_factor_since is not None:
            self.say(_("Their two-factor codes stay; --without-codes turns them off."))
