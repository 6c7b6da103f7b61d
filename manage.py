#!/usr/bin/env python
"""Django's command line, with the database sign-in that each command needs."""

from __future__ import annotations

import os
import sys

#: Everything else runs as the web does. Only what changes the schema is the owner.
_ROLE_OF_COMMAND = {
    "migrate": "owner",
    "makemigrations": "owner",
    "sqlmigrate": "owner",
    "showmigrations": "owner",
    "sweep": "engine",
    "seal_audit": "audit",
    "verify_audit": "audit",
    "verify_history": "engine",
}

#: Commands that ring for workers need the broker; the others need not wait for Celery to load.
_RINGING = {"sweep", "seed_demo"}


def main() -> None:
    """Run the command named on the line."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("INTERLOCK_ROLE", _ROLE_OF_COMMAND.get(command, "app"))

    if command in _RINGING:
        import config.celery  # noqa: PLC0415, F401
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
