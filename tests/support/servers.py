"""Whether a run of the tests brings its own servers: one pair, however many workers share it.

The process that runs pytest starts them and stops them. Nobody waits for them who tests pure code.
"""

from __future__ import annotations

import os
from pathlib import Path


def wanted() -> Path | None:
    """Return the folder that the settings chose, or None where the shell names real servers."""
    home = os.environ.get("INTERLOCK_TEST_SERVERS")
    return Path(home) if home else None
