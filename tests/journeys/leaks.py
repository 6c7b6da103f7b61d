"""Where a secret could have got to: every log, and every column of every table, however written."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from config.supervisor import keys, places

_TABLES = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def in_texts(texts: Mapping[str, str], secrets: Mapping[str, bytes]) -> list[str]:
    """Return which secret stands in which text."""
    return [
        f"{name} in {where}"
        for where, text in texts.items()
        for name, secret in secrets.items()
        if any(form in text for form in _forms(secret))
    ]


def in_tables(home: Path, secrets: Mapping[str, bytes]) -> list[str]:
    """Return which secret stands in which table, read past every wall by the superuser."""
    chosen = places.choose(home)
    where = conninfo.make_conninfo(
        host=str(chosen.postgres_socket),
        user="postgres",
        password=keys.key(chosen.secrets, "postgres-superuser"),
        dbname="interlock",
    )
    with psycopg.connect(where, autocommit=True) as superuser:
        tables = superuser.execute(_TABLES).fetchall()
        assert len(tables) > 30, "These are not the product's tables."
        return [
            f"{name} in the table {table}"
            for schema, table in tables
            for name in _found(superuser, sql.Identifier(schema, table), secrets)
        ]


def logs(home: Path) -> dict[str, str]:
    """Return every log of an installation, by name.

    What the console showed is none: there the demo's passwords are told to whoever started it.
    """
    files = sorted((home / "log").rglob("*"))
    return {file.name: file.read_text("utf-8", "replace") for file in files if file.is_file()}


def _found(
    superuser: psycopg.Connection[tuple[object, ...]],
    table: sql.Identifier,
    secrets: Mapping[str, bytes],
) -> Iterator[str]:
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} row WHERE row::text LIKE ANY(%s))").format(table)
    for name, secret in secrets.items():
        like = [f"%{_escaped(form)}%" for form in _forms(secret)]
        (is_there,) = superuser.execute(query, [like]).fetchone() or (False,)
        if is_there:
            yield name


def _forms(secret: bytes) -> Iterable[str]:
    """Return a secret as it may be written: plain, in an address, in hexadecimal, in base64."""
    # The ends of base64 depend on what stands beside; its middle on where in three bytes it begins.
    middles = (base64.b64encode(b"x" * shift + secret)[4:-4].decode() for shift in range(3))
    plain = [secret.decode()] if secret.isascii() else []
    return {quote(secret, safe=""), secret.hex(), *plain, *middles}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
