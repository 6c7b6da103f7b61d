"""The scenarios of the conformance collection, for the elements the engine runs so far.

The collection lies in a folder `shared` beside the checkout or above, and is not part of it;
without it these tests are skipped.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.bpmn import parser
from tests.support import scenarios

ABOVE = Path(__file__).resolve().parents[3:]
FOLDERS = [folder / "shared" / "conformance" / "visible" for folder in ABOVE]
FILES = next((files for folder in FOLDERS if (files := scenarios.scenarios(folder))), [])
AT_LEAST = 14
"""Scenarios that must be played; the number grows with the elements."""

pytestmark = pytest.mark.skipif(not FILES, reason="no conformance collection in ../shared")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_run_goes_as_the_scenario_says(file: Path) -> None:
    scenario = json.loads(file.read_text(encoding="utf-8"))
    model = parser.read(file.with_name(scenario["model"]).read_bytes())
    kinds = scenarios.unsupported(model)
    if kinds:
        pytest.skip(f"not run yet: {', '.join(kinds)}")
    process = next(each for each in model.processes if each.id == scenario["process"])

    scenarios.play(scenario, process)


def test_most_simple_scenarios_are_within_reach() -> None:
    models = [parser.read(file.with_suffix(".bpmn").read_bytes()) for file in FILES]
    assert sum(not scenarios.unsupported(model) for model in models) >= AT_LEAST
