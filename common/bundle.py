"""What the browser bundle consists of: the manifest that Vite writes.

The bundle is built at set-up and not committed. A page whose bundle is missing still renders.
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
    manifest = _manifest()
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


def _manifest() -> dict[str, Any]:
    path = Path(settings.BASE_DIR) / "static" / "app" / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    """Read the manifest once per build: a page must never name files of the build before."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _closure(manifest: dict[str, Any], row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every chunk the row imports statically, each once, those needed first in front."""
    found: dict[str, dict[str, Any]] = {}
    begun: set[str] = set()

    def walk(current: dict[str, Any]) -> None:
        for name in current.get("imports", ()):
            if name in begun:
                continue
            begun.add(name)
            walk(manifest[name])
            found[name] = manifest[name]

    walk(row)
    return list(found.values())
