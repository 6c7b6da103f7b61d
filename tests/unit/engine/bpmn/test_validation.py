"""Every reason why a model cannot run is found, names its element and says what would mend it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from engine.bpmn.errors import NotExecutable
from engine.bpmn.problems import TEXTS
from engine.bpmn.validation import executable, problems
from engine.decisions.problems import TEXTS as DMN_TEXTS
from engine.problems import Problem
from tests.support.drawings import drawing, extended, line

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("INTERLOCK_SHARED", ROOT.parent / "shared")) / "conformance"
JOBS = {"http:1": ("method", "url")}

TASK = (
    '<userTask id="step"><extensionElements><zeebe:assignmentDefinition assignee="ann"/>'
    "</extensionElements></userTask>"
)
SOUND = line(TASK)


def found(body: str, before: str = "") -> list[Problem]:
    return problems(drawing(body, before=before), JOBS)


def timer(content: str, event: str = "intermediateCatchEvent", attributes: str = "") -> str:
    return (
        f'<{event} id="t" {attributes}><timerEventDefinition>{content}</timerEventDefinition>'
        f"</{event}>"
    )


def boundary(content: str, attributes: str = "") -> str:
    event = timer(content, "boundaryEvent", f'attachedToRef="step" {attributes}')
    return SOUND + event + '<sequenceFlow id="late" sourceRef="t" targetRef="end"/>'


def split(flows: str, attributes: str = "", tag: str = "exclusiveGateway") -> str:
    return (
        f'<startEvent id="s"/><{tag} id="g" {attributes}/><endEvent id="e"/>'
        f'<sequenceFlow id="in" sourceRef="s" targetRef="g"/>{flows}'
    )


def flow(identity: str, source: str, target: str, condition: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return (
        f'<sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</sequenceFlow>"
    )


ASSIGNED = '<zeebe:assignmentDefinition candidateGroups="board"/>'
HTTP = (
    '<zeebe:taskDefinition type="http:1"/><zeebe:ioMapping><zeebe:input source="GET" '
    'target="method"/><zeebe:input source="=link" target="url"/></zeebe:ioMapping>'
)


def service(extensions: str) -> str:
    return line(extended("serviceTask", extensions))


def user(extensions: str, attributes: str = "") -> str:
    return line(extended("userTask", extensions, attributes))


CASES: dict[str, tuple[str, str]] = {
    "bad_id": (SOUND + '<textAnnotation id="1 A"/>', "1 A"),
    "boundary_without_activity": (
        SOUND
        + timer("<timeDuration>PT1H</timeDuration>", "boundaryEvent", 'attachedToRef="ghost"'),
        "ghost",
    ),
    "condition_ignored": (split(flow("a", "g", "e", "true"), tag="parallelGateway"), "a"),
    "conditions_missing": (
        split(flow("a", "g", "e", "x") + flow("b", "g", "e")),
        "no condition on the flow from",
    ),
    "connector_missing": (service(""), "step"),
    "connector_input_missing": (service('<zeebe:taskDefinition type="http:1"/>'), "`method`"),
    "connector_unknown": (service('<zeebe:taskDefinition type="smtp:1"/>'), "smtp:1"),
    "dangling_flow": (SOUND + flow("f9", "step", "ghost"), "ghost"),
    "default_not_outgoing": (split(flow("a", "g", "e"), 'default="in"'), "in"),
    "default_with_condition": (
        split(flow("a", "g", "e", "x") + flow("b", "g", "e", "y"), 'default="b"'),
        "The flow from the exclusive gateway without a name to",
    ),
    "duplicate_id": (SOUND + '<textAnnotation id="step"/>', "step"),
    "element_not_supported": (line('<callActivity id="c"/>'), "a call activity"),
    "event_definition_missing": (
        line('<intermediateCatchEvent id="t"/>'),
        "Intermediate catch event without a name",
    ),
    "expression_unreadable": (
        split(flow("a", "g", "e", "1 +")),
        "Line 1, column 4: found the end of the expression",
    ),
    "decision_reserved": (
        '<extensionElements><zeebe:userTaskForm id="f">{"components": [{"type": "textfield", '
        '"key": "decision"}]}</zeebe:userTaskForm></extensionElements>'
        + line(
            '<userTask id="ask"><extensionElements>'
            + ASSIGNED
            + '<zeebe:formDefinition formId="f"/></extensionElements></userTask>'
            '<userTask id="gate"><extensionElements>'
            + ASSIGNED
            + '<interlock:gate quorum="1"/></extensionElements></userTask>'
        ),
        "decision",
    ),
    "extension_not_supported": (user(ASSIGNED + "<zeebe:taskListeners/>"), "zeebe:taskListeners"),
    "flow_into_boundary": (
        boundary("<timeDuration>PT1H</timeDuration>") + flow("x", "start", "t"),
        "Boundary event without a name has an incoming sequence flow (the flow from",
    ),
    "flow_into_start": (SOUND + flow("x", "step", "start"), "Start event without a name"),
    "flow_out_of_end": (SOUND + flow("x", "end", "step"), "to the user task without a name"),
    "form_missing": (user(ASSIGNED + '<zeebe:formDefinition formId="f1"/>'), "f1"),
    "form_unreadable": (
        '<extensionElements><zeebe:userTaskForm id="f">{</zeebe:userTaskForm></extensionElements>'
        + user(ASSIGNED + '<zeebe:formDefinition formId="f"/>'),
        "no JSON",
    ),
    "gate_quorum": (user(ASSIGNED + '<interlock:gate quorum="0"/>'), "quorum of 0"),
    "gate_unassigned": (user('<interlock:gate quorum="1"/>'), "step"),
    "gateway_without_outgoing": (split(""), "g"),
    "mapping_incomplete": (
        user(ASSIGNED + '<zeebe:ioMapping><zeebe:input source="=a"/></zeebe:ioMapping>'),
        "input mapping",
    ),
    "message_missing": (
        line('<intermediateCatchEvent id="m"><messageEventDefinition/></intermediateCatchEvent>'),
        "m",
    ),
    "missing_id": (SOUND + "<userTask/>", "line"),
    "no_end_reached": (
        SOUND + '<sequenceFlow id="x" sourceRef="start" targetRef="y"/>'
        '<scriptTask id="y"><script>1</script></scriptTask>',
        "Script task without a name has no outgoing flow",
    ),
    "no_start": (TASK, "“Change” has no start event"),
    "quantity_not_supported": (user(ASSIGNED, 'startQuantity="2"'), "startQuantity"),
    "result_missing": (line('<scriptTask id="s"><script>1</script></scriptTask>'), "s"),
    "retry_unreadable": (service(HTTP + '<interlock:retry attempts="0"/>'), "attempts “0”"),
    "script_language": (
        line('<scriptTask id="s" scriptFormat="groovy"><script>1</script></scriptTask>'),
        "groovy",
    ),
    "script_missing": (line('<scriptTask id="s"/>'), "s"),
    "several_none_starts": (SOUND + '<startEvent id="s2"/>', "2 start events without a trigger"),
    "timer_endless": (boundary("<timeCycle>R/PT0S</timeCycle>", 'cancelActivity="false"'), "t"),
    "timer_kind": (boundary("<timeCycle>R3/PT1H</timeCycle>"), "t"),
    "timer_missing": (line(timer("")), "t"),
    "timer_several": (
        line(timer("<timeDate>2030-01-01T00:00:00Z</timeDate><timeDuration>PT1H</timeDuration>")),
        "t",
    ),
    "timer_unreadable": (line(timer("<timeDuration>1 hour</timeDuration>")), "“1 hour”"),
    "too_many_expressions": (
        split("".join(flow(f"f{at}", "g", "e", "x" * 20_000) for at in range(51))),
        "1,000,000",
    ),
    "unknown_element": (SOUND + '<quantumTask id="q"/>', "quantumTask"),
    "unreachable": (
        SOUND + '<parallelGateway id="island"/>',
        "the parallel gateway without a name",
    ),
    "user_task_unassigned": (line('<userTask id="u"/>'), "User task without a name names"),
    "variable_unreadable": (
        line(extended("scriptTask", '<zeebe:script expression="=1" resultVariable="a b"/>')),
        "a b",
    ),
    "vendor_setting": (
        line(
            '<userTask id="u" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
            'camunda:assignee="x"/>'
        ),
        "camunda:assignee",
    ),
}


def test_a_sound_model_has_no_problems() -> None:
    assert found(SOUND) == []
    assert found(service(HTTP)) == []
    assert found(split(flow("a", "g", "e", "risk > 1") + flow("b", "g", "e"), 'default="b"')) == []
    assert found(boundary("<timeCycle>R3/PT1H</timeCycle>", 'cancelActivity="false"')) == []


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_mistake_is_found_and_named(code: str) -> None:
    body, mentioned = CASES[code]
    matching = [one for one in found(body) if one.code == code]
    assert matching, found(body)
    told = matching[0]
    assert mentioned in told.message
    assert told.hint
    assert told.severity == TEXTS[code].severity


def test_every_problem_has_a_case_and_a_section_in_the_documentation() -> None:
    of_the_file = {
        "correlation_missing",
        "model_unreadable",
        "no_process",
        "no_executable_process",
        "several_executable_processes",
        "too_many_problems",
    }
    assert set(CASES) | of_the_file == set(TEXTS)
    page = (ROOT / "docs" / "problems.md").read_text()
    sections = [row.removeprefix("## ") for row in page.splitlines() if row.startswith("## ")]
    assert sections == sorted({*TEXTS, *DMN_TEXTS})


def test_problems_of_the_file_as_a_whole() -> None:
    def codes(data: bytes) -> list[str]:
        return [one.code for one in problems(data)]

    whole = drawing(SOUND)
    assert codes(b"{") == ["model_unreadable"]
    assert codes(whole.replace(b'isExecutable="true"', b"")) == ["no_executable_process"]
    assert codes(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>') == [
        "no_process"
    ]
    twice = drawing(
        SOUND,
        after=f'<process id="p2" isExecutable="true">{SOUND}</process>'.replace('"st', '"x')
        .replace('"end', '"xend')
        .replace("to_", "tu_"),
    )
    assert codes(twice) == ["several_executable_processes"]
    many = codes(drawing("".join(f'<userTask id="u{at}"/>' for at in range(300))))
    assert (len(many), many[0], many[-1]) == (501, "no_start", "too_many_problems")
    message = '<message id="m1" name="Closed"/>'
    catch = (
        '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="m1"/>'
        "</intermediateCatchEvent>"
    )
    assert codes(drawing(line(catch), before=message)) == ["correlation_missing"]


@pytest.mark.parametrize("text", ["PT5X", "1h", "R3/PT1H", "2030-01-01"])
def test_a_misspelt_duration_is_not_taken_for_a_variable(text: str) -> None:
    told = found(line(timer(f"<timeDuration>{text}</timeDuration>")))
    assert [one.code for one in told] == ["timer_unreadable"]


@pytest.mark.parametrize("text", ["=patience", "patience", 'duration("PT1H")', "P1DT2H", "PT0.5S"])
def test_a_duration_may_be_an_expression(text: str) -> None:
    assert found(line(timer(f"<timeDuration>{text}</timeDuration>"))) == []


def test_an_executable_model_is_handed_over_and_another_refused_with_its_problems() -> None:
    assert executable(drawing(SOUND)).nodes["step"].id == "step"
    assert executable(drawing(line('<userTask id="u"/>'))).id == "change"  # only a warning
    with pytest.raises(NotExecutable) as raised:
        executable(drawing(service("")))
    assert [one["code"] for one in raised.value.problems] == ["connector_missing"]


def corpus() -> list[str]:
    if not SHARED.is_dir():
        return []
    return [one["file"] for one in json.loads((SHARED / "bad" / "index.json").read_text())["files"]]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus of bad models is not here")
@pytest.mark.parametrize("name", corpus())
def test_no_bad_model_hangs_or_breaks_the_validator(name: str) -> None:
    path = SHARED / "bad" / name
    if not path.exists():
        pytest.skip(f"{name} is not in the corpus")
    expected = next(
        one
        for one in json.loads((SHARED / "bad" / "index.json").read_text())["files"]
        if one["file"] == name
    )

    began = time.process_time()
    told = problems(path.read_bytes())

    # No benchmark: a hang takes for ever, and a busy machine counts more time for the same work.
    assert time.process_time() - began < 20
    if expected["class"] == "reject":
        assert any(one.severity == "error" for one in told)
