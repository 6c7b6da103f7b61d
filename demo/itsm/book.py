"""The book: everything the desk was told, in one SQLite file that survives being killed.

One connection, used by one thread (the event loop's): calls are served one after another, so two
calls with the same key cannot both be the first. A write is on the disk before it is answered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tickets (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL,
    description TEXT NOT NULL, requested_by TEXT NOT NULL, external_ref TEXT NOT NULL,
    state TEXT NOT NULL, assignee TEXT NOT NULL DEFAULT '', resolution TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL, changed_at TEXT NOT NULL, UNIQUE (kind, number));
CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY, ticket TEXT NOT NULL REFERENCES tickets (id),
    author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS operations (
    id INTEGER PRIMARY KEY, action TEXT NOT NULL, target TEXT NOT NULL, details TEXT NOT NULL,
    result TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, channel TEXT NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS services (name TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
    calls INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS effects (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, call TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS effects_by_key ON effects (key);
CREATE INDEX IF NOT EXISTS tickets_by_ref ON tickets (external_ref);
CREATE INDEX IF NOT EXISTS comments_by_ticket ON comments (ticket);
"""

Row = dict[str, Any]


class Book:
    """The file, with the two ways to use it: read, and write inside `writing()`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)
        self._begin()

    def _begin(self) -> None:
        """Give a new book the two services that are not as they should be when the demo begins."""
        if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
            with self.writing():
                for name, state in (("edge-b", "maintenance"), ("search-index", "ill")):
                    self.insert("services", {"name": name, "state": state})
                self.run("PRAGMA user_version = 1")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep all that the block writes, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return what a query finds."""
        return [dict(row) for row in self._db.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """Return the first row a query finds."""
        found = self._db.execute(sql, values).fetchone()
        return dict(found) if found else None

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Write one row and return its number. The table and names are the program's own."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (no outside text)
        return int(self._db.execute(sql, tuple(values.values())).lastrowid or 0)

    def run(self, sql: str, *values: object) -> None:
        """Change rows."""
        self._db.execute(sql, values)

    def close(self) -> None:
        """Put the file down."""
        self._db.close()


def stamp() -> str:
    """Return the present moment as text, to the second, in UTC."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
