"""Recorded journals: what an engine wrote once, kept to be replayed by every later one.

Add a recording with every release that changes an event: call `record` on a run of a test and keep
the file. A recording is never edited.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine import codec, projections, replay
from engine.models.instances import Instance
from engine.queries import journals

FOLDER = Path(__file__).resolve().parent.parent / "journals"


def record(run: Instance, name: str, about: str) -> Path:
    """Write the journal of a run to a file."""
    found: dict[str, Any] = {
        "schema": codec.SCHEMA,
        "about": about,
        "instance": str(run.pk),
        "rows": [
            {
                "header": projections.header(row.header),
                "events": row.events,
                "prev_hash": row.prev_hash,
                "hash": row.hash,
                "salt": row.vault.salt,
                "values": codec.canonical(row.vault.values),
            }
            for row in replay.rows(run.pk)
        ],
        "state": codec.state_text(journals.replayed(run.pk)),
    }
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
