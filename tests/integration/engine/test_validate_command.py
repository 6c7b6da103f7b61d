"""`manage.py validate` judges files as the editor does, and ends with 1 only for errors."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.support.drawings import drawing, extended, line


def file_of(folder: Path, name: str, body: str) -> str:
    path = folder / name
    path.write_bytes(drawing(body))
    return str(path)


def test_a_warning_is_told_and_ends_well(tmp_path: Path) -> None:
    out = StringIO()
    call_command("validate", file_of(tmp_path, "a.bpmn", line('<userTask id="u"/>')), stdout=out)
    assert "#u: warning: User task without a name names nobody" in out.getvalue()


def test_errors_of_every_file_come_as_json_and_end_with_one(tmp_path: Path) -> None:
    out = StringIO()
    smtp = extended("serviceTask", '<zeebe:taskDefinition type="http:1"/>')
    names = [
        file_of(tmp_path, "bad.bpmn", line(smtp)),
        file_of(tmp_path, "sound.bpmn", "<startEvent id='s'/><endEvent id='e'/>"
                "<sequenceFlow id='f' sourceRef='s' targetRef='e'/>"),
    ]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        call_command("validate", *names, "--json", stdout=out)
    bad, sound = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert {one["code"] for one in bad["problems"]} == {"connector_input_missing"}
    assert bad["problems"][0]["element"] == "step"
    assert sound == {"file": names[1], "problems": []}


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_judged(tmp_path: Path) -> None:
    out = StringIO()
    sound = file_of(tmp_path, "sound.bpmn", line('<scriptTask id="x"/>'))
    with pytest.raises(SystemExit):
        call_command("validate", "ghost.bpmn", str(tmp_path), sound, "--json", stdout=out)
    ghost, folder, script = json.loads(out.getvalue())
    assert ghost["problems"][0]["message"] == (
        "The file cannot be read: No such file or directory."
    )
    assert folder["problems"][0]["code"] == "model_unreadable"
    assert [one["code"] for one in script["problems"]] == ["script_missing"]
