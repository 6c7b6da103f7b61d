"""Every trigger an event can have, as OMG writes it and as Zeebe details it."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import (
    EndEvent,
    Event,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    IoMapping,
    StartEvent,
)
from engine.bpmn.events import (
    CompensationDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.bpmn.parser import read
from tests.support.drawings import drawing

DECLARED = (
    '<message id="m" name="Paid"><extensionElements>'
    '<zeebe:subscription correlationKey="=order"/></extensionElements></message>'
    '<signal id="s" name="Alarm"/><error id="e" errorCode="E1" name="Failed"/>'
    '<error id="nameless" name="Failed"/><escalation id="late" escalationCode="L1"/>'
)
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
CONDITIONAL = (
    "<conditionalEventDefinition><condition>= n &gt; 1</condition></conditionalEventDefinition>"
)
MESSAGE = '<messageEventDefinition messageRef="m"/>'


def event(xml: str, before: str = DECLARED) -> Event:
    model = read(drawing(xml, before=before))
    assert model.problems == ()
    node = next(iter(model.processes[0].nodes.values()))
    assert isinstance(node, Event)
    return node


WAITED_FOR = [
    (TIMER, TimerDefinition(duration="PT1H")),
    (MESSAGE, MessageDefinition("Paid", "order")),
    ('<signalEventDefinition signalRef="s"/>', SignalDefinition("Alarm")),
    (
        CONDITIONAL,
        ConditionalDefinition("n > 1"),
    ),
    ('<linkEventDefinition name="A"/>', LinkDefinition("A")),
]
THROWN = [
    ('<errorEventDefinition errorRef="e"/>', ErrorDefinition("E1")),
    ('<errorEventDefinition errorRef="nameless"/>', ErrorDefinition("Failed")),
    ("<errorEventDefinition/>", ErrorDefinition()),
    ('<escalationEventDefinition escalationRef="late"/>', EscalationDefinition("L1")),
    ("<compensateEventDefinition/>", CompensationDefinition()),
    (
        '<compensateEventDefinition activityRef="a" waitForCompletion="false"/>',
        CompensationDefinition("a", waits=False),
    ),
    ("<terminateEventDefinition/>", TerminateDefinition()),
]


@pytest.mark.parametrize(("xml", "definition"), WAITED_FOR)
def test_a_catch_event_waits_for(xml: str, definition: EventDefinition) -> None:
    found = event(f'<intermediateCatchEvent id="x">{xml}</intermediateCatchEvent>')
    assert isinstance(found, IntermediateCatchEvent)
    assert found.definitions == (definition,)


@pytest.mark.parametrize(("xml", "definition"), THROWN)
def test_an_end_event_throws(xml: str, definition: EventDefinition) -> None:
    found = event(f'<endEvent id="x">{xml}</endEvent>')
    assert isinstance(found, EndEvent)
    assert found.definitions == (definition,)


def test_an_event_may_wait_for_several_triggers_or_for_all_of_them() -> None:
    found = event(
        f'<intermediateCatchEvent id="x" parallelMultiple="true">{TIMER}{MESSAGE}'
        "</intermediateCatchEvent>"
    )
    assert isinstance(found, IntermediateCatchEvent)
    assert found.parallel_multiple
    assert len(found.definitions) == 2
    assert found.definition is None


def test_events_share_a_definition_that_the_root_declares() -> None:
    shared = '<signalEventDefinition id="d" signalRef="s"/>'
    xml = '<startEvent id="x"><eventDefinitionRef>tns:d</eventDefinitionRef></startEvent>'
    found = event(xml, DECLARED + shared)
    assert isinstance(found, StartEvent)
    assert found.definitions == (SignalDefinition("Alarm"),)


def test_a_message_may_be_thrown_by_a_job_with_its_mappings() -> None:
    found = event(
        '<intermediateThrowEvent id="x"><extensionElements><zeebe:taskDefinition type="http:1"/>'
        '<zeebe:ioMapping><zeebe:input source="=a" target="b"/><zeebe:output source="=c" '
        'target="d"/></zeebe:ioMapping></extensionElements>'
        f"{MESSAGE}</intermediateThrowEvent>"
    )
    assert isinstance(found, IntermediateThrowEvent)
    assert found.job_type == "http:1"
    assert found.inputs == (IoMapping("a", "b"),)
    assert found.outputs == (IoMapping("c", "d"),)


def test_an_event_maps_what_its_trigger_brings() -> None:
    mapping = (
        "<extensionElements><zeebe:ioMapping><zeebe:output "
        'source="=a" target="b"/></zeebe:ioMapping></extensionElements>'
    )
    for tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent"):
        found = event(f'<{tag} id="x" attachedToRef="y">{mapping}{MESSAGE}</{tag}>')
        assert getattr(found, "outputs") == (IoMapping("a", "b"),)  # noqa: B009  (three types)
