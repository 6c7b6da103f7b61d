"""Throwing events, links and messages: BPMN 2.0.2, 13.5.1, 13.5.2 and 10.5.5."""

from __future__ import annotations

from engine.bpmn.elements import (
    EndEvent,
    IntermediateThrowEvent,
    IoMapping,
    ManualTask,
    SendTask,
    Task,
)
from engine.bpmn.events import (
    EscalationDefinition,
    LinkDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
)
from engine.semantics.events import EscalationThrown, LinkFollowed, MessageThrown, SignalThrown
from tests.support.processes import a_process
from tests.support.runs import Run


def test_a_link_goes_on_at_the_event_that_catches_it() -> None:
    builder = a_process().throw("out", LinkDefinition("L")).at("")
    run = Run(builder.catch("in", LinkDefinition("L")).user_task("a").build()).start()
    assert run.waiting == ["a"]
    assert run.passed == ["start", "out", "in"]
    assert [one.element for one in run.of(LinkFollowed)] == ["in"]


def test_a_link_stays_within_its_level() -> None:
    builder = a_process().sub("S").throw("out", LinkDefinition("L")).out().at("")
    run = Run(builder.catch("in", LinkDefinition("L")).user_task("a").build()).start()
    [incident] = run.state.incidents.values()
    assert incident.code == "engine.link_missing"


def test_a_message_leaves_with_its_key_and_what_is_mapped() -> None:
    event = IntermediateThrowEvent(
        "t",
        definitions=(MessageDefinition('="M" + x', "number"),),
        inputs=(IoMapping("number + 1", "next"),),
    )
    run = Run(a_process().node(event).end()).start(x="1", number=7)
    [thrown] = run.of(MessageThrown)
    assert (thrown.name, thrown.key, thrown.variables) == ("M1", "7", {"next": 8})


def test_one_that_names_a_job_is_sent_by_a_connector() -> None:
    event = EndEvent("e", definitions=(MessageDefinition("M"),), job_type="mail:1")
    run = Run(a_process().node(event).build()).start()
    assert run.waiting == ["e"]
    run.finish_job("e", sent=True)
    assert (run.status, run.variables, run.of(MessageThrown)) == ("COMPLETED", {"sent": True}, [])


def test_several_definitions_are_all_thrown() -> None:
    definitions = (SignalDefinition("S"), EscalationDefinition("X"), MessageDefinition("M"))
    run = Run(a_process().throw("t", *definitions).user_task("a").end()).start()
    assert run.waiting == ["a"]
    kinds = (SignalThrown, EscalationThrown, MessageThrown)
    assert [len(run.of(kind)) for kind in kinds] == [1, 1, 1]


def test_an_end_event_may_throw_and_terminate() -> None:
    builder = a_process().parallel("f").user_task("a").at("f")
    run = Run(builder.stop("e", SignalDefinition("S"), TerminateDefinition()).build()).start()
    assert (run.status, len(run.of(SignalThrown))) == ("COMPLETED", 1)


def test_a_send_task_without_a_job_throws_and_goes_on() -> None:
    task = SendTask("s", definition=MessageDefinition("M"), inputs=(IoMapping("1", "n"),))
    run = Run(a_process().node(task).end()).start()
    [thrown] = run.of(MessageThrown)
    assert (run.status, thrown.variables) == ("COMPLETED", {"n": 1})


def test_a_task_of_no_kind_is_passed_and_a_manual_one_waits() -> None:
    run = Run(a_process().node(Task("t")).node(ManualTask("m")).end()).start()
    assert run.waiting == ["m"]
    run.complete("m")
    assert run.status == "COMPLETED"
