"""The console command `guanxi`: a short list of commands in the user's language, above all of Django's."""

import difflib
import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands
from django.utils.translation import activate, gettext, gettext_lazy

COMMANDS = {
    "run": gettext_lazy("Prepare what is needed, then serve Guanxi and its jobs."),
    "worker": gettext_lazy("Do jobs only, beside a server on another machine."),
    "demo": gettext_lazy("Fill an empty database with a made-up company."),
    "import": gettext_lazy("Import customers, contacts or orders from a file."),
    "scan": gettext_lazy("Warn of customers that stopped buying, as every night."),
    "createadmin": gettext_lazy("Create an administrator with a random password."),
    "backup": gettext_lazy("Save the whole database into one file, also while the server runs."),
    "restore": gettext_lazy("Put the database back as it was in a backup."),
    "upgrade": gettext_lazy("Back up, then bring the database and files to this version."),
    "check": gettext_lazy("Check settings, database and machine."),
    "help": gettext_lazy("Show this list, or explain one command: guanxi help COMMAND."),
}


def main() -> None:
    """Run `guanxi COMMAND …`; a bad setting is one sentence and no traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    os.umask(0o077)  # what is kept of a company is for nobody else on the machine
    sys.argv[0] = "guanxi"
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    activate(settings.LANGUAGE_CODE)
    if command in {"help", "-h", "--help"} and len(sys.argv) < 3:
        _list()
    elif command.startswith("-") or command == "help" or command in get_commands():
        execute_from_command_line(sys.argv)
    else:
        sys.exit(_unknown(command))


def _list() -> None:
    known = get_commands()
    sys.stdout.write(gettext("Usage: guanxi COMMAND [options]") + "\n\n")
    for name, text in COMMANDS.items():
        if name == "help" or name in known:
            sys.stdout.write(f"  {name:12} {text}\n")


def _unknown(command: str) -> str:
    near = difflib.get_close_matches(command, COMMANDS, n=1)
    sentence = gettext("There is no command “%(name)s”.") % {"name": command}
    hint = gettext("Did you mean “%(name)s”?") % {"name": near[0]} if near else gettext("See: guanxi help")
    return f"{sentence} {hint}"
