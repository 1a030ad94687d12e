"""`guanxi demo`: a made-up company to look around in."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.accounts.models import User
from guanxi.demo import bulk
from guanxi.demo.people import PASSWORD
from guanxi.demo.story import fill
from guanxi.kernel.days import company_day
from guanxi.kernel.text import listed
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.preparation import has_users, is_behind, prepare
from guanxi.web.context import IS_DEMO

SEED = 2010
PROGRESS_MONTHS = 6


class Command(BaseCommand):
    """Fill an empty database with a made-up company."""

    help = _("Fill an empty database with a made-up company.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--seed", type=int, default=SEED, help=_("another number makes another company"))
        parser.add_argument("--sign-ins", action="store_true", help=_("only say who can sign in"))
        parser.add_argument("--size", type=int, help=_("write so many customers in bulk instead, for benchmarks"))
        parser.add_argument("--share", type=float, default=1.0, help=SUPPRESS)

    def handle(self, *, seed: int, sign_ins: bool, size: int | None, share: float, **options: Any) -> None:
        """Fill, and say who can sign in."""
        now = timezone.now()
        if is_behind():
            prepare(at=now, say=self.say)
        if size is not None:
            bulk.fill(size, at=now, seed=seed, say=self.say)
            return
        if not sign_ins:
            self._fill(seed, share)
        self._say_sign_ins()

    def _fill(self, seed: int, share: float) -> None:
        if has_users():
            raise CommandError(_("This database has users already: the demo company needs an empty one."))
        call_command("sync", verbosity=0)
        self.say(_("Making up a company and its last three years …"))
        months = fill(today=company_day(timezone.now()), seed=seed, share=share)
        for number, (month, done, number_of_acts) in enumerate(months):
            if number % PROGRESS_MONTHS == 0:
                percent = 100 * done // number_of_acts
                self.say(f"  {month:%Y-%m}  {percent:3} %")

    def _say_sign_ins(self) -> None:
        if not IS_DEMO.read():
            raise CommandError(_("This database holds no demo company."))
        self.say(_("Who can sign in to the demo company (user name, password until it is changed, name, role):"))
        for user in User.objects.in_use().filter(is_active=True).prefetch_related("roles").order_by("pk"):
            roles = listed(user.roles.all())
            self.say(f"  {user.username:14} {PASSWORD}   {user.real_name}  {roles}")
