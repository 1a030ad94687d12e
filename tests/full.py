"""Whether everything is run (`make promises`, `make looks`) or the short form that every CI run takes."""

import os

FULL = bool(os.environ.get("GUANXI_TEST_FULL"))
