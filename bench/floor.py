"""The floor: the list page by the database's own driver and Jinja2, without framework, sign-in and row scope."""

import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jinja2
import psycopg

import guanxi  # noqa: F401, swaps in the SQLite library that Guanxi uses

if True:  # after the swap
    import sqlite3

TABLE = "customers_customer"
COLUMNS = [
    "id",
    "name",
    "number",
    "level_id",
    "state",
    "area_id",
    "manager_id",
    "satisfaction",
    "paid_total",
    "last_paid_at",
    "last_interaction_at",
]
ROWS = 21
SQL = f"SELECT {', '.join(COLUMNS)} FROM {TABLE} WHERE binned_in IS NULL ORDER BY created_at DESC, id DESC LIMIT {ROWS}"
LABELS = "SELECT id, label_zh, tone FROM dictionary_dictionaryentry"
PEOPLE = "SELECT id, real_name FROM accounts_user"
STATES = {"normal": ("正常", "ok"), "at_risk": ("流失预警", "warn"), "lost": ("已流失", "bad")}
SHANGHAI = timezone(timedelta(hours=8))

_local = threading.local()


def connect(url: str) -> Any:
    """A connection of the driver itself."""
    if not url.startswith("sqlite:///"):
        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.row_factory = sqlite3.Row
    return connection


def connection() -> Any:
    """This thread's connection, kept."""
    known = getattr(_local, "connection", None)
    if known is None:
        known = _local.connection = connect(os.environ["DATABASE_URL"])
    return known


def money(cents: int) -> str:
    """An amount as the list shows it."""
    return f"¥{cents / 100:,.2f}"


def moment(value: Any) -> datetime:
    """SQLite's text or PostgreSQL's moment in the company's zone."""
    found = datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
    return found.astimezone(SHANGHAI)


def day(value: Any) -> date:
    """SQLite's text or PostgreSQL's date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class Page:
    """The page's template with what small tables say, read once."""

    def __init__(self) -> None:
        template = Path(os.environ["FLOOR_TEMPLATE"])
        loader = jinja2.FileSystemLoader([template.parent, Path(__file__).parent])
        environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        environment.filters.update(money=money, moment=moment, day=day)
        self.template = environment.get_template(template.name)
        found = connect(os.environ["DATABASE_URL"])
        self.labels = {row[0]: (row[1], row[2]) for row in found.execute(LABELS).fetchall()}
        self.people = {row[0]: row[1] for row in found.execute(PEOPLE).fetchall()}
        found.close()

    def show(self) -> bytes:
        """One query, one template."""
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in connection().execute(SQL).fetchall()][: ROWS - 1]
        text = self.template.render(rows=rows, labels=self.labels, people=self.people, states=STATES)
        return text.encode()


_page: list[Page] = []


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    if not _page:
        _page.append(Page())
    body = _page[0].show()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
