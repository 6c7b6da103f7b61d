"""Every reason why a model cannot run is found, names its element and says what would mend it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from designer.steps.texts import TEXTS as STEP_TEXTS
from engine.bpmn.camunda7.conversion import converted
from engine.bpmn.errors import NotExecutable
from engine.bpmn.problem_texts import TEXTS
from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import executable, problems
from engine.decisions.problems import TEXTS as DMN_TEXTS
from engine.forms.problems import TEXTS as FORM_TEXTS
from engine.lint import TEXTS as RULE_TEXTS
from engine.problems import Problem
from tests.support.drawings import drawing, line
from tests.support.shared import SHARED
from tests.unit.engine.bpmn.mistakes import (
    HTTP,
    MISTAKES,
    SOUND,
    boundary,
    flow,
    service,
    split,
    timer,
)

ROOT = Path(__file__).parents[4]
CONFORMANCE = SHARED / "conformance"
JOBS = Surroundings(jobs={"http:1": ("method", "url")})


def found(body: str, before: str = "") -> list[Problem]:
    return problems(drawing(body, before=before), JOBS)


def test_a_sound_model_has_no_problems() -> None:
    assert found(SOUND) == []
    assert found(service(HTTP)) == []
    assert found(split(flow("a", "g", "e", "risk > 1") + flow("b", "g", "e"), 'default="b"')) == []
    assert found(boundary("<timeCycle>R3/PT1H</timeCycle>", 'cancelActivity="false"')) == []


@pytest.mark.parametrize("code", sorted(MISTAKES))
def test_a_mistake_is_found_and_named(code: str) -> None:
    body, mentioned = MISTAKES[code]
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
        "too_many_problems",
    }
    # See test_surroundings.
    around = {
        *("call_pinned_unpublished", "call_tag_unpublished", "call_unpublished"),
        *("called_decision_twice", "called_decision_unknown"),
    }
    assert set(MISTAKES) | of_the_file | around == set(TEXTS)
    page = (ROOT / "docs" / "problems.md").read_text()
    sections = [row.removeprefix("## ") for row in page.splitlines() if row.startswith("## ")]
    assert sections == sorted({*TEXTS, *DMN_TEXTS, *FORM_TEXTS, *RULE_TEXTS, *STEP_TEXTS})


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
    assert codes(twice) == []
    many = codes(drawing("".join(f'<userTask id="u{at}"/>' for at in range(600))))
    assert (len(many), many[-1]) == (501, "too_many_problems")
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


def codes(body: str, before: str = "") -> set[str]:
    return {one.code for one in found(body, before)}


def test_an_error_start_of_an_event_sub_process_must_interrupt() -> None:
    start = '<startEvent id="x" {}><errorEventDefinition/></startEvent><endEvent id="y"/>'
    flows = flow("z", "x", "y")
    for attributes, expected in (('isInterrupting="false"', True), ("", False)):
        inner = start.format(attributes) + flows
        body = SOUND + f'<subProcess id="es" triggeredByEvent="true">{inner}</subProcess>'
        assert ("boundary_must_interrupt" in codes(body)) == expected


def test_a_loop_with_a_way_out_or_a_wait_may_end() -> None:
    begin = '<startEvent id="s"/><scriptTask id="a"><script>1</script></scriptTask>'
    back = flow("f1", "s", "a") + flow("f2", "a", "g") + flow("f3", "g", "a", "n &lt; 3")
    leaves = flow("f4", "g", "e") + '<exclusiveGateway id="g" default="f4"/><endEvent id="e"/>'
    assert "loop_endless" not in codes(begin + back + leaves)
    waits = (
        '<userTask id="g"/>' + flow("f1", "s", "a") + flow("f2", "a", "g") + flow("f3", "g", "a")
    )
    assert "loop_endless" not in codes(begin + waits)
    always = '<parallelGateway id="g"/><endEvent id="e"/>' + flow("f4", "g", "e")
    assert "loop_endless" in codes(begin + back.replace("n &lt; 3", "") + always)


def test_a_fork_in_a_loop_that_is_joined_again_is_sound() -> None:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="fork"/>'
        '<userTask id="a"/><userTask id="b"/><parallelGateway id="join"/>'
        '<exclusiveGateway id="g" default="f9"/><endEvent id="e"/>'
        + flow("f1", "s", "m")
        + flow("f2", "m", "fork")
        + flow("f3", "fork", "a")
        + flow("f4", "fork", "b")
        + flow("f5", "a", "join")
        + flow("f6", "b", "join")
        + flow("f7", "join", "g")
        + flow("f8", "g", "m", "again")
        + flow("f9", "g", "e")
    )
    assert codes(body) <= {"user_task_unassigned"}


def test_a_file_that_knows_no_execution_details_is_asked_for_none() -> None:
    plain = drawing(line('<serviceTask id="a"/>', '<userTask id="b"/>', '<sendTask id="c"/>'))
    known = (
        b'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1"'
    )
    assert known in plain
    assert problems(plain.replace(known, b""), JOBS) == []
    assert {one.code for one in problems(plain, JOBS)} == {
        *("connector_missing", "user_task_unassigned", "message_missing"),
    }


def test_calls_in_a_circle_of_several_processes_are_found() -> None:
    def process(identity: str, called: str) -> str:
        start, call = f"{identity}_s", f"{identity}_c"
        body = (
            f'<startEvent id="{start}"/><callActivity id="{call}" calledElement="{called}"/>'
            + flow(f"{identity}_f", start, call)
        )
        return f'<process id="{identity}" isExecutable="true">{body}</process>'

    third = process("p3", "change")
    data = drawing(
        line('<callActivity id="c" calledElement="p2"/>'), after=process("p2", "p3") + third
    )
    told = [one.element for one in problems(data) if one.code == "call_circular"]
    assert told == ["c", "p2_c", "p3_c"]
    assert "call_circular" not in {one.code for one in problems(data.replace(third.encode(), b""))}


def test_reaching_goes_through_levels_links_and_event_sub_processes() -> None:
    link = '<linkEventDefinition name="A"/>'
    inner = '<startEvent id="is"/><task id="it"/>' + flow("i1", "is", "it")
    body = (
        f'<startEvent id="s"/><subProcess id="sub">{inner}</subProcess>'
        f'<intermediateThrowEvent id="t">{link}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="c">{link}</intermediateCatchEvent><endEvent id="e"/>'
        + flow("f1", "s", "sub")
        + flow("f2", "sub", "t")
        + flow("f3", "c", "e")
    )
    assert "unreachable" not in codes(body)
    assert "unreachable" in codes(body.replace(link, '<linkEventDefinition name="B"/>', 1))


MANY = 8_000
SLOW = {
    "one id for all": "<userTask id='a'/>" * MANY + "".join(
        f"<sequenceFlow id='f{at}' sourceRef='a' targetRef='a'/>" for at in range(MANY)
    ),
    "all flows from one gateway": "<exclusiveGateway id='g' default='f1'/><task id='t'/>" + "".join(
        f"<sequenceFlow id='f{at}' sourceRef='g' targetRef='t'/>" for at in range(MANY)
    ),
    "all events on one task": "<task id='t'/>" + "".join(
        f"<boundaryEvent id='b{at}' attachedToRef='t'/>" for at in range(MANY)
    ),
    "all triggers in one event": "<startEvent id='s'>"
    + "<linkEventDefinition name='a'/>" * MANY + "</startEvent>",
    "all links of one name": "".join(
        f"<intermediateCatchEvent id='c{at}'><linkEventDefinition name='a'/>"
        "</intermediateCatchEvent>" for at in range(MANY)
    ),
    "one long circle": "".join(
        f"<task id='t{at}'/><sequenceFlow id='f{at}' sourceRef='t{at}' "
        f"targetRef='t{(at + 1) % MANY}'/>" for at in range(MANY)
    ),
    "braces without end": "".join(
        f"<userTask id='u{at}' camunda:assignee='{'${' * 1_000}'/>" for at in range(1_000)
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(SLOW))
def test_no_model_makes_the_validator_slow(what: str) -> None:
    data = drawing(SLOW[what])
    other = data.replace(b"xmlns:zeebe", b"xmlns:camunda").replace(b"zeebe/1.0", b"1.0/bpmn")

    began = time.process_time()
    problems(data, JOBS)
    converted(other)

    assert time.process_time() - began < 4


BAD = CONFORMANCE / "bad"
WORST = {"reject": "error", "warn": "warning", "accept": "nothing"}
HUGE = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="%s"/>' % (
    b"x" * 20_000_000
)
"""One file of the corpus is made here: an attribute of 20 MB."""


def corpus() -> list[dict[str, Any]]:
    if not BAD.is_dir():
        return []
    files: list[dict[str, Any]] = json.loads((BAD / "index.json").read_text())["files"]
    return files


@pytest.mark.skipif(not BAD.is_dir(), reason="the corpus of bad models is not here")
@pytest.mark.parametrize("expected", corpus(), ids=lambda one: one["file"])
def test_each_model_of_the_corpus_is_judged_as_it_deserves(expected: dict[str, Any]) -> None:
    path = BAD / expected["file"]
    data = path.read_bytes() if path.exists() else HUGE

    began = time.process_time()
    told = problems(data, JOBS)

    # No benchmark: a hang takes for ever, and a busy machine counts more time for the same work.
    assert time.process_time() - began < 20
    worst = min((one.severity for one in told), default="nothing")
    assert worst == WORST[expected["class"]]
    words = json.dumps([asdict(one) for one in told], ensure_ascii=False)
    assert [text for text in expected.get("must_mention", []) if text not in words] == []


def test_the_ways_of_correlation_that_nothing_reads_are_told() -> None:
    declared = '<correlationProperty id="p" name="Order"/>'
    assert codes(SOUND, declared) == {"correlation_ignored"}


def test_a_loop_that_throws_nothing_is_not_told() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics behavior="All"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    assert codes(line(f'<task id="x" name="Each">{loop}</task>')) == set()


@pytest.mark.parametrize("retries", ["=3 + x", "0", "many"])
def test_retries_of_a_listener_are_a_number(retries: str) -> None:
    listener = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="a" '
        f'retries="{retries}"/></zeebe:executionListeners>'
    )
    assert codes(service(HTTP + listener)) == {"retry_unreadable"}


LISTENERS = (
    '<extensionElements><zeebe:executionListeners><zeebe:executionListener eventType="start" '
    'type="http:1"/></zeebe:executionListeners></extensionElements>'
)


@pytest.mark.parametrize(
    "body",
    [
        LISTENERS + SOUND,
        line(f'<parallelGateway id="x" name="On">{LISTENERS}</parallelGateway>'),
        line().replace(
            '<startEvent id="start"/>', f'<startEvent id="start">{LISTENERS}</startEvent>'
        ),
        boundary("<timeDuration>PT1H</timeDuration>").replace(
            "<timerEventDefinition", f"{LISTENERS}<timerEventDefinition"
        ),
    ],
    ids=["process", "gateway", "start event", "boundary event"],
)
def test_a_listener_that_nobody_tells_is_told_of_once(body: str) -> None:
    assert [one.code for one in found(body)].count("extension_ignored") == 1
