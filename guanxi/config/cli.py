"""The console command `guanxi`: Django's commands under a shorter name."""

import os
import sys


def main() -> None:
    """Run `guanxi COMMAND …`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
