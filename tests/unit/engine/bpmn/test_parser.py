"""A file becomes values: every setting the engine acts on, in document order."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import (
    BoundaryEvent,
    ExclusiveGateway,
    Gate,
    IntermediateCatchEvent,
    IoMapping,
    Retry,
    ScriptTask,
    ServiceTask,
    StartEvent,
    Unsupported,
    UserTask,
)
from engine.bpmn.events import MessageDefinition, TimerDefinition
from engine.bpmn.parser import read
from engine.bpmn.process import Process
from engine.xml import UnreadableModel
from tests.support.drawings import drawing, extended, line


def process_of(data: bytes) -> Process:
    model = read(data)
    assert model.problems == ()
    return model.processes[0]


def test_flows_are_found_whatever_their_place_and_keep_the_order_of_the_file() -> None:
    process = process_of(
        drawing(
            '<sequenceFlow id="z" sourceRef="g" targetRef="e"><conditionExpression> = a > 1 '
            '</conditionExpression></sequenceFlow><endEvent id="e"/>'
            '<exclusiveGateway id="g" default="a"><outgoing>a</outgoing></exclusiveGateway>'
            '<sequenceFlow id="a" sourceRef="g" targetRef="e" name="else"/><startEvent id="s"/>'
        )
    )
    gateway = process.nodes["g"]
    assert isinstance(gateway, ExclusiveGateway)
    assert [flow.id for flow in gateway.outgoing] == ["z", "a"]
    assert gateway.outgoing[0].condition == "a > 1"
    assert gateway.default == process.flows["a"]
    assert list(process.nodes) == ["e", "g", "s"]
    assert [flow.id for flow in process.nodes["e"].incoming] == ["z", "a"]


def test_a_user_task_keeps_its_people_form_and_gate() -> None:
    form = '{"components": []}'
    body = (
        '<extensionElements><zeebe:userTaskForm id="form_1">' + form + "</zeebe:userTaskForm>"
        "</extensionElements>"
    ) + extended(
        "userTask",
        '<zeebe:assignmentDefinition assignee="=owner" candidateGroups="board-a, board-b"/>'
        '<zeebe:formDefinition formKey="camunda-forms:bpmn:form_1"/>'
        '<zeebe:taskSchedule dueDate="=due"/><zeebe:priorityDefinition priority="80"/>'
        '<interlock:gate quorum="2"/>',
    )
    task = process_of(drawing(body)).nodes["step"]
    assert task == UserTask(
        id="step",
        name="The step",
        assignee="=owner",
        candidate_groups="board-a, board-b",
        due="=due",
        priority="80",
        form=form,
        gate=Gate(2),
    )


def test_a_service_task_keeps_its_connector_mappings_and_retries() -> None:
    body = extended(
        "serviceTask",
        '<zeebe:taskDefinition type="http:1" retries="5"/>'
        '<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>'
        '<zeebe:ioMapping><zeebe:input source="= base + path" target="url"/>'
        '<zeebe:input source="a &quot;quoted&quot; \\ text" target="body"/>'
        '<zeebe:output source="=response.status" target="status"/></zeebe:ioMapping>'
        '<interlock:retry firstDelay="PT1S" factor="1.5" cap="PT1M"/>',
    )
    task = process_of(drawing(body)).nodes["step"]
    assert isinstance(task, ServiceTask)
    assert task.job_type == "http:1"
    assert task.headers == {"k": "v"}
    assert task.inputs == (
        IoMapping("base + path", "url"),
        IoMapping(r'"a \"quoted\" \\ text"', "body"),
    )
    assert task.outputs == (IoMapping("response.status", "status"),)
    assert task.retry == Retry(5, "PT1S", 1.5, "PT1M")


def test_events_keep_what_they_wait_for() -> None:
    process = process_of(
        drawing(
            '<startEvent id="s"><timerEventDefinition><timeCycle>R/P1D</timeCycle>'
            '</timerEventDefinition></startEvent><userTask id="t"/>'
            '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
            "<timeDuration>=patience</timeDuration></timerEventDefinition></boundaryEvent>"
            '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m1"/>'
            "</intermediateCatchEvent>",
            before='<message id="m1" name="Closed"><extensionElements><zeebe:subscription '
            'correlationKey="=ticket"/></extensionElements></message>',
        )
    )
    start, boundary, catch = (process.nodes[at] for at in "sbm")
    assert isinstance(start, StartEvent)
    assert start.definition == TimerDefinition(cycle="R/P1D")
    assert isinstance(boundary, BoundaryEvent)
    assert boundary.definition == TimerDefinition(duration="patience")
    assert (boundary.attached_to, boundary.interrupting) == ("t", False)
    assert isinstance(catch, IntermediateCatchEvent)
    assert catch.definition == MessageDefinition("Closed", "ticket")


def test_scripts_are_read_in_both_languages_of_the_file() -> None:
    zeebe = extended("scriptTask", '<zeebe:script expression="=a + b" resultVariable="sum"/>')
    omg = '<scriptTask id="step" scriptFormat="feel"><script>a + b</script></scriptTask>'
    for body, result in ((zeebe, "sum"), (omg, "")):
        task = process_of(drawing(body)).nodes["step"]
        assert isinstance(task, ScriptTask)
        assert (task.expression, task.result_variable) == ("a + b", result)


def test_documentation_lanes_notes_and_foreign_extensions_are_no_hindrance() -> None:
    process = process_of(
        drawing(
            '<laneSet id="ls"><lane id="l"><flowNodeRef>step</flowNodeRef></lane></laneSet>'
            + line(
                '<userTask id="step"><documentation> Look twice. </documentation>'
                '<extensionElements><x:odd xmlns:x="urn:x" id="1 2"/>'
                "</extensionElements></userTask>"
            )
            + '<textAnnotation id="n"><text>note</text></textAnnotation>'
            '<association id="as" sourceRef="step" targetRef="n"/><dataObject id="d"/>',
            before='<collaboration id="c"><participant id="p" processRef="change"/>'
            "</collaboration>",
        )
    )
    assert process.nodes["step"].documentation == "Look twice."
    assert len(process.nodes) == 3


def test_what_belongs_to_a_choreography_keeps_its_place_in_the_graph() -> None:
    model = read(drawing(line('<choreographyTask id="step"/>')))
    node = model.processes[0].nodes["step"]
    assert isinstance(node, Unsupported)
    assert node.kind == "choreographyTask"
    assert [flow.target for flow in node.outgoing] == ["end"]
    assert [one.code for one in model.problems] == ["element_not_supported"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html/>", "its root is `html`"),
        (b'<definitions xmlns="urn:other"/>', "namespace urn:other"),
        (b"<definitions/>", "namespace none"),
    ],
)
def test_xml_that_is_no_bpmn_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableModel, match=reason):
        read(data)


def test_ten_thousand_steps_are_read_without_recursion() -> None:
    process = process_of(drawing(line(*(f'<userTask id="t{at}"/>' for at in range(10_000)))))
    assert len(process.nodes) == 10_002
