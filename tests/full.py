"""What a run of the tests is about: everything (`make promises`, `make looks`) or the short form of every CI run, and which database."""

import os

from django.conf import settings

FULL = bool(os.environ.get("GUANXI_TEST_FULL"))
POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
LOOKS = [(1440, False, "zh-CN"), (390, True, "en"), (1440, True, "en"), (390, False, "zh-CN")][: None if FULL else 2]
"""Width, whether dark and language in which browser tests look at pages; a short run takes each of them once."""
SCREENS = [(width, dark) for width, dark, _language in LOOKS]
