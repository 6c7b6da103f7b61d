"""The browser's description of our namespace says what the parser reads, name by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import extensions, vocabulary
from engine.bpmn.elements import ENVIRONMENTAL, Retry

FRONTEND = Path(__file__).parents[4] / "frontend" / "src"


def described() -> dict[str, Any]:
    text = (FRONTEND / "bpmn" / "moddle" / "interlock.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_namespace_is_the_parsers() -> None:
    assert described()["uri"] == vocabulary.INTERLOCK


def test_elements_and_attributes_are_the_parsers() -> None:
    elements = {
        kind["name"][0].lower() + kind["name"][1:]: tuple(
            part["name"] for part in kind["properties"]
        )
        for kind in described()["types"]
    }

    assert elements == dict(extensions.INTERLOCK_ELEMENTS)


@pytest.mark.parametrize(("name", "usual"), [("USUAL", Retry()), ("USUAL_AROUND", ENVIRONMENTAL)])
def test_the_panel_shows_as_usual_what_the_machine_does(name: str, usual: Retry) -> None:
    panel = FRONTEND / "editor" / "panel" / "groups" / "retry.ts"

    assert (
        f'const {name}: Policy = {{ attempts: "{usual.attempts}", '
        f'firstDelay: "{usual.first_delay}", factor: "{usual.factor:g}", cap: "{usual.cap}", '
        f'deadline: "{usual.deadline}" }};'
    ) in panel.read_text(encoding="utf-8")
