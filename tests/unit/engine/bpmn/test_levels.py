"""Sub-processes of all kinds are flattened, and every node says in which it stands."""

from __future__ import annotations

from engine.bpmn.elements import (
    BoundaryEvent,
    FlowNode,
    StartEvent,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    MessageDefinition,
)
from engine.bpmn.parser import read
from engine.bpmn.process import Process
from tests.support.drawings import drawing, line


def process_of(body: str, before: str = "") -> Process:
    model = read(drawing(body, before=before))
    assert model.problems == ()
    return model.processes[0]


def inside(process: Process, scope: str) -> list[str]:
    return [node.id for node in process.level(scope)]


def sub_process(process: Process, identity: str) -> SubProcess:
    node: FlowNode = process.nodes[identity]
    assert isinstance(node, SubProcess)
    return node


def test_nested_levels_stand_flat_in_document_order_with_their_scope() -> None:
    inner = '<subProcess id="inner"><startEvent id="s2"/><endEvent id="e2"/></subProcess>'
    outer = f'<subProcess id="outer"><startEvent id="s1"/>{inner}<endEvent id="e1"/></subProcess>'
    process = process_of(line(outer))

    assert list(process.nodes) == ["start", "outer", "s1", "inner", "s2", "e2", "e1", "end"]
    assert {node.id: node.scope for node in process.nodes.values() if node.scope} == {
        **dict.fromkeys(("s1", "inner", "e1"), "outer"),
        **dict.fromkeys(("s2", "e2"), "inner"),
    }
    assert inside(process, "") == ["start", "outer", "end"]
    assert sub_process(process, "outer").kind is SubProcessKind.EMBEDDED


def test_flows_of_inner_levels_join_inner_nodes() -> None:
    process = process_of(
        line(
            '<subProcess id="s"><startEvent id="a"/><endEvent id="b"/>'
            '<sequenceFlow id="ab" sourceRef="a" targetRef="b"/></subProcess>'
        )
    )
    assert [flow.id for flow in process.nodes["a"].outgoing] == ["ab"]
    assert [flow.id for flow in process.nodes["s"].incoming] == ["to_s"]


def test_an_event_sub_process_keeps_its_trigger_and_whether_it_interrupts() -> None:
    body = (
        '<subProcess id="es" triggeredByEvent="true"><startEvent id="s" isInterrupting="false">'
        '<messageEventDefinition messageRef="m"/></startEvent></subProcess>'
    )
    message = (
        '<message id="m" name="Stop"><extensionElements>'
        '<zeebe:subscription correlationKey="=id"/></extensionElements></message>'
    )
    process = process_of(line('<userTask id="u"/>') + body, message)
    start = process.nodes["s"]

    assert process.event_subprocesses("") == (sub_process(process, "es"),)
    assert isinstance(start, StartEvent)
    assert start.definition == MessageDefinition("Stop", "id")
    assert not start.interrupting


def test_a_transaction_is_told_from_a_sub_process_and_its_cancel_boundary_is_read() -> None:
    body = (
        line(
            '<transaction id="t"><startEvent id="s"/><endEvent id="c"><cancelEventDefinition/>'
            "</endEvent></transaction>"
        )
        + '<boundaryEvent id="b" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>'
    )
    process = process_of(body)
    boundary = process.nodes["b"]

    assert sub_process(process, "t").kind is SubProcessKind.TRANSACTION
    assert isinstance(boundary, BoundaryEvent)
    assert boundary.definitions == (CancelDefinition(),)


def test_an_ad_hoc_sub_process_says_what_begins_how_and_when_it_is_done() -> None:
    omg = line(
        '<adHocSubProcess id="a" ordering="Sequential" cancelRemainingInstances="false">'
        '<userTask id="u"/><completionCondition>done = true</completionCondition></adHocSubProcess>'
    )
    found = sub_process(process_of(omg), "a")
    assert found.kind is SubProcessKind.ADHOC
    assert (found.sequential, found.cancel_remaining) == (True, False)
    assert found.completion_condition == "done = true"
    assert found.active_elements is None

    zeebe = line(
        '<adHocSubProcess id="a"><extensionElements><zeebe:adHoc activeElementsCollection="=todo" '
        'outputCollection="results" outputElement="={x: y}"/></extensionElements>'
        '<userTask id="u"/></adHocSubProcess>'
    )
    found = sub_process(process_of(zeebe), "a")
    assert (found.sequential, found.cancel_remaining) == (False, True)
    assert found.active_elements == "todo"
    assert (found.output_collection, found.output_element) == ("results", "{x: y}")


def test_compensation_finds_its_handler_whichever_way_the_association_points() -> None:
    parts = (
        '<boundaryEvent id="b" attachedToRef="u"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="undo" isForCompensation="true"/>'
    )
    for source, target in (("b", "undo"), ("undo", "b")):
        arrow = f'<association id="as" sourceRef="{source}" targetRef="{target}"/>'
        process = process_of(line('<userTask id="u"/>') + parts + arrow)
        boundary, handler = process.nodes["b"], process.nodes["undo"]
        assert isinstance(boundary, BoundaryEvent)
        assert boundary.definition == CompensationDefinition()
        assert boundary.handler == "undo"
        assert isinstance(handler, UserTask)
        assert handler.for_compensation


def test_several_executable_processes_and_diagrams_of_one_file_are_read() -> None:
    second = '<process id="other" isExecutable="true"><startEvent id="o"/></process>'
    diagrams = '<bpmndi:BPMNDiagram id="d1"/><bpmndi:BPMNDiagram id="d2"/>'
    model = read(drawing(line('<userTask id="u"/>'), after=second + diagrams))
    assert [process.id for process in model.executable] == ["change", "other"]


def test_an_error_boundary_of_an_inner_level_keeps_its_code() -> None:
    body = line(
        '<subProcess id="s"><startEvent id="a"/><serviceTask id="t"/>'
        '<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition errorRef="x"/>'
        "</boundaryEvent></subProcess>"
    )
    boundary = process_of(body, '<error id="x" errorCode="E1"/>').nodes["b"]
    assert isinstance(boundary, BoundaryEvent)
    assert (boundary.definition, boundary.scope) == (ErrorDefinition("E1"), "s")
