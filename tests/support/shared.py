"""Where the material lies that tests read when it is there, and skip in words when it is not."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Beside the checkout, where nothing else is said.
SHARED = Path(os.environ.get("INTERLOCK_SHARED") or ROOT.parent / "shared")
