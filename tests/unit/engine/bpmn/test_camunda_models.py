"""Twenty processes of IT operations, as modelers write them for Camunda 8 and for Camunda 7."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.elements import (
    BusinessRuleTask,
    CallActivity,
    FlowNode,
    ReceiveTask,
    Retry,
    StartEvent,
    WorkerTask,
)
from engine.bpmn.elements import Event as EventNode
from engine.bpmn.events import MessageDefinition, SignalDefinition, TimerDefinition
from engine.bpmn.parser import read
from engine.bpmn.process import Process
from engine.bpmn.validation import problems
from engine.conformance.instances import Instance
from engine.conformance.stubs import Stubs
from engine.conformance.world import Message, World
from engine.semantics.commands import CompleteUserTask
from engine.semantics.state import Awaited
from tests.support.processes import a_process

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "camunda8").glob("*.bpmn"))
KNOWN: dict[str, Any] = {
    "requester": "rita",
    "manager": "max",
    "owner": "olga",
    "leaving": "lena",
    "arriving": "arno",
    "system": "db-1",
    "host": "web-1",
    "title": "Mail is down",
    "runbook": "rb-7",
    "phone": "555",
    "code": "42",
    "entered": "42",
    "version": "1.2",
    "risk": "high",
    "approved": True,
    "granted": True,
    "go": True,
    "workaround": True,
    "accepted": True,
    "internal": True,
    "external": True,
    "hasLaptop": True,
    "forced": False,
    "hasPhone": True,
    "contractor": False,
    "cause": "a leak",
    "group": "network",
    "laptop": "L",
    "changeNumber": "C1",
    "orderNumber": "O1",
    "requestId": "R1",
    "cve": "CVE-1",
    "role": "r",
    "ttl": "PT1H",
    "reminderAfter": "PT30M",
    "approvalDue": "2030-01-03T00:00:00Z",
    "reviewDue": "P2D",
    "resolveBy": "P1D",
    "fixBy": "P7D",
    "internalZone": "a.lan",
    "externalZone": "a.example",
}
"""What the processes know when they begin."""

_ITEMS = [{"id": "1", "name": "one", "commonName": "a.example"}, {"id": "2", "name": "two"}]
ANSWERS: dict[str, Any] = {
    "Classify": {"returns": {"priority": 2}},
    "Rate": {"returns": {"rating": 9}},
    "Measure": {"returns": {"response": {"value": 80, "free": 40}}},
    **{
        element: {"returns": {"response": {name: value}}}
        for element, name, value in (
            *(
                ("List", "servers", _ITEMS),
                ("Find", "items", _ITEMS),
                ("Accounts", "accounts", _ITEMS),
            ),
            *(("Largest", "files", _ITEMS), ("Probe", "healthy", True), ("Compare", "rows", 0)),
            *(
                ("Implement", "result", "done"),
                ("Build", "artifact", "a.tar"),
            ),
            ("OpenCase", "number", "V1"),
        )
    },
}
"""What the systems around them answer."""

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


@by_name
def test_both_run_to_their_end_by_the_same_steps(name: str) -> None:
    paths = [_played(read(data).executable[0]) for data in (of_8(name), of_7(name))]
    assert paths[0] == paths[1]
    assert len(paths[0]) >= 4


def _played(process: Process) -> list[str]:
    """Return what is passed on the way, with people, systems and others doing what they must."""
    calls = [node.called for node in process.nodes.values() if isinstance(node, CallActivity)]
    others = {called: a_process(called).end() for called in calls}
    world = World({**others, process.id: _decided_outside(process)}, Stubs(ANSWERS))
    run = _begun(world, process)
    for _ in range(50):
        if run.state.is_finished:
            return [element for one, element in world.log if one is run]
        assert not run.state.incidents, list(run.state.incidents.values())
        task = next(iter(run.state.user_tasks), None)
        awaited = [one for one in run.state.subscriptions.values() if one.kind == Awaited.MESSAGE]
        if task is not None:
            world.do(run, CompleteUserTask(task, "ada", {}))
        elif awaited:
            world.publish(Message(awaited[0].name, {}, awaited[0].key), "")
        else:
            world.advance("PT1H")
    raise AssertionError(f"{process.id} waits for {run.waiting()}")


def _decided_outside(process: Process) -> Process:
    """Return the process with a job for each decision: the decisions' own models are not here."""
    nodes = {
        at: replace(node, decision=None, job_type="decide:1")
        if isinstance(node, BusinessRuleTask)
        else node
        for at, node in process.nodes.items()
    }
    return replace(process, nodes=nodes)


def _begun(world: World, process: Process) -> Instance:
    start = next(node for node in process.level("") if isinstance(node, StartEvent))
    match start.definition:
        case MessageDefinition(name):
            world.publish(Message(name, KNOWN), "main")
        case SignalDefinition(name):
            world.broadcast(name, KNOWN)
        case TimerDefinition():
            world.start(process.id, "main", KNOWN, start.id)
        case _:
            world.start(process.id, "main", KNOWN)
    return world.instances[0]


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
