"""Takes the reference models of the BPMN Model Interchange Working Group through the editor.

All of them in one browser, on an installation of its own: uploaded, edited, saved, downloaded.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from config.setup import browser as browsers
from tests.journeys import round_trips
from tests.journeys.conftest import FLAGS
from tests.journeys.installation import Installation, provide_bundle
from tests.journeys.pictures import signed_in
from tests.journeys.round_trips import Trip
from tests.support.proof import write


def main() -> None:
    """Start an installation, take every model through it, and write the figures."""
    if not round_trips.REFERENCE:
        sys.exit("There are no reference models beside this checkout (INTERLOCK_SHARED).")
    provide_bundle()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        here = Installation(home)
        try:
            here.start()
            began = time.monotonic()
            trips = _travel(here, home)
            seconds = time.monotonic() - began
        finally:
            here.stop()
    clean = [trip for trip in trips if not trip.differences]
    figures = {
        "what": "reference models uploaded, edited in the browser, saved, and compared",
        "models": len(trips),
        "downloaded_byte_for_byte_before_the_edit": sum(trip.untouched for trip in trips),
        "without_a_difference_after_the_edit": len(clean),
        "differences": {trip.name: trip.differences for trip in trips if trip.differences},
        "seconds": round(seconds, 1),
    }
    sys.stdout.write(f"{write('miwg', figures)}: {figures}\n")


def _travel(here: Installation, home: Path) -> list[Trip]:
    out = home / "out"
    out.mkdir()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.on_path(), args=FLAGS)
        page = signed_in(chromium, here, "Yusuf Demir").new_page()
        page.goto("/processes")
        found = [round_trips.travel(page, model, out) for model in round_trips.REFERENCE]
        chromium.close()
    return found


if __name__ == "__main__":
    main()
