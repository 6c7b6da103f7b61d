"""However a decision model is spoilt, it is judged, analysed and asked without another error."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from common.errors import DomainError
from engine.decisions import Decisions, read
from engine.decisions.elements import BusinessKnowledgeModel, Decision, DecisionService
from engine.decisions.findings import sentences
from engine.decisions.record import as_json

MODELS = sorted((Path(__file__).parents[1] / "conformance" / "decisions").glob("**/*.dmn"))
TEXTS = st.sampled_from(
    ["", "-", "null", "1", "true", '"a"', "[1..2]", "< 5", "a b", "(", "-1", "Score", "#u", "tFew"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Return a model with some elements removed, doubled, moved, renamed or rewritten."""
    root = etree.fromstring(draw(st.sampled_from(MODELS)).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        elements = list(root.iterdescendants("*"))
        if not elements:
            break
        victim = draw(st.sampled_from(elements))
        parent = victim.getparent()
        assert parent is not None
        match draw(st.sampled_from(["remove", "double", "move", "text", "attribute", "rename"])):
            case "remove":
                parent.remove(victim)
            case "double":
                parent.append(copy.deepcopy(victim))
            case "move":
                draw(st.sampled_from(elements)).append(copy.deepcopy(victim))
            case "text":
                victim.text = draw(TEXTS)
            case "attribute" if victim.attrib:
                victim.set(draw(st.sampled_from(sorted(map(str, victim.attrib)))), draw(TEXTS))
            case _:
                victim.tag = draw(st.sampled_from(elements)).tag
    return bytes(etree.tostring(root))


@settings(derandomize=True, deadline=None, max_examples=120)
@given(spoilt(), st.dictionaries(st.sampled_from(["Score", "Amount", "Text", "Base"]), VALUES))
def test_a_spoilt_model_is_refused_or_runs(data: bytes, context: dict[str, object]) -> None:
    with contextlib.suppress(DomainError):
        decisions = Decisions(read(data))
        for analysis in decisions.analysed():
            assert all(sentences(analysis))
        asked = {
            Decision: decisions.decide,
            DecisionService: decisions.serve,
            BusinessKnowledgeModel: decisions.call,
        }
        for node in read(data).elements.values():
            if type(node) in asked:
                with contextlib.suppress(DomainError):
                    as_json(asked[type(node)](node.id, context))
