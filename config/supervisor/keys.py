"""The secrets of an installation: made once at random, each in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def key(folder: Path, name: str) -> str:
    """Return the secret of that name, making it the first time."""
    path = folder / name
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        fresh = secrets.token_urlsafe(48)
    write_private(path, fresh)
    return fresh


def write_private(path: Path, text: str, owner: int | None = None) -> None:
    """Write a file that is never, not for a moment, readable by others."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        if owner is not None:
            os.fchown(file.fileno(), owner, owner)
    half.replace(path)
