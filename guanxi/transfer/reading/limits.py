"""How much a file may ask for, and what is wrong with one that asks for more."""

from typing import Any

MEMORY = 1 << 30
"""Bytes of address space that the reading process may take."""

CPU_SECONDS = 1_200
GLANCE_SECONDS = 10.0
"""How long a page waits for the first rows of a file; the jobs behind it wait longer."""

GLANCES = 2
"""Files that the pages of one process look into at once: the other threads stay free for everybody else."""

PATIENCE = 1.0
"""Seconds that a page waits for its turn to look."""

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

LARGE = 1 << 20
LAST_ROW = 1_048_576
"""The last row of a sheet in Excel."""

MOST_EMPTY_ROWS = 10_000
"""How many rows in a row may be empty before one that holds anything."""

MOST_PARTS = 5_000


class FileFault(Exception):
    """The file as a whole cannot be read; `code` says why, `details` where."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
