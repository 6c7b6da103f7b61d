"""Compares cron expressions with a walk through the minutes, in every zone, over ten years."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from tests.support import wall_clocks
from tests.support.proof import write

_YEARS = int(os.environ.get("YEARS") or 10)
_BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
_SHOWN = 50


def main() -> None:
    """Walk around every change of the clocks in every zone, and write what differed."""
    end = _BEGIN.replace(year=_BEGIN.year + _YEARS)
    zones = sorted(available_timezones())
    found, changed = [], 0
    for name in zones:
        changed += sum(1 for _change in wall_clocks.changes(ZoneInfo(name), _BEGIN, end))
        found += wall_clocks.disagreements(name, _BEGIN, end)
    figures = {
        "what": "cron expressions against a walk minute by minute, 50 hours before and after each "
        "change of the clocks in each zone",
        "zones": len(zones),
        "years": _YEARS,
        "changes": changed,
        "disagreements": len(found),
        "the_first": found[:_SHOWN],
    }
    sys.stdout.write(f"{write('zones', figures)}: {figures}\n")


if __name__ == "__main__":
    main()
