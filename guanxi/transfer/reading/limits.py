"""How much a file may ask for, and what is wrong with one that asks for more."""

from typing import Any

MEMORY = 1 << 30
"""Bytes of address space that the reading process may take."""

CPU_SECONDS = 1_200
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
"""Characters that Excel itself allows in a cell."""

HEAD_ROWS = 20
"""Rows among which the headings are looked for."""

LARGEST_UNPACKED = 2 << 30
LARGEST_PART = 1 << 30
LARGEST_TEXTS = 256 << 20
"""Bytes of a workbook's parts once unpacked: all, each, and the shared texts, which are kept in memory."""

STEEPEST = 200
"""How many times its packed size a large part may unpack to: real sheets stay below 60."""

LARGE = 64 << 20
MOST_PARTS = 5_000


class FileFault(Exception):
    """The file as a whole cannot be read; `code` says why, `details` where."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
