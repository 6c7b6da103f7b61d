"""The scenarios of the conformance collection: all of them pass.

The collection lies in a folder `shared` beside the checkout or above, and is not part of it;
without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.conformance import players, scenario

ABOVE = [Path(os.environ.get("INTERLOCK_SHARED", "shared")).resolve()]
ABOVE += [folder / "shared" for folder in Path(__file__).resolve().parents[3:]]
FOLDERS = [folder / "conformance" / "visible" for folder in ABOVE]
FILES = next((sorted(folder.glob("*.json")) for folder in FOLDERS if folder.is_dir()), [])

pytestmark = pytest.mark.skipif(not FILES, reason="no conformance collection in ../shared")


@pytest.mark.parametrize("mode", sorted(players.MODES))
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_run_goes_as_the_scenario_says(file: Path, mode: str) -> None:
    read = scenario.read(json.loads(file.read_text(encoding="utf-8")))

    verdict = players.play(
        read, file.with_name(read.content["model"]).read_bytes(), players.MODES[mode]
    )

    assert (verdict.outcome, verdict.why) == (players.PASS, "")
