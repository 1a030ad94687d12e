"""Guanxi (关系): a customer relationship management system."""

import sys

try:  # Debian's SQLite has the WAL-reset bug (fixed in 3.51.3); the wheel carries a fixed one.
    import pysqlite3
except ImportError:  # no wheel for this platform: `config.checks` looks at the version instead
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
