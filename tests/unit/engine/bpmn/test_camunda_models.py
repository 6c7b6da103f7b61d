"""Twenty processes of IT operations, as modelers write them for Camunda 8 and for Camunda 7."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.elements import Event as EventNode
from engine.bpmn.elements import FlowNode, ReceiveTask, Retry, WorkerTask
from engine.bpmn.events import MessageDefinition
from engine.bpmn.parser import read
from engine.bpmn.process import Process
from engine.bpmn.validation import problems

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "camunda8").glob("*.bpmn"))
HARMLESS = {"call_unknown"}
"""A called process lies in a file of its own."""

by_name = pytest.mark.parametrize("name", NAMES)


def of_8(name: str) -> bytes:
    return (HERE / "camunda8" / f"{name}.bpmn").read_bytes()


def of_7(name: str) -> bytes:
    return converted((HERE / "camunda7" / f"{name}.bpmn").read_bytes())


def test_there_are_twenty_of_each() -> None:
    assert len(NAMES) == 20
    assert sorted(path.stem for path in (HERE / "camunda7").glob("*.bpmn")) == NAMES


@by_name
def test_a_model_of_camunda_8_runs_as_it_is(name: str) -> None:
    assert {one.code for one in problems(of_8(name))} <= HARMLESS


@by_name
def test_a_model_of_camunda_7_runs_once_it_is_converted(name: str) -> None:
    told = Counter(one.code for one in problems(of_7(name)))
    assert told.pop("vendor_setting") == 1  # how long runs are kept
    assert set(told) <= HARMLESS | {"correlation_missing"}


@by_name
def test_both_say_the_same(name: str) -> None:
    """But for what Camunda 7 does not say: correlation keys, and that retries wait alike."""
    ours, theirs = (read(data).executable[0] for data in (of_8(name), of_7(name)))
    assert list(ours.flows.values()) == list(theirs.flows.values())
    assert [_alike(node) for node in ours.nodes.values()] == [
        _alike(node) for node in theirs.nodes.values()
    ]
    assert _levels(ours) == _levels(theirs)


def _alike(node: FlowNode) -> FlowNode:
    if isinstance(node, WorkerTask):
        # JUEL makes texts of what it puts together, FEEL is asked to.
        inputs = tuple(
            replace(one, source=re.sub(r"string\((\w+)\)", r"\1", one.source))
            for one in node.inputs
        )
        return replace(node, retry=Retry(attempts=node.retry.attempts), inputs=inputs)
    if isinstance(node, ReceiveTask) and node.definition is not None:
        return replace(node, definition=MessageDefinition(node.definition.name))
    if isinstance(node, EventNode):
        return replace(
            node,
            definitions=tuple(
                MessageDefinition(one.name) if isinstance(one, MessageDefinition) else one
                for one in node.definitions
            ),
        )
    return node


def _levels(process: Process) -> dict[str, str]:
    return {node.id: node.scope for node in process.nodes.values()}
