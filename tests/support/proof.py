"""Where figures are kept: docs/proof/NAME.json, with when, of what and on what they were taken."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from common import clock

ROOT = Path(__file__).resolve().parents[2]


def write(name: str, figures: dict[str, Any]) -> Path:
    """Write figures under their name, with date, commit, machine and load."""
    target = ROOT / "docs" / "proof" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    head = {
        "date": clock.now().isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short=12", "HEAD") + ("+" if _changed() else ""),
        "machine": {"processors": os.cpu_count(), "architecture": platform.machine()},
        "load": [round(figure, 2) for figure in os.getloadavg()],
    }
    target.write_text(json.dumps({**head, "figures": figures}, indent=2) + "\n", encoding="utf-8")
    return target


def _changed() -> bool:
    return bool(_git("status", "--porcelain", "--", ".", ":!docs/proof"))


def _git(*arguments: str) -> str:
    asked = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()
