"""Every setting of the product, named, typed and checked in one place.

docs/configuration.md lists the same names; a test compares the two.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent


#: Where work waits, by kind and trust zone: runs; calls to the internet; calls to addresses inside;
#: scripts; reports.
QUEUES = ("engine", "connector", "internal", "script", "report")

#: What settings were called once, and are called now: an old name alone would be overheard.
RENAMED: Mapping[str, str] = {}


def version() -> str:
    """Return the product's version."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text names it and a right example."""


@dataclass(frozen=True)
class Env:
    """The settings, as they were read. Field `x_y` is the environment variable `X_Y`."""

    secret_key: str = field(metadata={"help": "Signs sessions and derives the roles' passwords."})
    database_url: str = field(
        default="", metadata={"help": "PostgreSQL as the owner; used by migrations only."}
    )
    database_url_app: str = field(
        default="", metadata={"help": "PostgreSQL as the web's role; else derived."}
    )
    database_url_engine: str = field(
        default="", metadata={"help": "PostgreSQL as the workers' role; else derived."}
    )
    database_url_audit: str = field(
        default="", metadata={"help": "PostgreSQL as the sealer's role; else derived."}
    )
    database_url_reports: str = field(
        default="", metadata={"help": "PostgreSQL that reports read, such as a replica."}
    )
    broker_url: str = field(
        default="redis://127.0.0.1:6379/0", metadata={"help": "Celery's broker."}
    )
    channel_url: str = field(
        default="redis://127.0.0.1:6379/1",
        metadata={"help": "The channel layer of the live views."},
    )
    interlock_role: str = field(
        default="app",
        metadata={"help": "Which sign-in this process uses: owner, app, engine, audit."},
    )
    data_dir: str = field(
        default=str(ROOT / "var"),
        metadata={"help": "Where checkpoints, logs and embedded servers live."},
    )
    allowed_hosts: str = field(
        default="127.0.0.1,localhost", metadata={"help": "Host names the web answers to, by comma."}
    )
    public_url: str = field(
        default="http://127.0.0.1:8400",
        metadata={"help": "The address people use; websockets check it."},
    )
    log_level: str = field(default="INFO", metadata={"help": "DEBUG, INFO, WARNING or ERROR."})
    metrics_token: str = field(
        default="",
        metadata={"help": "What a program shows to read the metrics; without one it cannot."},
    )
    worker_queues: str = field(
        default="",
        metadata={"help": "The queues a worker serves, by comma; without, what -Q names or all."},
    )
    retry_attempts: int = field(
        default=3, metadata={"help": "Attempts of a step whose model says nothing of retries."}
    )
    retry_first_seconds: int = field(
        default=5, metadata={"help": "Its first wait, in seconds; each next one is twice as long."}
    )
    retry_cap_seconds: int = field(default=300, metadata={"help": "Its longest wait, in seconds."})
    run_transitions: int = field(
        default=1_000_000,
        metadata={"help": "Steps of a run without anything from outside, then an incident."},
    )
    variable_bytes: int = field(
        default=16 * 1024 * 1024,
        metadata={"help": "The most that one variable of a run may hold, as JSON."},
    )
    answer_bytes: int = field(
        default=16 * 1024 * 1024,
        metadata={"help": "The most that one job may bring back, as JSON."},
    )

    def url_for(self, role: str) -> str:
        """Return the database address for a role, derived from the owner's where none is given.

        Raises:
            ConfigurationError: neither that role's address nor the owner's is set.
        """
        given = self.database_url if role == "owner" else getattr(self, f"database_url_{role}")
        if given:
            return str(given)
        if not self.database_url:
            raise ConfigurationError(
                f"DATABASE_URL_{role.upper()} is not set. Give it, or DATABASE_URL to derive it, "
                "for example postgresql://interlock_owner:secret@db.example/interlock."
            )
        parts = urlsplit(self.database_url)
        host = parts.netloc.rpartition("@")[2]
        name = self.role_name(role)
        netloc = f"{name}:{quote(self.role_password(name))}@{host}"
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))

    def role_name(self, role: str) -> str:
        """Return the name of a role's sign-in: from its address, or from the database's name."""
        given = getattr(self, f"database_url_{role}")
        if given:
            return unquote(urlsplit(given).username or "")
        return f"{self.database_name}_{role}"

    def role_password(self, name: str) -> str:
        """Return the password of a derived sign-in: the same wherever the key is known."""
        return hmac.new(self.secret_key.encode(), name.encode(), hashlib.sha256).hexdigest()

    @property
    def served_queues(self) -> list[str]:
        """Return the queues that a worker of this environment serves; none named is no choice."""
        return [name.strip() for name in self.worker_queues.split(",") if name.strip()]

    @property
    def database_name(self) -> str:
        """Return the name of the database, from whichever address is given."""
        url = (
            self.database_url
            or self.database_url_app
            or self.database_url_engine
            or self.database_url_audit
        )
        return urlsplit(url).path.lstrip("/")


_SHORTEST_TOKEN = 20
_NUMBERS = [f.name for f in fields(Env) if f.type == "int"]


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """Read and check the settings.

    Raises:
        ConfigurationError: one of them is missing or has a value that cannot be.
    """
    given = {f.name: environ[f.name.upper()] for f in fields(Env) if f.name.upper() in environ}
    if not given.get("secret_key"):
        raise ConfigurationError(
            "SECRET_KEY is not set. `make up` makes one; a server needs its own."
        )
    numbers = {name: _number(name, given[name]) for name in _NUMBERS if name in given}
    values: dict[str, Any] = {**given, **numbers}
    env = Env(**values)
    if env.interlock_role not in {"owner", "app", "engine", "audit"}:
        raise ConfigurationError(
            f"INTERLOCK_ROLE is {env.interlock_role!r}. It is owner, app, engine or audit."
        )
    if env.metrics_token and len(env.metrics_token) < _SHORTEST_TOKEN:
        raise ConfigurationError(
            f"METRICS_TOKEN is shorter than {_SHORTEST_TOKEN} characters. "
            "Make one with `openssl rand -base64 24`."
        )
    if unknown := set(env.served_queues) - set(QUEUES):
        raise ConfigurationError(
            f"WORKER_QUEUES names {', '.join(sorted(unknown))}. There are {', '.join(QUEUES)}."
        )
    return env


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ConfigurationError(f"{name.upper()} is {text!r}. It is a whole number, such as 1000.")
    return int(text)
