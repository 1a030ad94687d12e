"""`guanxi run`: everything a company needs to begin, in one command."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.system.checks import TAG
from guanxi.system.commands import Command as BaseCommand
from guanxi.system.locks import database_held
from guanxi.system.ports import choose_port
from guanxi.system.preparation import call_if_there, has_users, prepare
from guanxi.system.server import serve
from guanxi.web.context import IS_DEMO

ANYWHERE = {"0.0.0.0", "::"}  # nosec B104 - compared with, never bound by default


class Command(BaseCommand):
    """Prepare what is needed, then serve Guanxi and its jobs."""

    help = _("Prepare what is needed, then serve Guanxi and its jobs.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo", action="store_true", help=_("fill an empty database with a made-up company"))
        parser.add_argument("--address", default=settings.ADDRESS, help=_("listen here (%(default)s)"))
        parser.add_argument("--port", type=int, default=settings.PORT, help=_("listen at this port"))
        parser.add_argument("--job-threads", type=int, default=settings.JOB_THREADS, help=_("0: no jobs here"))

    def handle(self, *, demo: bool, address: str, port: int | None, job_threads: int, **options: Any) -> None:
        """Prepare, say where to go, serve."""
        with database_held():
            free_port = choose_port(address, port)
            self._warn()
            prepare(at=timezone.now(), say=self.say)
            self._admit_somebody(demo)
            self.say(_("Guanxi is ready: %(url)s (Ctrl-C stops it)") % {"url": _url(address, free_port)})
            serve(address=address, port=free_port, job_threads=job_threads)
            self.say(_("Guanxi has stopped."))

    def _warn(self) -> None:
        for message in run_checks(tags=[TAG], databases=["default"]):
            self.stderr.write(f"{message.msg} {message.hint or ''}")

    def _admit_somebody(self, demo: bool) -> None:
        """Make the first people of an empty database: the demo company, or an administrator."""
        if has_users():
            self._remind()
            return
        if not (demo and call_if_there("demo")):
            call_if_there("createadmin")

    def _remind(self) -> None:
        """A demo company says at every start who can sign in; anybody may know."""
        if IS_DEMO.read():
            call_if_there("demo", sign_ins=True)


def _url(address: str, port: int) -> str:
    host = "localhost" if address in ANYWHERE else f"[{address}]" if ":" in address else address
    return settings.PUBLIC_URL or f"http://{host}:{port}/"
