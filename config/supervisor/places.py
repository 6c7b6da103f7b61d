"""Where the embedded servers keep their files, and under which account PostgreSQL runs.

PostgreSQL refuses to run as root. For root it gets a user id of its own that no account uses, so
that no other program on the machine shares its files, and a home that this id can reach: the data
folder, or a folder in /var/lib where the checkout is for root's eyes only. `choose` decides once;
the link or folder `servers` in the data folder remembers it.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.console import Trouble

#: Where user ids are taken from: above people's accounts, below those systemd and nobody use.
_FIRST_ID, _IDS = 58_000, 2_000
#: A socket's path must fit into 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" to the folder.
_LONGEST_FOLDER = 80


@dataclass(frozen=True)
class Places:
    """The folders of one installation."""

    data: Path
    servers: Path
    sockets: Path
    #: The user id PostgreSQL runs under; None when it is whoever runs the rest.
    server_uid: int | None

    @property
    def logs(self) -> Path:
        """Return where each part's output goes."""
        return self.data / "log"

    @property
    def secrets(self) -> Path:
        """Return where the generated passwords and keys are."""
        return self.data / "secrets"

    def forget_servers(self) -> None:
        """Remove the servers' folders, wherever they are."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.servers, ignore_errors=True)
        (self.data / "servers").unlink(missing_ok=True)

    @property
    def postgres_socket(self) -> Path:
        """Return the folder PostgreSQL listens in."""
        return self.sockets / "postgres"

    @property
    def valkey_socket(self) -> Path:
        """Return the socket Valkey listens on."""
        return self.sockets / "valkey.sock"


def choose(data: Path) -> Places:
    """Decide the places for a data folder and make them.

    Raises:
        Trouble: a folder cannot be made, or belongs to somebody else.
    """
    data = data.resolve()
    try:
        for folder in (data, data / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        _make(data / "secrets", 0o700)
        servers = _servers_home(data)
        server_uid = _server_id(servers) if os.geteuid() == 0 else None
        sockets = _sockets_home(servers)
        _own(sockets / "postgres", server_uid)
    except OSError as error:
        raise Trouble(
            f"{error.filename or data} cannot be used: {error.strerror}.",
            "Interlock writes there; make it yours, or name another folder with DATA_DIR=/path.",
        ) from error
    return Places(data, servers, sockets, server_uid)


def _servers_home(data: Path) -> Path:
    as_other = os.geteuid() == 0
    remembered = data / "servers"
    if (remembered / "postgres").is_dir():
        return remembered.resolve()
    if not as_other or _others_can_reach(data):
        _make(remembered, 0o711 if as_other else 0o700)
        return remembered.resolve()
    if remembered.is_dir() and not remembered.is_symlink():
        shutil.rmtree(remembered)
    remembered.unlink(missing_ok=True)
    home = Path("/var/lib") / f"interlock-{_mark(data)}"
    _make(home, 0o711)
    remembered.symlink_to(home)
    return home


def _sockets_home(servers: Path) -> Path:
    home = servers / "run"
    if len(os.fsencode(home / "postgres")) > _LONGEST_FOLDER:
        home = Path(tempfile.gettempdir()) / f"interlock-{os.geteuid()}-{_mark(servers)}"
    # Root's is passable for the id PostgreSQL runs under; what is inside is closed to all others.
    _make(home, 0o711 if os.geteuid() == 0 else 0o700)
    return home


def _own(folder: Path, uid: int | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if uid is not None:
        os.chown(folder, uid, uid)


def _make(folder: Path, mode: int) -> None:
    """Make a folder of ours with exactly these rights, or make sure that it is one.

    Raises:
        Trouble: what is there is somebody else's, which in a shared place may be a trap.
    """
    folder.mkdir(mode=mode, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise Trouble(f"{folder} belongs to somebody else.", "Remove it, or ask whoever made it.")
    folder.chmod(mode)


def _others_can_reach(folder: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def _server_id(servers: Path) -> int:
    """Return the id that owns the data already, or one that nobody uses."""
    if (servers / "postgres").exists():
        return (servers / "postgres").stat().st_uid
    used = {account.pw_uid for account in pwd.getpwall()}
    start = int(_mark(servers), 16) % _IDS
    for step in range(_IDS):
        candidate = _FIRST_ID + (start + step) % _IDS
        if candidate not in used:
            return candidate
    raise Trouble("Every user id from 58000 to 59999 is taken.", "Run Interlock as another user.")


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
