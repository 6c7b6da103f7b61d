"""Each setting of Camunda 7: what it becomes here, or that it stays and is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.elements import (
    BusinessRuleTask,
    CallActivity,
    CalledDecision,
    EndEvent,
    FlowNode,
    IoMapping,
    MultiInstance,
    Retry,
    ScriptTask,
    ServiceTask,
    StartEvent,
    UserTask,
)
from engine.bpmn.events import ConditionalDefinition, MessageDefinition, TimerDefinition
from engine.bpmn.parser import Model, read
from engine.bpmn.validation import problems

FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:x="urn:foreign" id="d"
 targetNamespace="urn:test">{before}<bpmn:process id="p" isExecutable="true" {attributes}>{body}
</bpmn:process></bpmn:definitions>"""


def file(body: str, before: str = "", attributes: str = "") -> bytes:
    return FRAME.format(body=body, before=before, attributes=attributes).encode()


def extended(extensions: str) -> str:
    return f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"


def model(body: str, before: str = "", attributes: str = "") -> Model:
    return read(converted(file(body, before, attributes)))


def node(body: str, before: str = "") -> Any:
    found: FlowNode = model(body, before).processes[0].nodes["t"]
    return found


def left(body: str, attributes: str = "") -> list[str]:
    """Return the settings that stay and are told."""
    kept = converted(file(body, attributes=attributes))
    return [
        str(one.message.fields["setting"]) for one in problems(kept) if one.code == "vendor_setting"
    ]


def test_a_user_task_keeps_its_people_dates_and_priority() -> None:
    task = node(
        '<bpmn:userTask id="t" camunda:assignee="${owner}" camunda:candidateUsers="ann, bob" '
        'camunda:candidateGroups="ops,${board}" camunda:dueDate="${due}" '
        'camunda:followUpDate="2030-01-01" camunda:priority="${p}"/>'
    )
    assert isinstance(task, UserTask)
    assert task.assignee == "=owner"
    assert task.candidate_users == "ann, bob"
    assert task.candidate_groups == '="ops," + string(board)'
    assert (task.due, task.priority) == ("=due", "=p")


def test_a_form_in_the_model_is_drawn_on_the_task() -> None:
    form = (
        '<camunda:formData><camunda:formField id="host" label="Host" type="string" '
        'defaultValue="db"><camunda:validation><camunda:constraint name="required"/>'
        '<camunda:constraint name="maxlength" config="40"/></camunda:validation>'
        '</camunda:formField><camunda:formField id="n" label="Number" type="long"/>'
        '<camunda:formField id="ok" label="Fine" type="boolean"/>'
        '<camunda:formField id="day" label="Day" type="date"/>'
        '<camunda:formField id="risk" label="Risk" type="enum"><camunda:value id="low" '
        'name="Low"/></camunda:formField></camunda:formData>'
    )
    for tag in ("userTask", "startEvent"):
        body = f'<bpmn:{tag} id="t">{extended(form)}</bpmn:{tag}>'
        found = node(body)
        assert isinstance(found, UserTask | StartEvent)
        fields = json.loads(found.form or "")["components"]
        kinds = ["textfield", "number", "checkbox", "datetime", "select"]
        assert [field["type"] for field in fields] == kinds
        assert fields[0]["validate"] == {"required": True, "maxLength": 40}
        assert fields[0]["defaultValue"] == "db"
        assert fields[4]["values"] == [{"label": "Low", "value": "low"}]
        told = problems(converted(file(body)))
        assert not {"form_unreadable", "form_missing", "vendor_setting"} & {
            one.code for one in told
        }


def test_a_form_of_unknown_fields_or_in_another_file_stays() -> None:
    odd = '<camunda:formData><camunda:formField id="a" type="money"/></camunda:formData>'
    assert left(f'<bpmn:userTask id="t">{extended(odd)}</bpmn:userTask>') == ["camunda:formData"]
    page = '<bpmn:userTask id="t" camunda:formKey="embedded:app:forms/a.html"/>'
    assert left(page) == ["camunda:formKey"]
    told = [one.code for one in model('<bpmn:userTask id="t" camunda:formRef="ask"/>').problems]
    assert told == ["form_missing"]


