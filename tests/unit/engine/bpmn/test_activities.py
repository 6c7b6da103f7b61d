"""Every kind of activity becomes a value, with what repeats it and what listens to it."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import (
    Activity,
    BusinessRuleTask,
    CallActivity,
    CalledDecision,
    ComplexGateway,
    EventBasedGateway,
    FlowNode,
    InclusiveGateway,
    IoMapping,
    Listener,
    ManualTask,
    MultiInstance,
    ReceiveTask,
    Retry,
    SendTask,
    ServiceTask,
    StandardLoop,
    Task,
    UserTask,
)
from engine.bpmn.events import MessageDefinition
from engine.bpmn.parser import read
from tests.support.drawings import drawing, extended

MESSAGE = (
    '<message id="m" name="Answer"><extensionElements><zeebe:subscription '
    'correlationKey="=id"/></extensionElements></message>'
)


def node(xml: str, more: str = "") -> FlowNode:
    model = read(drawing(xml + more, before=MESSAGE))
    assert model.problems == ()
    return next(iter(model.processes[0].nodes.values()))


def activity(xml: str, more: str = "") -> Activity:
    found = node(xml, more)
    assert isinstance(found, Activity)
    return found


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("task", Task),
        ("manualTask", ManualTask),
        ("userTask", UserTask),
        ("serviceTask", ServiceTask),
        ("sendTask", SendTask),
        ("businessRuleTask", BusinessRuleTask),
        ("inclusiveGateway", InclusiveGateway),
    ],
)
def test_each_element_has_its_type(tag: str, kind: type[FlowNode]) -> None:
    assert type(node(f'<{tag} id="x"/>')) is kind


def test_gateways_keep_what_they_decide_by() -> None:
    complex_ = node(
        '<complexGateway id="x"><activationCondition>activationCount &gt; 1'
        "</activationCondition></complexGateway>"
    )
    assert isinstance(complex_, ComplexGateway)
    assert complex_.activation_condition == "activationCount > 1"
    events = node('<eventBasedGateway id="x" instantiate="true" eventGatewayType="Parallel"/>')
    assert isinstance(events, EventBasedGateway)
    assert (events.instantiate, events.parallel) == (True, True)


def test_messages_of_send_and_receive_tasks() -> None:
    sent = node('<sendTask id="x" messageRef="m"/>')
    received = node('<receiveTask id="x" messageRef="m" instantiate="true"/>')
    assert isinstance(sent, SendTask)
    assert isinstance(received, ReceiveTask)
    assert sent.definition == received.definition == MessageDefinition("Answer", "id")
    assert received.instantiate


def test_a_call_names_its_process_its_binding_and_what_goes_in_and_out() -> None:
    plain = node('<callActivity id="x" calledElement="child"/>')
    assert isinstance(plain, CallActivity)
    assert (plain.called, plain.binding) == ("child", "latest")
    assert (plain.propagate_all_in, plain.propagate_all_out) == (True, True)

    detailed = node(
        extended(
            "callActivity",
            '<zeebe:calledElement processId="=kind" bindingType="versionTag" versionTag="v2" '
            'propagateAllChildVariables="false" propagateAllParentVariables="false"/>',
        )
    )
    assert isinstance(detailed, CallActivity)
    assert (detailed.called, detailed.binding, detailed.version_tag) == ("=kind", "tag", "v2")
    assert (detailed.propagate_all_in, detailed.propagate_all_out) == (False, False)
    pinned = node(
        extended("callActivity", '<zeebe:calledElement processId="c" bindingType="deployment"/>')
    )
    assert isinstance(pinned, CallActivity)
    assert pinned.binding == "pinned"


def test_a_business_rule_task_asks_a_decision_or_a_connector() -> None:
    asked = node(
        extended(
            "businessRuleTask",
            '<zeebe:calledDecision decisionId="risk" resultVariable="level" '
            'bindingType="deployment"/>',
        )
    )
    assert isinstance(asked, BusinessRuleTask)
    assert asked.decision == CalledDecision("risk", "level", "pinned")
    job = node(extended("businessRuleTask", '<zeebe:taskDefinition type="http:1"/>'))
    assert isinstance(job, BusinessRuleTask)
    assert (job.job_type, job.decision) == ("http:1", None)


def test_a_script_task_with_a_connector_is_a_service_task() -> None:
    found = node(extended("scriptTask", '<zeebe:taskDefinition type="http:1"/>'))
    assert isinstance(found, ServiceTask)
    assert found.job_type == "http:1"


def test_listeners_are_jobs_at_the_turns_of_an_element() -> None:
    found = activity(
        extended(
            "userTask",
            '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="a" '
            'retries="7"/><zeebe:executionListener eventType="end" type="b"/>'
            "</zeebe:executionListeners><zeebe:taskListeners>"
            '<zeebe:taskListener eventType="assignment" type="c"/>'
            '<zeebe:taskListener eventType="completing" type="d"/></zeebe:taskListeners>',
        )
    )
    assert isinstance(found, UserTask)
    assert found.start_listeners == (Listener("start", "a", Retry(attempts=7)),)
    assert found.end_listeners == (Listener("end", "b"),)
    assert found.task_listeners == (Listener("assigning", "c"), Listener("completing", "d"))


@pytest.mark.parametrize(
    ("tag", "listeners", "told"),
    [
        (
            "userTask",
            (
                '<zeebe:taskListeners><zeebe:taskListener eventType="updating" type="a"/>'
                "</zeebe:taskListeners>"
            ),
            "zeebe:taskListener updating",
        ),
        (
            "exclusiveGateway",
            (
                '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="a"/>'
                "</zeebe:executionListeners>"
            ),
            "zeebe:executionListeners",
        ),
    ],
)
def test_a_listener_that_nobody_tells_is_no_secret(tag: str, listeners: str, told: str) -> None:
    problems = read(drawing(extended(tag, listeners))).problems
    assert any(one.code == "extension_ignored" and told in one.message for one in problems)


def test_a_standard_loop_keeps_its_condition_its_place_and_its_maximum() -> None:
    found = activity(
        '<task id="x"><standardLoopCharacteristics testBefore="true" loopMaximum="5">'
        "<loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics></task>"
    )
    assert found.loop == StandardLoop("n < 3", test_before=True, maximum=5)


def test_instances_by_number_and_by_zeebes_collection() -> None:
    by_number = activity(
        '<task id="x"><multiInstanceLoopCharacteristics isSequential="true">'
        "<loopCardinality>3</loopCardinality><completionCondition>done</completionCondition>"
        "</multiInstanceLoopCharacteristics></task>"
    )
    assert by_number.loop == MultiInstance(
        sequential=True, cardinality="3", completion_condition="done"
    )
    by_item = activity(
        '<task id="x"><multiInstanceLoopCharacteristics><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=servers" inputElement="server" '
        'outputCollection="results" outputElement="=result"/></extensionElements>'
        "</multiInstanceLoopCharacteristics></task>"
    )
    assert by_item.loop == MultiInstance(
        collection="servers",
        element_variable="server",
        output_collection="results",
        output_element="result",
    )


def test_instances_by_omgs_data_references() -> None:
    direct = activity(
        '<task id="x"><multiInstanceLoopCharacteristics><loopDataInputRef>list</loopDataInputRef>'
        '<loopDataOutputRef>out</loopDataOutputRef><inputDataItem id="i" name="item"/>'
        '<outputDataItem id="o" name="result"/></multiInstanceLoopCharacteristics></task>',
        '<dataObject id="list" name="items" isCollection="true"/>'
        '<dataObject id="out" name="results"/>',
    )
    expected = MultiInstance(
        collection="items",
        element_variable="item",
        output_collection="results",
        output_element="result",
    )
    assert direct.loop == expected

    through_inputs = activity(
        '<task id="x"><ioSpecification><dataInput id="in" name="all"/><dataInput id="each" '
        'name="one"/><dataOutput id="made" name="made"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>ref</sourceRef><targetRef>in</targetRef>"
        "</dataInputAssociation><dataInputAssociation><sourceRef>i</sourceRef>"
        "<targetRef>each</targetRef></dataInputAssociation><dataOutputAssociation>"
        "<sourceRef>made</sourceRef><targetRef>out</targetRef></dataOutputAssociation>"
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in</loopDataInputRef>"
        '<loopDataOutputRef>made</loopDataOutputRef><inputDataItem id="i" name="item"/>'
        '<outputDataItem id="o" name="result"/></multiInstanceLoopCharacteristics></task>',
        '<dataObject id="list" name="items"/><dataObjectReference id="ref" name="Items [new]" '
        'dataObjectRef="list"/><dataObject id="out" name="results"/>',
    )
    assert through_inputs.loop == expected
    assert through_inputs.inputs == (IoMapping("item", "one"),)
    assert through_inputs.outputs == ()


def test_data_objects_are_variables_and_associations_are_mappings() -> None:
    found = activity(
        '<serviceTask id="x"><ioSpecification><dataInput id="in" name="host"/>'
        '<dataOutput id="out" name="status"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>d1</sourceRef><targetRef>in</targetRef>"
        "</dataInputAssociation><dataInputAssociation><targetRef>in</targetRef><assignment>"
        "<from>upper case(name)</from><to>label</to></assignment></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>out</sourceRef><targetRef>d2</targetRef>"
        "</dataOutputAssociation><dataOutputAssociation><sourceRef>out</sourceRef>"
        "<targetRef>d1</targetRef><transformation>status = 200</transformation>"
        "</dataOutputAssociation></serviceTask>",
        '<dataObject id="d1" name="server"/><dataObject id="d2" name="no variable\'s name"/>',
    )
    assert found.inputs == (IoMapping("server", "host"), IoMapping("upper case(name)", "label"))
    assert found.outputs == (IoMapping("status", "d2"), IoMapping("status = 200", "server"))


def test_an_arrow_that_is_only_drawn_moves_no_data() -> None:
    found = activity(
        '<task id="x"><property id="p" name="__targetRef_placeholder"/><dataInputAssociation>'
        "<sourceRef>d</sourceRef><targetRef>p</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><targetRef>d</targetRef></dataOutputAssociation></task>",
        '<dataObjectReference id="d" name="Ticket"/>',
    )
    assert (found.inputs, found.outputs) == ((), ())


def test_the_standards_resource_roles_say_who_does_a_task() -> None:
    roles = (
        "<humanPerformer><resourceAssignmentExpression><formalExpression>ana</formalExpression>"
        "</resourceAssignmentExpression></humanPerformer><potentialOwner>"
        "<resourceAssignmentExpression><formalExpression>user(bob), group(ops), board"
        "</formalExpression></resourceAssignmentExpression></potentialOwner>"
        "<potentialOwner><resourceRef>r1</resourceRef></potentialOwner>"
    )
    task = f'<userTask id="x">{roles}</userTask>'
    model = read(drawing(task, before='<resource id="r1" name="Night shift"/>'))
    found = model.processes[0].nodes["x"]
    assert isinstance(found, UserTask)
    assert found.assignee == "ana"
    assert found.candidate_groups == "ops, board, Night shift"
    assert found.candidate_users == "bob"

    detail = '<extensionElements><zeebe:assignmentDefinition assignee="=x"/></extensionElements>'
    detailed = activity(f'<userTask id="x">{detail}{roles}</userTask>')
    assert isinstance(detailed, UserTask)
    assert (detailed.assignee, detailed.candidate_groups) == ("=x", None)
