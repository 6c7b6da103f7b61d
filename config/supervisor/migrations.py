"""Brings the schema up to date, or sees in a moment that it is.

The database itself carries the stamp, as its comment: a restored or swapped database brings its
own. The stamp counts as long as the number of applied migrations is what it was, so a migration
run by hand is noticed.
"""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
from psycopg import sql

from config import env
from config.setup import stamps

_APPS = ("common", "governance", "engine", "designer", "demo")


def wanted(root: Path) -> str:
    """Return the digest of the migrations this checkout has, those of packages by their lock."""
    files = [path for app in _APPS for path in (root / app / "migrations").glob("*.py")]
    lock = root / "requirements" / "base.txt"
    return stamps.digest(lock, stamps.tree_digest(files, root))


def are_applied(database_url: str, digest: str) -> bool:
    """Return whether the database says that just these migrations were applied to it."""
    try:
        with psycopg.connect(database_url, connect_timeout=5) as database:
            return _stamp(database) == _stamp_for(database, digest)
    except psycopg.errors.UndefinedTable:
        return False


def remember(database_url: str, digest: str) -> None:
    """Write the stamp. A server that does not let the owner comment is migrated every time."""
    try:
        with psycopg.connect(database_url, connect_timeout=5) as database:
            database.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(database.info.dbname),
                    sql.Literal(_stamp_for(database, digest)),
                )
            )
    except psycopg.errors.InsufficientPrivilege:
        return


def mend_sign_ins(settings: env.Env) -> None:
    """Give the derived sign-ins the password that the secret key gives them now.

    They were made with the key of their day; who changes it means this installation still.
    """
    derived = [
        role for role in ("app", "engine", "audit") if not getattr(settings, f"database_url_{role}")
    ]
    refused = [role for role in derived if not _signs_in(settings.url_for(role))]
    if not refused:
        return
    with psycopg.connect(settings.database_url, connect_timeout=5) as database:
        for role in refused:
            name = settings.role_name(role)
            database.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(settings.role_password(name))
                )
            )


def _signs_in(database_url: str) -> bool:
    try:
        psycopg.connect(database_url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def has_accounts(database_url: str) -> bool:
    """Return whether anybody can sign in, the sign that there is something to keep."""
    with psycopg.connect(database_url, connect_timeout=5) as database:
        return database.execute("SELECT 1 FROM governance_account LIMIT 1").fetchone() is not None


def _stamp(database: psycopg.Connection[tuple[object, ...]]) -> str:
    row = database.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    return str(row[0]) if row else ""


def _stamp_for(database: psycopg.Connection[tuple[object, ...]], digest: str) -> str:
    row = database.execute("SELECT count(*), max(id) FROM django_migrations").fetchone()
    return json.dumps({"migrations": digest, "applied": row})
