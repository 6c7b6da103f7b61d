"""Every row of docs/camunda.md is true."""

# ruff: noqa: E501  (a row of the page is a row here)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.parser import read
from engine.bpmn.validation import Surroundings, problems

PAGE = Path(__file__).parents[4] / "docs" / "camunda.md"
BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def rows(title: str) -> dict[str, str]:
    """Return the verdict of each row of a section."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    cells = [row.split(" | ") for row in section.splitlines() if row.startswith("| `")]
    return {cell[0].removeprefix("| "): cell[1] for cell in cells}


def file(body: str, space: str, before: str = "", attributes: str = "") -> bytes:
    return (
        f'<definitions {BPMN} {space} id="d" targetNamespace="urn:t">{before}'
        f'<process id="p" isExecutable="true" {attributes}>{body}</process></definitions>'
    ).encode()


def on(tag: str, extensions: str = "", attributes: str = "", inner: str = "") -> str:
    held = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f'<{tag} id="x" {attributes}>{held}{inner}</{tag}>'


LOOP = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
FORM = '<extensionElements><zeebe:userTaskForm id="f">{"components":[]}</zeebe:userTaskForm></extensionElements>'
CONDITIONAL = "<conditionalEventDefinition>{}<condition>a</condition></conditionalEventDefinition>"

# With the setting, and without it: what is read must differ where it runs.
CAMUNDA_8: Mapping[str, tuple[str, str]] = {
    "`zeebe:taskDefinition type`": (
        on("serviceTask", '<zeebe:taskDefinition type="a"/>'),
        on("serviceTask"),
    ),
    "`zeebe:taskDefinition retries`": (
        on("serviceTask", '<zeebe:taskDefinition type="a" retries="9"/>'),
        on("serviceTask", '<zeebe:taskDefinition type="a"/>'),
    ),
    "`zeebe:taskHeaders`": (
        on("serviceTask", '<zeebe:taskHeaders><zeebe:header key="a" value="b"/></zeebe:taskHeaders>'),
        on("serviceTask"),
    ),
    "`zeebe:ioMapping`": (
        on("endEvent", '<zeebe:ioMapping><zeebe:input source="=a" target="b"/></zeebe:ioMapping>'),
        on("endEvent"),
    ),
    "`zeebe:assignmentDefinition`": (
        on("userTask", '<zeebe:assignmentDefinition candidateGroups="a"/>'),
        on("userTask"),
    ),
    "`zeebe:taskSchedule dueDate`": (
        on("userTask", '<zeebe:taskSchedule dueDate="=a"/>'),
        on("userTask"),
    ),
    "`zeebe:taskSchedule followUpDate`": (
        on("userTask", '<zeebe:taskSchedule followUpDate="=a"/>'),
        on("userTask"),
    ),
    "`zeebe:priorityDefinition`": (
        on("userTask", '<zeebe:priorityDefinition priority="9"/>'),
        on("userTask"),
    ),
    "`zeebe:formDefinition formKey`": (
        FORM + on("userTask", '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/>'),
        FORM + on("userTask"),
    ),
    "`zeebe:formDefinition formId`": (
        on("userTask", '<zeebe:formDefinition formId="elsewhere"/>'),
        on("userTask"),
    ),
    "`zeebe:calledElement processId`": (
        on("callActivity", '<zeebe:calledElement processId="=a" bindingType="deployment"/>'),
        on("callActivity", '<zeebe:calledElement processId="=a"/>'),
    ),
    "`zeebe:calledElement propagateAllChildVariables`": (
        on("callActivity", '<zeebe:calledElement processId="a" propagateAllChildVariables="false"/>'),
        on("callActivity", '<zeebe:calledElement processId="a"/>'),
    ),
    "`zeebe:calledElement propagateAllParentVariables`": (
        on("callActivity", '<zeebe:calledElement processId="a" propagateAllParentVariables="false"/>'),
        on("callActivity", '<zeebe:calledElement processId="a"/>'),
    ),
    "`zeebe:calledDecision`": (
        on("businessRuleTask", '<zeebe:calledDecision decisionId="a" resultVariable="b"/>'),
        on("businessRuleTask"),
    ),
    "`zeebe:loopCharacteristics`": (
        on("task", inner=LOOP.format('<extensionElements><zeebe:loopCharacteristics inputCollection="=a" inputElement="b"/></extensionElements>')),
        on("task", inner=LOOP.format("<loopCardinality>2</loopCardinality>")),
    ),
    "`zeebe:script`": (
        on("scriptTask", '<zeebe:script expression="=1" resultVariable="a"/>'),
        on("scriptTask"),
    ),
    "`zeebe:executionListeners`": (
        on("task", '<zeebe:executionListeners><zeebe:executionListener eventType="end" type="a"/></zeebe:executionListeners>'),
        on("task"),
    ),
    "`zeebe:taskListeners`": (
        on("userTask", '<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="a"/></zeebe:taskListeners>'),
        on("userTask"),
    ),
    "`zeebe:adHoc`": (
        on("adHocSubProcess", '<zeebe:adHoc activeElementsCollection="=a"/>'),
        on("adHocSubProcess"),
    ),
    "`zeebe:versionTag`": (
        '<extensionElements><zeebe:versionTag value="v1"/></extensionElements>' + on("task"),
        on("task"),
    ),
    "`zeebe:userTask`": (on("userTask", "<zeebe:userTask/>"), on("manualTask")),
    "`zeebe:properties`": (
        on("task", '<zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties>'),
        on("task"),
    ),
    "`zeebe:linkedResources`": (on("task", "<zeebe:linkedResources/>"), on("task")),
    "`zeebe:conditionalFilter`": (
        on("startEvent", '<zeebe:conditionalFilter variableNames="a"/>', inner=CONDITIONAL.format("")),
        on("startEvent", inner=CONDITIONAL.format("")),
    ),
    "`timeCycle` as cron": (
        on("startEvent", inner="<timerEventDefinition><timeCycle>0 0 9 * * *</timeCycle></timerEventDefinition>"),
        on("startEvent"),
    ),
}  # fmt: skip
SUBSCRIPTION = '<extensionElements><zeebe:subscription correlationKey="=a"/></extensionElements>'
NO_WARNING = {
    "`zeebe:taskSchedule followUpDate`",
    "`zeebe:properties`",
    "`zeebe:linkedResources`",
}
REFUSALS = {
    *("extension_ignored", "extension_not_supported", "listener_unreadable", "form_missing"),
    *("timer_unreadable", "unknown_element"),
}


#: What a version brings along besides its model.
FORMS = {"elsewhere": '{"type": "default", "id": "elsewhere", "components": []}'}


def codes(data: bytes) -> set[str]:
    return {one.code for one in problems(data, Surroundings(forms=FORMS))}


@pytest.mark.parametrize("setting", sorted(CAMUNDA_8))
def test_a_setting_of_camunda_8_does_what_its_row_says(setting: str) -> None:
    given, without = (file(body, ZEEBE) for body in CAMUNDA_8[setting])
    runs = rows("Camunda 8")[setting] == "runs"
    assert (read(given, FORMS).processes != read(without, FORMS).processes) == runs
    assert bool(codes(given) & REFUSALS) == (not runs and setting not in NO_WARNING)


def test_a_correlation_key_is_read() -> None:
    task = on("receiveTask", attributes='messageRef="m"')
    declared = '<message id="m" name="a">{}</message>'
    with_key = file(task, ZEEBE, declared.format(SUBSCRIPTION))
    assert "correlation_missing" not in codes(with_key)
    assert "correlation_missing" in codes(file(task, ZEEBE, declared.format("")))


def condition(text: str) -> str:
    return (
        on("exclusiveGateway") + '<task id="y"/><sequenceFlow id="f" sourceRef="x" targetRef="y">'
        f"<conditionExpression>{text}</conditionExpression></sequenceFlow>"
    )


def setting(name: str, value: str = "a", tag: str = "userTask") -> str:
    return on(tag, attributes=f'camunda:{name}="{value}"')


def inner(element: str, tag: str = "userTask") -> str:
    return on(tag, element)


SCRIPT = "<script>${a}</script>"
CAMUNDA_7: Mapping[str, list[str]] = {
    "`${…}` in conditions, timers, names, attributes": [condition("${a &gt; 1}")],
    "`${bean.method()}`": [condition("${bean.method()}")],
    **{
        f"`camunda:{name}`": [setting(name)]
        for name in (
            *("assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate"),
            *("priority", "formRef", "formKey"),
        )
    },
    "`camunda:formData`": [
        inner('<camunda:formData><camunda:formField id="a" type="long"/></camunda:formData>')
    ],
    "`camunda:topic` of an external task": [
        on("serviceTask", attributes='camunda:type="external" camunda:topic="a"')
    ],
    **{
        f"`camunda:{name}`": [setting(name, tag="serviceTask") + setting("assignee").replace('"x"', '"z"')]
        for name in ("class", "delegateExpression", "expression")
    },
    "`camunda:connector`": [
        inner("<camunda:connector/>", "serviceTask") + setting("assignee").replace('"x"', '"z"')
    ],
    "`camunda:failedJobRetryTimeCycle`": [
        on("serviceTask", "<camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle>", 'camunda:type="external" camunda:topic="a"')
    ],
    "`camunda:inputOutput`": [
        inner('<camunda:inputOutput><camunda:inputParameter name="a">b</camunda:inputParameter></camunda:inputOutput>')
    ],
    "`camunda:in`, `camunda:out`": [
        on("callActivity", f'<camunda:{way} source="a" target="b"/>', 'calledElement="c"')
        for way in ("in", "out")
    ],
    "`camunda:in businessKey`": [
        on("callActivity", '<camunda:in businessKey="a"/>', 'calledElement="c"')
    ],
    "`camunda:calledElementBinding`": [
        on("callActivity", attributes='calledElement="c" camunda:calledElementBinding="deployment"')
    ],
    "`camunda:decisionRef`": [
        on("businessRuleTask", attributes='camunda:decisionRef="a" camunda:resultVariable="b"')
    ],
    "`camunda:mapDecisionResult`": [setting("mapDecisionResult", tag="businessRuleTask")],
    "`camunda:resultVariable` of a script in JUEL or FEEL": [
        on("scriptTask", attributes='scriptFormat="juel" camunda:resultVariable="a"', inner=SCRIPT)
    ],
    "`scriptFormat` of another language": [
        on("scriptTask", attributes='scriptFormat="groovy"', inner=SCRIPT)
    ],
    "`camunda:collection`, `camunda:elementVariable`": [
        on("task", inner='<multiInstanceLoopCharacteristics camunda:collection="a" camunda:elementVariable="b"/>')
    ],
    "`nrOfInstances`, `loopCounter`": [condition("${nrOfInstances &gt; loopCounter}")],
    "`timeCycle` of Quartz": [
        on("startEvent", inner="<timerEventDefinition><timeCycle>0 0 9 ? * 7</timeCycle></timerEventDefinition>")
    ],
    "`camunda:asyncBefore`, `camunda:asyncAfter`, `camunda:exclusive`": [
        setting(name) for name in ("asyncBefore", "asyncAfter", "exclusive")
    ],
    "`camunda:properties`": [
        inner('<camunda:properties><camunda:property name="a" value="b"/></camunda:properties>')
    ],
    "`camunda:initiator`": [setting("initiator", tag="startEvent")],
    "`camunda:executionListener`, `camunda:taskListener`": [
        inner(f'<camunda:{name} class="a" event="start"/>')
        for name in ("executionListener", "taskListener")
    ],
    "`camunda:errorCodeVariable`, `camunda:errorMessageVariable`": [
        on("boundaryEvent", inner=f'<errorEventDefinition camunda:{name}="a"/>')
        for name in ("errorCodeVariable", "errorMessageVariable")
    ],
    "`camunda:jobPriority`, `camunda:taskPriority`": [
        setting(name) for name in ("jobPriority", "taskPriority")
    ],
}  # fmt: skip
OF_THE_PROCESS: Mapping[str, tuple[str, ...]] = {
    "`camunda:versionTag`": ("versionTag",),
    "`camunda:historyTimeToLive`": ("historyTimeToLive",),
    "`camunda:candidateStarterGroups`, `camunda:candidateStarterUsers`, `camunda:isStartableInTasklist`": (
        *("candidateStarterGroups", "candidateStarterUsers", "isStartableInTasklist"),
    ),
}  # fmt: skip
UNREADABLE = {"expression_unreadable", "script_language", "connector_missing"}
VERDICTS: Mapping[str, Callable[[bytes, bytes], bool]] = {
    "converted": lambda given, kept: (
        kept != given and not codes(kept) & {"vendor_setting", *UNREADABLE}
    ),
    "kept": lambda _, kept: "vendor_setting" in codes(kept),
    "refused": lambda _, kept: bool(codes(kept) & UNREADABLE),
}


@pytest.mark.parametrize("row", sorted(CAMUNDA_7))
def test_a_setting_of_camunda_7_becomes_what_its_row_says(row: str) -> None:
    for body in CAMUNDA_7[row]:
        given = file(body, CAMUNDA)
        assert VERDICTS[rows("Camunda 7")[row]](given, converted(given)), body


@pytest.mark.parametrize("row", sorted(OF_THE_PROCESS))
def test_a_setting_of_a_process_becomes_what_its_row_says(row: str) -> None:
    for name in OF_THE_PROCESS[row]:
        given = file(setting("assignee"), CAMUNDA, attributes=f'camunda:{name}="1"')
        assert VERDICTS[rows("Camunda 7")[row]](given, converted(given)), name


def test_every_row_has_its_test() -> None:
    assert set(rows("Camunda 8")) == {*CAMUNDA_8, "`zeebe:subscription correlationKey`"}
    assert set(rows("Camunda 7")) == {*CAMUNDA_7, *OF_THE_PROCESS}
    assert len(re.findall(r"^\| `", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == len(
        {**CAMUNDA_8, **CAMUNDA_7, **OF_THE_PROCESS}
    ) + 1  # fmt: skip
