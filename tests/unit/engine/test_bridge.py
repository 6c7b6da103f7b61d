"""The bridge to bpmn-python: a program of its own, that answers or is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import validation
from engine.bpmn.runbooks import UnreadableRunbook, bpmn_python, writing
from engine.bridge import BridgeFailed, BridgeMissing, ask, runner
from tests.unit.engine.bpmn.runbooks.test_table import ORDERS

needs_it = pytest.mark.skipif(
    not runner._PYTHON.exists(), reason="bpmn-python is not installed beside this environment."
)


@needs_it
def test_a_runbook_in_its_own_format_becomes_a_draft() -> None:
    found = bpmn_python.read(ORDERS, ask("runbook", ORDERS))
    assert {step.name for step in found.steps.values()} >= {"Check the order", "Reject", "Accept"}
    model = writing.model_of(found, "orders")
    assert [one.code for one in validation.problems(model) if one.severity == "error"] == []


@needs_it
@pytest.mark.parametrize("text", ["", "Order,Activity\n", "Order,Activity\n0,a\n9z9,b\n", "\x00"])
def test_what_it_does_not_understand_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises((BridgeFailed, UnreadableRunbook)) as refusal:
        bpmn_python.read(text, ask("runbook", text))
    assert len(str(refusal.value)) > 20


def test_without_it_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runner, "_PYTHON", tmp_path / "python")
    with pytest.raises(BridgeMissing):
        ask("runbook", "x")
