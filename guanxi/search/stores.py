"""Where the tokens lie: FTS5 on SQLite, a tsvector on PostgreSQL. The only raw SQL of the search."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from guanxi.search.models import SearchDoc
from guanxi.search.tokens import Term

SQLITE_PUT = """
    INSERT INTO search_searchdoc (id, model, record_id, title, subtitle, body, guarded, tokens)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, subtitle = excluded.subtitle,
        body = excluded.body, guarded = excluded.guarded, tokens = excluded.tokens
"""
POSTGRES_PUT = """
    INSERT INTO search_searchdoc (id, model, record_id, title, subtitle, body, guarded, tokens, lexemes)
    SELECT id, model, record_id, title, subtitle, body, guarded, '',
        array_to_tsvector(string_to_array(tokens, ' '))
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS doc (id, model, record_id, title, subtitle, body, guarded, tokens)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, subtitle = excluded.subtitle,
        body = excluded.body, guarded = excluded.guarded, lexemes = excluded.lexemes
"""
BLOCKS, BLOCK = 10, 30
"""A sample is taken at so many places, so many documents at each."""
SAMPLE = f"SELECT body, guarded FROM search_searchdoc WHERE {' OR '.join(['id BETWEEN %s AND %s'] * BLOCKS)}"  # nosec B608 - a constant


class Doc(NamedTuple):
    """A row of the index as it is written; `tokens` are separated by blanks."""

    id: int
    model: str
    record_id: int
    title: str
    subtitle: str
    body: str
    guarded: str
    tokens: str


class Store(Protocol):
    """Tokens of documents in one kind of database."""

    def ensure(self) -> None:
        """Create what is missing."""

    def put(self, docs: Sequence[Doc]) -> None:
        """Write documents with their tokens, over what they had."""

    def drop(self, ids: Sequence[int]) -> None:
        """Forget documents."""

    def matching(self, code: str, terms: Iterable[Term]) -> models.QuerySet[Any]:
        """The documents that have all terms."""

    def sample(self, first: int, last: int) -> list[tuple[str, str]]:
        """Text and guarded text of documents spread over those with ids from `first` to `last`."""


def store_of(connection: BaseDatabaseWrapper | None = None) -> Store:
    """The store of the default database, or of the one that a migration runs on."""
    connection = connection or connections["default"]
    if connection.vendor == "postgresql":
        return PostgresStore(connection)
    return SqliteStore(connection) if sqlite3.sqlite_version_info >= (3, 43) else OldSqliteStore(connection)


class _Store:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def sample(self, first: int, last: int) -> list[tuple[str, str]]:
        """Text and guarded text of documents spread over those with ids from `first` to `last`."""
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM search_searchdoc WHERE id BETWEEN %s AND %s", [first, last])
            end = cursor.fetchone()[0] or first
            step = max(BLOCK, (end - first) // BLOCKS)
            places = [end - step * number for number in range(BLOCKS)]
            cursor.execute(SAMPLE, [bound for place in places for bound in (max(first, place - BLOCK + 1), place)])
            rows: list[tuple[str, str]] = cursor.fetchall()
        return rows


class SqliteStore(_Store):
    """A contentless FTS5 table whose rowids are the ids of the documents."""

    options = "content='', contentless_delete=1, detail=none, tokenize='ascii'"
    keeps_tokens = False

    def ensure(self) -> None:
        """Create the FTS5 table unless it is there."""
        self._run(f"CREATE VIRTUAL TABLE IF NOT EXISTS search_tokens USING fts5(tokens, {self.options})")

    def put(self, docs: Sequence[Doc]) -> None:
        """Two statements, each run over all documents."""
        self._run_many(SQLITE_PUT, [self._row(doc) for doc in docs])
        self._run_many(
            "INSERT OR REPLACE INTO search_tokens (rowid, tokens) VALUES (%s, %s)",
            [(doc.id, doc.tokens) for doc in docs],
        )

    def drop(self, ids: Sequence[int]) -> None:
        """Two statements."""
        self._run_many("DELETE FROM search_tokens WHERE rowid = %s", [(pk,) for pk in ids])
        SearchDoc.objects.filter(pk__in=ids).delete()

    def matching(self, code: str, terms: Iterable[Term]) -> models.QuerySet[Any]:
        """The documents whose rowids FTS5 answers."""
        sql = "SELECT rowid FROM search_tokens WHERE search_tokens MATCH %s"
        return SearchDoc.objects.filter(pk__in=RawSQL(sql, [_fts_query(code, terms)]))  # nosec B611 - a constant

    def _row(self, doc: Doc) -> tuple[Any, ...]:
        return doc if self.keeps_tokens else (*doc[:-1], "")

    def _run(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def _run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(sql, rows)


class OldSqliteStore(SqliteStore):
    """FTS5 before SQLite 3.43, which forgets a document only when told its old tokens."""

    options = "content='', detail=none, tokenize='ascii'"
    keeps_tokens = True

    def put(self, docs: Sequence[Doc]) -> None:
        """Forget the old tokens, then write."""
        self._forget([doc.id for doc in docs])
        super().put(docs)

    def drop(self, ids: Sequence[int]) -> None:
        """Forget the old tokens, then the rows."""
        self._forget(ids)
        SearchDoc.objects.filter(pk__in=ids).delete()

    def _forget(self, ids: Sequence[int]) -> None:
        old = SearchDoc.objects.filter(pk__in=ids).values_list("pk", "tokens")
        sql = "INSERT INTO search_tokens (search_tokens, rowid, tokens) VALUES ('delete', %s, %s)"
        self._run_many(sql, list(old))


class PostgresStore(_Store):
    """A tsvector column beside the model's own, with a GIN index."""

    def ensure(self) -> None:
        """Create column and index unless they are there."""
        with self._connection.cursor() as cursor:
            cursor.execute("ALTER TABLE search_searchdoc ADD COLUMN IF NOT EXISTS lexemes tsvector")
            cursor.execute("CREATE INDEX IF NOT EXISTS search_lexemes ON search_searchdoc USING gin (lexemes)")

    def put(self, docs: Sequence[Doc]) -> None:
        """One statement."""
        with self._connection.cursor() as cursor:
            cursor.execute(POSTGRES_PUT, [list(column) for column in zip(*docs, strict=True)])

    def drop(self, ids: Sequence[int]) -> None:
        """One statement."""
        SearchDoc.objects.filter(pk__in=ids).delete()

    def matching(self, code: str, terms: Iterable[Term]) -> models.QuerySet[Any]:
        """The documents by their GIN index."""
        has_all = RawSQL("lexemes @@ %s::tsquery", [_ts_query(code, terms)], models.BooleanField())
        return SearchDoc.objects.filter(has_all)


def _fts_query(code: str, terms: Iterable[Term]) -> str:
    return " AND ".join(f'"{code}{term.text}"{"*" if term.prefix else ""}' for term in terms)


def _ts_query(code: str, terms: Iterable[Term]) -> str:
    return " & ".join(f"'{code}{term.text}'{':*' if term.prefix else ''}" for term in terms)