def test_an_external_task_becomes_a_job_of_its_topic() -> None:
    settings = 'camunda:type="external" camunda:topic="restart"'
    for tag in ("serviceTask", "sendTask", "businessRuleTask"):
        found = node(f'<bpmn:{tag} id="t" {settings}/>')
        assert isinstance(found, ServiceTask)
        assert found.job_type == "restart"
    thrown = node(
        f'<bpmn:endEvent id="t"><bpmn:messageEventDefinition {settings}/></bpmn:endEvent>'
    )
    assert isinstance(thrown, EndEvent)
    assert thrown.job_type == "restart"


@pytest.mark.parametrize("how", ["class", "delegateExpression", "expression"])
def test_java_code_stays_and_is_never_run(how: str) -> None:
    body = (
        f'<bpmn:serviceTask id="t" camunda:{how}="${{x.y}}"/>'
        '<bpmn:userTask id="u" camunda:assignee="a"/>'
    )
    assert left(body) == [f"camunda:{how}"]
    assert "connector_missing" in {one.code for one in problems(converted(file(body)))}


def test_retries_become_ours() -> None:
    cycle = "<camunda:failedJobRetryTimeCycle>R5/PT1M</camunda:failedJobRetryTimeCycle>"
    task = node(f'<bpmn:serviceTask id="t">{extended(cycle)}</bpmn:serviceTask>')
    assert task.retry == Retry(5, "PT1M", 1.0, "PT1M")
    listed = "<camunda:failedJobRetryTimeCycle>PT1M,PT5M</camunda:failedJobRetryTimeCycle>"
    body = f'<bpmn:serviceTask id="t">{extended(listed)}</bpmn:serviceTask>'
    assert left(body) == ["camunda:failedJobRetryTimeCycle"]


def test_parameters_become_mappings() -> None:
    parameters = extended(
        '<camunda:inputOutput><camunda:inputParameter name="url">http://${host}/'
        '</camunda:inputParameter><camunda:inputParameter name="method">GET'
        '</camunda:inputParameter><camunda:inputParameter name="list"><camunda:list>'
        "<camunda:value>a</camunda:value><camunda:value>${b}</camunda:value></camunda:list>"
        '</camunda:inputParameter><camunda:inputParameter name="map"><camunda:map>'
        '<camunda:entry key="k k">${v}</camunda:entry></camunda:map></camunda:inputParameter>'
        '<camunda:outputParameter name="status">${result.status}</camunda:outputParameter>'
        "</camunda:inputOutput>"
    )
    task = node(f'<bpmn:serviceTask id="t">{parameters}</bpmn:serviceTask>')
    assert task.inputs == (
        IoMapping('"http://" + string(host) + "/"', "url"),
        IoMapping('"GET"', "method"),
        IoMapping('["a", b]', "list"),
        IoMapping('{"k k": v}', "map"),
    )
    assert task.outputs == (IoMapping("result.status", "status"),)


def test_a_parameter_that_computes_in_a_script_stays() -> None:
    script = extended(
        '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:script '
        'scriptFormat="groovy">1</camunda:script></camunda:inputParameter>'
        '<camunda:inputParameter name="b">${c}</camunda:inputParameter></camunda:inputOutput>'
    )
    body = f'<bpmn:serviceTask id="t">{script}</bpmn:serviceTask>'
    assert node(body).inputs == (IoMapping("c", "b"),)
    assert left(body) == ["camunda:inputOutput"]


def test_a_call_passes_what_it_says_and_nothing_else() -> None:
    some = extended(
        '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${c + 1}" target="d"/>'
        '<camunda:out variables="all"/>'
    )
    call = node(f'<bpmn:callActivity id="t" calledElement="child">{some}</bpmn:callActivity>')
    assert isinstance(call, CallActivity)
    assert call.called == "child"
    assert call.inputs == (IoMapping("a", "b"), IoMapping("c + 1", "d"))
    assert (call.propagate_all_in, call.propagate_all_out) == (False, True)

    named = node(
        '<bpmn:callActivity id="t" calledElement="${kind}" '
        'camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v2"/>'
    )
    assert (named.called, named.binding, named.version_tag) == ("=kind", "tag", "v2")
    assert (named.propagate_all_in, named.propagate_all_out) == (False, False)


