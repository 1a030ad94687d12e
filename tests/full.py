"""What a run of the tests is about: everything (`make promises`, `make looks`) or the short form of every CI run, and which database."""

import os

from django.conf import settings

FULL = bool(os.environ.get("GUANXI_TEST_FULL"))
POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
