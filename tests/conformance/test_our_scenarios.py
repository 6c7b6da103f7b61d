"""Our own scenarios: sound as files, and played by the engine as they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.conformance import players, scenario

FOLDER = Path(__file__).with_name("scenarios")
FILES = sorted(FOLDER.glob("*.json"))
AT_LEAST = 200
"""How many there are at least; none is lost unseen."""

MODDLE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "bpmn-moddle"
XSD = MODDLE / "resources" / "bpmn" / "xsd" / "BPMN20.xsd"
"""The schema of BPMN 2.0 as the editor's packages bring it."""

CLAUSE = re.compile(r"\b1[03]\.\d|Camunda 8 ")

by_name = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return scenario


@pytest.mark.parametrize("mode", sorted(players.MODES))
@by_name
def test_the_run_goes_as_the_scenario_says(file: Path, mode: str) -> None:
    played = scenario.read(read(file)).with_decisions(
        lambda name: file.with_name(name).read_bytes()
    )

    verdict = players.play(played, file.with_suffix(".bpmn").read_bytes(), players.MODES[mode])

    assert (verdict.outcome, verdict.why) == (players.PASS, "")


@by_name
def test_a_scenario_names_itself_its_clause_and_what_it_expects(file: Path) -> None:
    scenario = read(file)

    assert scenario["name"] == file.stem
    assert scenario["model"] == f"{file.stem}.bpmn"
    assert CLAUSE.search(scenario["spec"]), scenario["spec"]
    assert any(scenario.get(part) for part in ("expect", "expect_instances", "expect_count"))


@pytest.mark.skipif(not XSD.exists(), reason="the editor's packages are not installed")
def test_every_model_is_valid_against_the_schema_of_bpmn() -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    wrong = {
        file.name: str(schema.error_log.last_error)
        for file in sorted(FOLDER.glob("*.bpmn"))
        if not schema.validate(etree.parse(file))
    }

    assert not wrong


def test_no_scenario_is_without_a_model_and_no_model_without_a_scenario() -> None:
    assert {file.stem for file in FILES} == {file.stem for file in FOLDER.glob("*.bpmn")}
    assert len(FILES) >= AT_LEAST
