"""How a step knows that it is done: a stamp, the digest of everything its result depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(*parts: str | Path) -> str:
    """Return one digest over texts and the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()


def tree_digest(files: Iterable[Path], root: Path) -> str:
    """Return one digest over files, their names and their contents, in any order given."""
    parts: list[str | Path] = []
    for path in sorted(files):
        parts += [path.relative_to(root).as_posix(), path]
    return digest(*parts)


def holds(stamp: Path, value: str) -> bool:
    """Return whether the stamp says just this; no stamp says nothing."""
    try:
        return stamp.read_text(encoding="utf-8").strip() == value
    except OSError:
        return False


def write(stamp: Path, value: str) -> None:
    """Set the stamp, all at once, so that a power cut leaves either the old or the new one."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = stamp.with_name(stamp.name + ".new")
    fresh.write_text(value + "\n", encoding="utf-8")
    fresh.replace(stamp)
