"""A PostgreSQL address as Django's settings, with the limits each role works under."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: Short statements, many of them: to compile one takes longer than to run it.
_SHORT = {"jit": "off"}

#: Times are milliseconds. A web request that waits longer has lost its reader; a migration must not
#: queue behind a long transaction and take the product down with it.
_LIMITS: dict[str, dict[str, int | str]] = {
    "owner": {"lock_timeout": 5_000},
    "app": {
        **_SHORT,
        "statement_timeout": 15_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 15_000,
    },
    # Nothing is written where reports are read, be it a replica or not.
    "reports": {**_SHORT, "statement_timeout": 60_000, "default_transaction_read_only": "on"},
    "engine": {
        **_SHORT,
        "statement_timeout": 30_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 15_000,
    },
    "audit": {"lock_timeout": 5_000, "idle_in_transaction_session_timeout": 60_000},
}
#: Seconds, but for the last, which is milliseconds: a database that has gone without a word, or a
#: network that has, is noticed before the lease of what a worker was at has ended twice.
_KEEPALIVE: dict[str, int] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


#: For how many seconds a connection is kept. Under ASGI each request has a thread of its own, and
#: what it left open nobody would use again; elsewhere finite, because a connection of a prefork
#: child must not outlive a database restart.
_KEPT = {"app": 0}


def database(url: str, role: str) -> dict[str, Any]:
    """Return Django's entry for one address; `?host=/run/dir` names a directory of sockets."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    port = options.pop("port", parts.port or "")
    limits = " ".join(f"-c {name}={value}" for name, value in _LIMITS[role].items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "CONN_MAX_AGE": _KEPT.get(role, 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_KEEPALIVE,
            **options,
            # A plan for any values: planning our largest statements takes longer than doing them.
            "options": f"-c timezone=UTC -c plan_cache_mode=force_generic_plan {limits}",
            "connect_timeout": 5,
            # Allows statements to be prepared at all; which are, `common.prepared` says.
            "prepare_threshold": 5,
        },
    }
