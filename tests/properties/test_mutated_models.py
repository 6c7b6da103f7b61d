"""Real models with random damage: judged, converted and compared without any other error."""

from __future__ import annotations

import contextlib
import copy
import time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.diff import diff
from engine.bpmn.validation import problems
from engine.xml import UnreadableModel

TESTS = Path(__file__).parents[1]
MODELS = sorted(
    [
        *(TESTS / "conformance" / "scenarios").glob("*.bpmn"),
        *(TESTS / "unit" / "engine" / "bpmn").glob("camunda*/*.bpmn"),
    ]
)
VALUES = ["", "x", "ghost", "=", "= (", "${", "-1", "9" * 30, "true", "PT0S", "a b", "{}", "0 0 9"]


def damaged(data: bytes, chance: Any) -> bytes:
    """Return a model with a few elements or attributes lost, moved, copied or changed."""
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 6)):
        elements = [element for element in root.iter("*") if element is not root]
        if not elements:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randrange(6):
            case 0:
                _removed(one)
            case 1 if one.attrib:
                name = chance.choice(sorted(map(str, one.attrib)))
                one.set(name, chance.choice([*VALUES, other.get("id", "")]))
            case 2 if one.attrib:
                del one.attrib[chance.choice(sorted(map(str, one.attrib)))]
            case 3 if len(list(other.iter())) < 40:
                one.append(copy.deepcopy(other))
            case 4:
                one.text = chance.choice(VALUES)
            case _:
                one.tag = other.tag
    return etree.tostring(root)


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.randoms(use_true_random=False))
def test_no_damage_breaks_the_validator_the_conversion_or_the_comparison(chance: Any) -> None:
    whole = chance.choice(MODELS).read_bytes()
    broken = damaged(whole, chance)
    began = time.process_time()
    with contextlib.suppress(UnreadableModel):
        kept = converted(broken)
        for data in (broken, kept):
            assert all(one.message and one.hint for one in problems(data))
        diff(whole, broken)
    assert time.process_time() - began < 3
