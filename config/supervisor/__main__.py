"""`python -m config.supervisor up|stop|reset|backup|restore|manage ...`: what `make` calls."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.console import Console, Trouble, unforeseen
from config.supervisor.backups import back_up, restore
from config.supervisor.installation import Installation, installation
from config.supervisor.reset import reset
from config.supervisor.supervise import Supervisor, stop

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Do what the first argument says; return the exit status."""
    console = Console()
    try:
        here = installation(ROOT)
        if not _do(here, console, arguments):
            sys.stderr.write((__doc__ or "") + "\n")
            return 2
    except Trouble as trouble:
        console.trouble(trouble)
        return 1
    except Exception as error:  # noqa: BLE001
        console.trouble(unforeseen(error, ROOT / "var" / "log" / "supervisor.log"))
        return 1
    return 0


def _do(here: Installation, console: Console, arguments: list[str]) -> bool:
    match arguments:
        case ["up"]:
            Supervisor(here, console).run()
        case ["stop"]:
            stop(here, console)
        case ["reset"]:
            reset(here, console)
        case ["backup", *where]:
            back_up(here, console, Path(where[0]) if where else None)
        case ["restore", file]:
            restore(here, console, Path(file))
        case ["manage", role, *command]:
            _become(here, role, command)
        case _:
            return False
    return True


def _become(here: Installation, role: str, command: list[str]) -> None:
    """Become one of Django's commands, signed in as a role of this installation."""
    line = here.manage(*command)
    os.execve(line[0], line, {**os.environ, **here.environment("manage", role=role)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
