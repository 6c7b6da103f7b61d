"""docs/reliability.md names every mutant of the engine, and the trial or scene that catches it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mutants.catalogue import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| (?P<mutant>[a-z ]+) \| (?P<by>[^|]+) \|$", re.MULTILINE)
_TOLD = {
    "kills": "kills:",
    "killed at timers": "kills at timers:",
    "many branches at one join": "many branches at one join:",
    "cancelled runs": "cancelled runs:",
    "new versions": "new versions while running:",
}


def told() -> dict[str, str]:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    section = text.split("\n### Mutants\n")[1].split("\n## ")[0]
    return {row["mutant"]: row["by"] for row in _ROW.finditer(section) if row["mutant"] != "mutant"}


def test_every_mutant_is_told_of_and_no_other() -> None:
    assert list(told()) == [mutant.name for mutant in MUTANTS]
    assert len(MUTANTS) == 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_says_what_notices_it(mutant: Mutant) -> None:
    by = told()[mutant.name]
    if mutant.trial.probes:
        (scene,) = mutant.trial.probes
        assert f"scene `{scene}`" in by or (scene == "oracle" and "the oracle" in by)
    else:
        assert by.startswith(_TOLD[mutant.trial.name])
