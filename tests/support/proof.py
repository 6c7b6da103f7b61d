"""Where figures are kept: docs/proof/NAME.json, with when, of what and on what they were taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from config.loadtest.machine import head

ROOT = Path(__file__).resolve().parents[2]


def write(name: str, figures: dict[str, Any]) -> Path:
    """Write figures under their name, with date, commit, machine and load."""
    target = ROOT / "docs" / "proof" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({**head(), "figures": figures}, indent=2) + "\n", encoding="utf-8")
    return target
