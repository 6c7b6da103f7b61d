"""A small disk of our own, so that it can be full: a tmpfs that nobody else sees.

It is mounted in a namespace of this process, and gone with it. Where mounting is not allowed there
is no such disk, and nothing that needs it is played.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NEW_NAMESPACE = 0x0002_0000
_MEBIBYTE = 1024 * 1024
_SIZE = 2_048
_PAGE = 4_096
#: So much others may take while the filler grows.
_RACED_FOR = 32 * _MEBIBYTE
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder on which only so much room is left as we leave."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave no room at all: most of it at once, and the rest until there is none."""
        room = os.statvfs(self.folder)
        with self._filler.open("wb", buffering=0) as filler:
            most = room.f_bavail * room.f_frsize - _RACED_FOR
            os.posix_fallocate(filler.fileno(), 0, most)
            filler.seek(most)
            try:
                while True:
                    filler.write(bytes(_PAGE))
            except OSError:
                return

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink()


def mounted(folder: Path) -> Disk | None:
    """Mount a disk there, for this process and those it starts; None where that is not allowed."""
    if os.geteuid() != 0 or _libc.unshare(_NEW_NAMESPACE) != 0:
        return None
    told = (
        ["mount", "--make-rprivate", "/"],
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE * _MEBIBYTE},mode=755", "tmpfs", str(folder)],
    )
    done = all(
        subprocess.run(command, capture_output=True, check=False).returncode == 0
        for command in told
    )
    return Disk(folder) if done else None