def test_what_a_call_cannot_pass_stays() -> None:
    key = extended('<camunda:in businessKey="#{execution.processBusinessKey}"/>')
    body = f'<bpmn:callActivity id="t" calledElement="c">{key}</bpmn:callActivity>'
    assert left(body) == ["camunda:in"]
    number = (
        '<bpmn:callActivity id="t" calledElement="c" camunda:calledElementBinding="version" '
        'camunda:calledElementVersion="3"/>'
    )
    assert left(number) == ["camunda:calledElementBinding", "camunda:calledElementVersion"]


def test_a_decision_is_asked_by_its_key() -> None:
    task = node(
        '<bpmn:businessRuleTask id="t" camunda:decisionRef="risk" camunda:resultVariable="level" '
        'camunda:decisionRefBinding="deployment"/>'
    )
    assert isinstance(task, BusinessRuleTask)
    assert task.decision == CalledDecision("risk", "level", "pinned")
    body = (
        '<bpmn:businessRuleTask id="t" camunda:decisionRef="risk" '
        'camunda:mapDecisionResult="collectEntries"/>'
    )
    assert left(body) == ["camunda:mapDecisionResult"]


def test_scripts_in_juel_and_feel_run_and_others_are_refused() -> None:
    for language, script in (("juel", "${a + 1}"), ("feel", "a + 1")):
        task = node(
            f'<bpmn:scriptTask id="t" scriptFormat="{language}" camunda:resultVariable="b">'
            f"<bpmn:script>{script}</bpmn:script></bpmn:scriptTask>"
        )
        assert isinstance(task, ScriptTask)
        assert (task.expression, task.result_variable) == ("a + 1", "b")
    groovy = (
        '<bpmn:scriptTask id="t" scriptFormat="groovy" camunda:resultVariable="b">'
        "<bpmn:script>1</bpmn:script></bpmn:scriptTask>"
    )
    told = {one.code: one.severity for one in problems(converted(file(groovy)))}
    assert told["script_language"] == "error"
    assert told["vendor_setting"] == "warning"


def test_instances_go_through_the_collection() -> None:
    task = node(
        '<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics '
        'camunda:collection="servers" camunda:elementVariable="server"><bpmn:completionCondition>'
        "${nrOfCompletedInstances > 1}</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    assert task.loop == MultiInstance(
        collection="servers",
        element_variable="server",
        completion_condition="numberOfCompletedInstances > 1",
    )
    number = node(
        '<bpmn:task id="t"><bpmn:multiInstanceLoopCharacteristics camunda:asyncBefore="true">'
        "<bpmn:loopCardinality>${count}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
    )
    assert number.loop == MultiInstance(cardinality="count")


def test_expressions_of_the_standards_elements_become_feel() -> None:
    found = model(
        '<bpmn:exclusiveGateway id="g"/><bpmn:task id="t"/><bpmn:sequenceFlow id="f" '
        'sourceRef="g" targetRef="t"><bpmn:conditionExpression language="juel">${a &gt; 1}'
        '</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:intermediateCatchEvent id="c">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>${wait}</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent "
        'id="k"><bpmn:conditionalEventDefinition><bpmn:condition>${ready}</bpmn:condition>'
        '</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent><bpmn:receiveTask id="r" '
        'messageRef="m"/>',
        '<bpmn:message id="m" name="closed-${ticket}"/>',
    ).processes[0]
    assert found.flows["f"].condition == "a > 1"
    definitions = {at: getattr(found.nodes[at], "definition") for at in "ckr"}  # noqa: B009
    assert definitions == {
        "c": TimerDefinition(duration="wait"),
        "k": ConditionalDefinition("ready"),
        "r": MessageDefinition('="closed-" + string(ticket)'),
    }


