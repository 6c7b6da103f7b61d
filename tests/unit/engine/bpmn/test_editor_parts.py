"""What the editor offers to draw is what runs: the type and trigger of each part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn import vocabulary

PARTS = Path(__file__).parents[4] / "frontend" / "src" / "editor" / "parts.ts"
_CONSTANT = re.compile(r'^const (\w+) = "bpmn:(\w+)";$', re.MULTILINE)
_PART = re.compile(
    r'\{ key: "(?P<key>[\w-]+)".*?'
    r'type: (?:"bpmn:(?P<type>\w+)"|(?P<constant>[A-Z]+))'
    r'(?:, trigger: "bpmn:(?P<trigger>\w+)")?'
)
_POSITIONS = {
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "intermediate catch event",
    "intermediateThrowEvent": "intermediate throw event",
    "boundaryEvent": "boundary event",
}
#: Drawn, and nothing to a run: frames, notes and data.
_BESIDE = {"participant", "textAnnotation", "dataObjectReference", "dataStoreReference", "group"}


def offered() -> list[tuple[str, str, str]]:
    """Return key, element and trigger of each part, as the file has them."""
    text = PARTS.read_text(encoding="utf-8")
    constants = dict(_CONSTANT.findall(text))
    found = []
    for part in _PART.finditer(text):
        kind = part["type"] or constants[part["constant"]]
        found.append((part["key"], lower(kind), lower(part["trigger"] or "")))
    return found


def lower(name: str) -> str:
    return name[:1].lower() + name[1:]


@pytest.mark.parametrize(("key", "element", "trigger"), offered(), ids=lambda value: value)
def test_a_part_of_the_editor_runs(key: str, element: str, trigger: str) -> None:
    assert element in vocabulary.EXECUTED | _BESIDE, key
    if trigger:
        allowed = vocabulary.ALLOWED_DEFINITIONS[_POSITIONS[element]]
        assert vocabulary.EVENT_DEFINITIONS[trigger] in allowed, key


def test_every_kind_of_step_gateway_and_event_is_offered() -> None:
    elements = {element for _, element, _ in offered()}

    assert elements == vocabulary.EXECUTED | _BESIDE
    assert len({key for key, _, _ in offered()}) == len(offered())
