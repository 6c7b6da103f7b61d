"""Two people edit one draft in two browsers, at random, and one loses the connection while typing.

Every edit is in the final model, was replaced by somebody who saw it, or is named in a conflict.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright

from config.setup import browser as browsers
from tests.journeys import together
from tests.journeys.conftest import FLAGS
from tests.journeys.installation import Installation, provide_bundle
from tests.journeys.pictures import signed_in
from tests.journeys.together import WRITERS
from tests.support.proof import write

EDITS = int(os.environ.get("EDITS", "500"))
SEED, CUT_FOR = 2026, 30
#: A model so small that two people meet often; a new one after so many edits.
_EACH = 50


def main() -> None:
    """Start an installation, let both edit, cut the connection, and write the figures."""
    provide_bundle()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        here = Installation(home)
        try:
            here.start()
            began = time.monotonic()
            figures = _edited(here)
        finally:
            here.stop()
    figures |= {"seconds": round(time.monotonic() - began, 1), "seed": SEED}
    sys.stdout.write(f"{write('together', figures)}: {figures}\n")


def _edited(here: Installation) -> dict[str, object]:
    counted = Counter[str]()
    lost: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.on_path(), args=FLAGS)
        admin, first, second = (
            signed_in(chromium, here, name).new_page() for name in ("Helena Brandt", *WRITERS)
        )
        draft = ""
        for part, done in enumerate(range(0, EDITS, _EACH)):
            key = f"{together.KEY}-{part}"
            draft = together.shared_draft(first, admin, WRITERS[1], key=key)
            edits = min(_EACH, EDITS - done)
            outcome = together.work(first, second, draft, edits=edits, seed=SEED + part)
            counted += Counter(outcome.counts())
            lost += map(str, outcome.lost)
            sys.stdout.write(f"{done + edits} edits: {dict(counted)}\n")
            sys.stdout.flush()
        together.cut_while_typing(first, seconds=CUT_FOR)
        names = {one["name"] for one in together.model_of(second, draft).values()}
        chromium.close()
    return {
        "what": "random edits of two people in two browsers on one draft; each counted once",
        "edits_made": EDITS,
        **counted,
        "lost": len(lost),
        "lost_edits": lost,
        "typed_over_a_cut_of_seconds": CUT_FOR,
        "text_typed_over_the_cut_is_saved": together.TYPED in names,
    }


if __name__ == "__main__":
    main()
