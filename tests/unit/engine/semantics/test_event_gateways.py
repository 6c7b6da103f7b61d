"""Event-based gateways take the flow of the event that comes first: BPMN 2.0.2, 13.4.4."""

from __future__ import annotations

from typing import Any

from engine.bpmn.elements import EventBasedGateway, IoMapping, ReceiveTask, UserTask
from engine.bpmn.events import MessageDefinition, SignalDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.semantics.commands import StartInstance
from engine.semantics.events import SequenceFlowTaken
from tests.support.processes import a_process
from tests.support.runs import Run


def race(**fields: Any) -> Process:
    builder = a_process().node(EventBasedGateway("g")).catch("m", MessageDefinition("M"), **fields)
    builder.user_task("a").at("g").timer("t", duration="PT1H").user_task("b")
    builder.at("g").node(ReceiveTask("r", definition=MessageDefinition("R"))).user_task("c")
    return builder.build()


def test_the_first_event_is_complete_and_the_others_are_no_longer_awaited() -> None:
    run = Run(race()).start()
    assert (len(run.state.subscriptions), len(run.state.timers)) == (2, 1)

    run.publish("R", x=1)
    assert run.waiting == ["c"]
    assert (run.state.subscriptions, run.state.timers) == ({}, {})
    assert run.passed == ["start", "g", "r"]
    assert run.variables == {"x": 1}
    assert [one.flow for one in run.of(SequenceFlowTaken)][-2:] == ["g-r", "r-c"]


def test_time_may_win() -> None:
    run = Run(race()).start()
    run.advance(hours=2)
    assert run.waiting == ["b"]


def test_the_event_maps_what_it_brought() -> None:
    run = Run(race(outputs=(IoMapping("n + 1", "x"),))).start()
    run.publish("M", n=1)
    assert (run.variables, list(run.state.scopes)) == ({"x": 2}, ["run"])


def instantiating(*, parallel: bool) -> Process:
    builder = a_process().at("")
    builder.alone(EventBasedGateway("g", instantiate=True, parallel=parallel))
    builder.catch("m", MessageDefinition("M")).user_task("a")
    builder.at("g").catch("s", SignalDefinition("S")).user_task("b")
    process = builder.build()
    nodes = {key: node for key, node in process.nodes.items() if key != "start"}
    return Process("p", nodes=nodes, flows=process.flows)


def test_one_that_instantiates_begins_with_its_event() -> None:
    run = Run(instantiating(parallel=False))
    run.do(StartInstance(element="s"))
    assert (run.waiting, run.passed) == (["b"], ["g", "s"])


def test_a_parallel_one_then_waits_for_the_others() -> None:
    # 10.6.6: all of its events must occur before the process can be completed.
    run = Run(instantiating(parallel=True))
    run.do(StartInstance({"k": 1}, element="s"))
    assert run.waiting == ["b", "m"]
    run.publish("M")
    assert run.waiting == ["a", "b"]


def test_a_timer_definition_is_what_it_waits_for() -> None:
    builder = a_process().node(EventBasedGateway("g"))
    builder.catch("c", MessageDefinition("M"), TimerDefinition(duration="PT1H"))
    run = Run(builder.node(UserTask("a")).build()).start()
    run.advance(hours=1)
    assert (run.waiting, run.state.subscriptions) == (["a"], {})
