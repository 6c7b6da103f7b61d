"""Recorded journals: what an engine wrote once, kept to be replayed by every later one.

Add a recording with every release that changes an event: call `record` on a run of a test and keep
the file. A recording is never edited.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine import codec
from engine.models.instances import Instance
from engine.models.journal import JournalRow, Payload
from engine.queries import journals

FOLDER = Path(__file__).resolve().parent.parent / "journals"


def record(run: Instance, name: str, about: str) -> Path:
    """Write the journal of a run to a file."""
    payloads = {row.seq_from: row for row in Payload.objects.filter(instance_id=run.pk)}
    found: dict[str, Any] = {
        "schema": codec.SCHEMA,
        "about": about,
        "instance": str(run.pk),
        "rows": [
            {
                "header": journals.header_of(row),
                "events": row.events,
                "prev_hash": row.prev_hash,
                "hash": row.hash,
                "salt": payloads[row.seq_from].salt if row.seq_from in payloads else "",
                "values": payloads[row.seq_from].values if row.seq_from in payloads else "{}",
            }
            for row in JournalRow.objects.filter(instance_id=run.pk).order_by("seq_from")
        ],
        "state": codec.state_text(journals.replayed(run.pk)),
    }
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