@pytest.mark.parametrize(
    ("quartz", "cron"),
    [
        ("0 0 9 ? * 2-6", "0 0 9 ? * 1-5"),
        ("0 0 9 ? * 1,7 *", "0 0 9 ? * 0,6"),
        ("0 0 9 ? * MON#1", "0 0 9 ? * MON#1"),
        ("0 0/5 * * * ?", "0 0/5 * * * ?"),
        ("R3/PT1H", "R3/PT1H"),
    ],
)
def test_a_week_of_quartz_begins_on_sunday_with_one(quartz: str, cron: str) -> None:
    start = node(
        '<bpmn:startEvent id="t"><bpmn:timerEventDefinition><bpmn:timeCycle>'
        f"{quartz}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    assert start.definition == TimerDefinition(cycle=cron)


def test_a_condition_that_calls_java_stays_and_is_refused() -> None:
    body = (
        '<bpmn:userTask id="t" camunda:assignee="a"/><bpmn:userTask id="u"/>'
        '<bpmn:sequenceFlow id="f" sourceRef="t" targetRef="u">'
        "<bpmn:conditionExpression>${bean.check(a)}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    kept = converted(file(body))
    assert b"${bean.check(a)}" in kept
    assert "expression_unreadable" in {one.code for one in problems(kept)}


def test_where_a_transaction_ends_needs_no_saying_here() -> None:
    body = (
        '<bpmn:task id="t" camunda:asyncBefore="true" camunda:asyncAfter="true" '
        'camunda:exclusive="false"/>'
    )
    assert left(body) == []


@pytest.mark.parametrize(
    "setting",
    [
        *("historyTimeToLive", "candidateStarterGroups", "candidateStarterUsers"),
        *("isStartableInTasklist", "taskPriority", "jobPriority"),
    ],
)
def test_settings_of_a_process_without_a_counterpart_stay(setting: str) -> None:
    task = '<bpmn:userTask id="t"/>'
    assert left(task, f'camunda:{setting}="1"') == [f"camunda:{setting}"]


@pytest.mark.parametrize("element", ["executionListener", "taskListener", "connector"])
def test_elements_without_a_counterpart_stay(element: str) -> None:
    settings = extended(f'<camunda:{element} class="a.B" event="start"/>')
    assert left(f'<bpmn:userTask id="t">{settings}</bpmn:userTask>') == [f"camunda:{element}"]


def test_settings_of_event_definitions_are_told_too() -> None:
    body = (
        '<bpmn:userTask id="t"/><bpmn:boundaryEvent id="b" attachedToRef="t">'
        '<bpmn:errorEventDefinition camunda:errorCodeVariable="code"/></bpmn:boundaryEvent>'
    )
    assert left(body) == ["camunda:errorCodeVariable"]
    assert left('<bpmn:startEvent id="t" camunda:initiator="who"/>') == ["camunda:initiator"]


def test_properties_and_the_version_tag_are_kept_as_zeebes() -> None:
    rows = extended(
        '<camunda:properties><camunda:property name="a" value="b"/></camunda:properties>'
    )
    kept = converted(
        file(f'<bpmn:task id="t">{rows}</bpmn:task>', attributes='camunda:versionTag="v3"')
    )
    assert b'<zeebe:property name="a" value="b"/>' in kept
    assert read(kept).processes[0].version_tag == "v3"


def test_foreign_parts_survive_and_the_result_is_converted_no_further() -> None:
    deep = extended("<x:deep>kept</x:deep>")
    body = f'<bpmn:userTask id="t" x:a="1" camunda:assignee="ann">{deep}</bpmn:userTask>'
    kept = converted(file(body))
    assert b'x:a="1"' in kept
    assert b"<x:deep>kept</x:deep>" in kept
    assert converted(kept) is kept


def test_other_files_stay_the_very_bytes_they_are() -> None:
    plain = file('<bpmn:userTask id="t"/>')
    assert converted(plain) is plain
    java = file('<bpmn:serviceTask id="t" camunda:class="a.B"/>')
    assert converted(java) is java
    both = file('<bpmn:userTask id="t" camunda:assignee="a"/>').replace(
        b'xmlns:x="urn:foreign"', b'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    )
    assert converted(both) is both
