"""Where a rule of the sources does not hold, and why. A line that exempts nothing fails the test, so it goes away.

Each rule's table maps a file, or a folder that ends in a slash, to the reason.
"""

WRITES = {
    "guanxi/accounts/limits.py": "counters of failed sign-ins",
    "guanxi/accounts/proofs.py": "the sign-in log is a log of its own",
    "guanxi/accounts/second_factor.py": "secrets of two-factor codes, which no log may hold; that they change is logged",
    "guanxi/accounts/sessions.py": "sessions are not business data; that they end is part of an act which is logged",
    "guanxi/accounts/sign_in.py": "the sign-in log is a log of its own",
    "guanxi/customers/actions/goods.py": "the rollup of goods follows from the lines of orders",
    "guanxi/history/": "it is what writes",
    "guanxi/jobs/": "the queue is not business data; it is neither versioned nor logged",
    "guanxi/parameters/numbers.py": "counters",
    "guanxi/search/stores.py": "the search index is derived from the records",
    "guanxi/system/forgetting.py": "what a job reported of a person is blanked by an act which is logged itself",
    "guanxi/transfer/refused.py": "rows of a file that were not taken: no records, forgotten with the file",
    "guanxi/web/acts.py": "the keys of double submits",
    "guanxi/accounts/notices.py": "what people are told: the bell is not business data",
    "guanxi/demo/losses.py": "the reports of made-up scans, as of real ones",
    "guanxi/reports/answering.py": "answers are derived from the rows that they count",
    "guanxi/retention/tasks.py": "the report of a scan, which is no business data",
    "guanxi/web/tasks.py": "the keys of double submits",
    "guanxi/web/models.py": "how a person wants a screen",
}

RAW_SQL = {
    "guanxi/search/stores.py": "full-text search is each database's own",
    "guanxi/system/backups.py": "SQLite's own backup and its check of the copy",
    "guanxi/system/health.py": "asks the database for a sign of life",
    "guanxi/system/statistics.py": "each database has its own word for it",
    "guanxi/system/preparation.py": "PostgreSQL's advisory lock around migrations",
}

SIGNALS: dict[str, str] = {}

LATE_IMPORTS: dict[str, str] = {}

UNESCAPED: dict[str, str] = {}

UNESCAPED_TEMPLATES: dict[str, str] = {}

UNSCOPED_READS: dict[str, str] = {}

LONG_FUNCTIONS: dict[str, str] = {}

LONG_FILES: dict[str, str] = {}

ACTIONS: dict[str, str] = {}
