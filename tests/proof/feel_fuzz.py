"""Fuzzes FEEL for SECONDS, an hour where nothing else is said. SEED chooses other texts."""

from __future__ import annotations

import os
import sys

from tests.support import feel_cases, feel_fuzz
from tests.support.proof import write

_SECONDS = float(os.environ.get("SECONDS") or 3_600)
_SEED = int(os.environ.get("SEED") or 1)


def main() -> None:
    """Try texts, and write how many and what came of them."""
    tally = feel_fuzz.fuzz(_SECONDS, _SEED)
    figures = {
        "what": "texts read as FEEL and evaluated; each ends as a value, null or a declared error",
        "seconds": _SECONDS,
        "seed": _SEED,
        "grown_from": feel_cases.source(),
        "texts": tally.texts,
        "undeclared_errors": 0,
        "ends": dict(sorted(tally.ends.items())),
        "slowest_seconds": round(tally.slowest, 3),
        "memory_grown_kib": tally.grown,
    }
    sys.stdout.write(f"{write('feel_fuzz', figures)}: {figures}\n")


if __name__ == "__main__":
    main()
