"""What the browser bundle consists of: the manifest that Vite writes, read once.

The bundle is built at set-up and not committed. A page whose bundle is missing still renders;
`missing()` lets a system check say so in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Entry:
    """The files of one entry: its script, the chunks it needs at once, and their styles."""

    script: str
    preload: tuple[str, ...]
    styles: tuple[str, ...]


def entry(name: str) -> Entry | None:
    """Return the files of the entry `src/entrypoints/<name>.ts`, or None where it is not built."""
    manifest = _fresh(str(_path())) if settings.DEBUG else _read(str(_path()))
    row = manifest.get(f"src/entrypoints/{name}.ts")
    if row is None:
        return None
    chunks = _closure(manifest, row)
    styles = dict.fromkeys(css for chunk in (*chunks, row) for css in chunk.get("css", ()))
    return Entry(
        script=f"app/{row['file']}",
        preload=tuple(f"app/{chunk['file']}" for chunk in chunks),
        styles=tuple(f"app/{css}" for css in styles),
    )


def missing() -> str:
    """Return the path of the manifest where it is missing, or nothing."""
    path = _path()
    return "" if path.is_file() else str(path)


def _path() -> Path:
    return Path(settings.BASE_DIR) / "static" / "app" / "manifest.json"


def _fresh(path: str) -> dict[str, Any]:
    file = Path(path)
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


_read = lru_cache(maxsize=1)(_fresh)


def _closure(manifest: dict[str, Any], row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every chunk the row imports statically, each once, those needed first in front."""
    found: dict[str, dict[str, Any]] = {}

    def walk(current: dict[str, Any]) -> None:
        for name in current.get("imports", ()):
            if name not in found:
                chunk = manifest[name]
                found[name] = {}
                walk(chunk)
                found[name] = chunk

    walk(row)
    return list(found.values())
