"""What one installation is made of: addresses, sign-ins and the environment each process gets.

A process is told what it needs and nothing else. The owner's sign-in, which may change the schema,
goes to the migrations and to nobody.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from config import env
from config.console import Trouble
from config.supervisor import keys
from config.supervisor.places import Places, choose
from config.supervisor.postgres import Postgres
from config.supervisor.processes import MARK
from config.supervisor.valkey import Valkey

DATABASE = "interlock"
OWNER = "interlock_owner"
_PORTS = range(1, 65_536)
_ROLES = ("app", "engine", "audit")
#: What every process may inherit from the shell; the rest of the shell's variables stay outside.
_INHERITED = ("PATH", "HOME", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
_SETTINGS = (
    *("LOG_LEVEL", "ALLOWED_HOSTS", "RUN_TRANSITIONS", "DJANGO_SETTINGS_MODULE"),
    *("VARIABLE_BYTES", "ANSWER_BYTES"),
    *("RETRY_ATTEMPTS", "RETRY_FIRST_SECONDS", "RETRY_CAP_SECONDS"),
)
#: What the web alone is told besides.
_OF_THE_WEB = ("METRICS_TOKEN", "DATABASE_URL_REPORTS")


@dataclass(frozen=True)
class Installation:
    """One checkout's installation, as the shell's environment asks for it."""

    root: Path
    shell: Mapping[str, str]
    places: Places
    port: int
    itsm_port: int
    wants_demo: bool

    @property
    def public_url(self) -> str:
        """Return the address people open."""
        return self.shell.get("PUBLIC_URL") or f"http://127.0.0.1:{self.port}"

    @cached_property
    def postgres(self) -> Postgres | None:
        """Return the embedded PostgreSQL, or None where the shell names a real one."""
        names = ("DATABASE_URL", *(f"DATABASE_URL_{role.upper()}" for role in _ROLES))
        return None if any(self.shell.get(name) for name in names) else Postgres(self.places)

    @cached_property
    def valkey(self) -> Valkey | None:
        """Return the embedded Valkey, or None where the shell names real servers for both uses."""
        given = self.shell.get("BROKER_URL") and self.shell.get("CHANNEL_URL")
        return None if given else Valkey(self.places)

    @cached_property
    def settings(self) -> env.Env:
        """Return every setting, secrets included; only this object ever holds all of them."""
        secret_key = self.shell.get("SECRET_KEY") or keys.key(self.places.secrets, "secret-key")
        try:
            settings = env.read({**self.shell, "SECRET_KEY": secret_key})
        except env.ConfigurationError as error:
            raise Trouble(str(error), "docs/configuration.md lists every setting.") from error
        settings = replace(settings, data_dir=str(self.places.data), public_url=self.public_url)
        if self.postgres is not None:
            owner = self.postgres.url(OWNER, self.owner_password, DATABASE)
            settings = replace(settings, database_url=owner)
        if self.valkey is not None:
            settings = replace(
                settings,
                broker_url=self.shell.get("BROKER_URL") or self.valkey.broker_url,
                channel_url=self.shell.get("CHANNEL_URL") or self.valkey.channel_url,
            )
        return settings

    @property
    def owner_password(self) -> str:
        """Return the embedded database owner's password."""
        return keys.key(self.places.secrets, "database-owner")

    def environment(self, name: str, *, role: str = "") -> dict[str, str]:
        """Return what a process gets; without a role it learns no secret at all.

        The owner's process also gets no sign-in of others: migrations derive them.
        """
        chosen = {key: self.shell[key] for key in _INHERITED if self.shell.get(key)}
        chosen |= {
            MARK: str(self.places.data),
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.places.data),
        }
        if not role:
            return chosen
        told = (*_SETTINGS, *_OF_THE_WEB) if role == "app" else _SETTINGS
        chosen |= {key: self.shell[key] for key in told if self.shell.get(key)}
        address = "DATABASE_URL" if role == "owner" else f"DATABASE_URL_{role.upper()}"
        return chosen | {
            "SECRET_KEY": self.settings.secret_key,
            "INTERLOCK_ROLE": role,
            address: self.settings.url_for(role),
            "BROKER_URL": self.settings.broker_url,
            "CHANNEL_URL": self.settings.channel_url,
            "PUBLIC_URL": self.settings.public_url,
            "PGAPPNAME": f"interlock-{name}",
        }

    def manage(self, *arguments: str) -> list[str]:
        """Return the command line of one of Django's commands."""
        return [sys.executable, str(self.root / "manage.py"), *arguments]


def installation(root: Path, shell: Mapping[str, str] = os.environ) -> Installation:
    """Read what the shell asks for and decide the places.

    Raises:
        Trouble: a port is not one, or a folder cannot be used.
    """
    return Installation(
        root=root,
        shell=shell,
        places=choose(Path(shell.get("DATA_DIR") or root / "var")),
        port=_port(shell, "PORT", 8400),
        itsm_port=_port(shell, "ITSM_PORT", 8401),
        wants_demo=shell.get("DEMO", "yes").lower() not in {"no", "0", "false"},
    )


def _port(shell: Mapping[str, str], name: str, default: int) -> int:
    given = shell.get(name) or str(default)
    if not given.isdigit() or int(given) not in _PORTS:
        raise Trouble(f"{name}={given} is not a port.", f"Say for example {name}={default}.")
    return int(given)
