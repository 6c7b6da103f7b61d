"""Our own decision models, one file per subject: what each question answers, and how it warns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.decisions import Decisions, read
from engine.decisions.record import answers, values_of
from engine.expressions import admit
from engine.expressions.typed import to_typed

MODELS = Path(__file__).parent / "models"


def cases() -> list[Any]:
    found = []
    for file in sorted(MODELS.glob("**/*.json")):
        for number, case in enumerate(json.loads(file.read_text()), 1):
            name = case.get("decision") or case.get("service") or case["bkm"]
            found.append(pytest.param(file, case, id=f"{file.stem}-{number}-{name}"))
    return found


def typed(value: Any) -> Any:
    return to_typed(admit(values_of({"it": value})["it"]))


def call(file: Path, case: dict[str, Any]) -> dict[str, Any]:
    context = {name: typed(value) for name, value in case.get("context", {}).items()}
    return {**case, "model": file.with_suffix(".dmn").name, "context": context}


@pytest.mark.parametrize(("file", "case"), cases())
def test_a_question_gets_the_answer_that_was_computed_by_hand(
    file: Path, case: dict[str, Any]
) -> None:
    answer = answers([call(file, case)], lambda path: (file.parent / path).read_bytes())[0]

    if "error" in case:
        assert case["error"] in answer["error"]
    else:
        assert answer == {"value": typed(case["value"])}


@pytest.mark.parametrize(
    ("file", "case"),
    [one for one in cases() if "warning" in one.values[1]],
)
def test_what_became_null_on_the_way_is_said(file: Path, case: dict[str, Any]) -> None:
    decisions = Decisions(read(file.with_suffix(".dmn").read_bytes()))
    asked = {"decision": decisions.decide, "service": decisions.serve, "bkm": decisions.call}
    kind = next(kind for kind in asked if kind in case)
    context = values_of(case.get("context", {}))

    warnings = asked[kind](case[kind], context).warnings

    assert any(case["warning"].lower() in one.lower() for one in warnings), warnings
