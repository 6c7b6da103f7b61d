"""A script task in Starlark is offered as a job; in FEEL it is evaluated at once."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import IoMapping, ScriptTask, StarlarkTask
from engine.bpmn.parser import read
from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import problems
from engine.semantics.events import JobCreated
from engine.semantics.jobs import RESULT, SCRIPT
from tests.support.drawings import drawing, line
from tests.support.processes import a_process
from tests.support.runs import Run


def drawn(attributes: str, *, more: str = "", source: str = "1 + 1", result: str = "r") -> bytes:
    return drawing(
        line(
            f'<scriptTask id="s" {attributes}><extensionElements>'
            f'<zeebe:script resultVariable="{result}"/>{more}</extensionElements>'
            f"<script>{source}</script></scriptTask>"
        )
    )


def codes(data: bytes) -> list[str]:
    return [one.code for one in problems(data, Surroundings(jobs={"http:1": ()}))]


@pytest.mark.parametrize("language", ["starlark", "Starlark", "application/starlark"])
def test_the_format_says_that_a_script_is_starlark(language: str) -> None:
    retry = '<interlock:retry attempts="7"/>'
    task = read(drawn(f'scriptFormat="{language}"', more=retry)).executable[0].nodes["s"]

    assert isinstance(task, StarlarkTask)
    assert (task.source, task.result_variable, task.retry.attempts) == ("1 + 1", "r", 7)


def test_the_indentation_of_the_file_is_not_the_scripts() -> None:
    source = "\n      if a:\n          r = 1\n      else:\n          r = 2\n      r\n    "
    task = read(drawn('scriptFormat="starlark"', source=source)).executable[0].nodes["s"]

    assert isinstance(task, StarlarkTask)
    assert task.source == "if a:\n    r = 1\nelse:\n    r = 2\nr"


@pytest.mark.parametrize("attributes", ["", 'scriptFormat="feel"'])
def test_without_a_format_a_script_is_feel(attributes: str) -> None:
    assert isinstance(read(drawn(attributes)).executable[0].nodes["s"], ScriptTask)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (drawn('scriptFormat="python"'), "script_language"),
        (drawn('scriptFormat="starlark"', source=" "), "script_missing"),
        (drawn('scriptFormat="starlark"', result=""), "result_missing"),
        (drawn('scriptFormat="starlark"', result="a-b"), "variable_unreadable"),
        (
            drawn('scriptFormat="starlark"', more='<interlock:retry firstDelay="soon"/>'),
            "retry_unreadable",
        ),
        (
            drawing(
                line(
                    '<serviceTask id="s"><extensionElements>'
                    '<zeebe:taskDefinition type="script:1"/></extensionElements></serviceTask>'
                )
            ),
            "connector_unknown",
        ),
    ],
)
def test_what_keeps_a_script_from_running_is_named(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def test_a_sound_script_has_no_problems() -> None:
    assert codes(drawn('scriptFormat="starlark"', source="no = check(")) == []


def test_a_script_waits_for_a_worker_and_its_value_gets_its_name() -> None:
    process = a_process().node(StarlarkTask("s", source="x", result_variable="r")).end()
    run = Run(process).start()
    assert run.of(JobCreated)[0].job_type == SCRIPT

    run.finish_job("s", **{RESULT: [1]})

    assert run.variables == {"r": [1]}
    assert run.status == "COMPLETED"


def test_with_output_mappings_only_what_they_name_leaves_a_script() -> None:
    task = StarlarkTask(
        "s", source="x", result_variable="r", outputs=(IoMapping("=r + 1", "more"),)
    )
    run = Run(a_process().node(task).end()).start()

    run.finish_job("s", **{RESULT: 1})

    assert run.variables == {"more": 2}


def test_a_script_without_a_name_for_its_result_keeps_it_to_itself() -> None:
    run = Run(a_process().node(StarlarkTask("s", source="x")).end()).start()

    run.finish_job("s", **{RESULT: 1})

    assert run.variables == {}
