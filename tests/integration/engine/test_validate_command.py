"""`manage.py validate` judges files as the editor does, and ends with 1 only for errors."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

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
    smtp = extended("serviceTask", '<zeebe:taskDefinition type="smtp:1"/>')
    names = [
        file_of(tmp_path, "bad.bpmn", line(smtp)),
        file_of(tmp_path, "sound.bpmn", "<startEvent id='s'/><endEvent id='e'/>"
                "<sequenceFlow id='f' sourceRef='s' targetRef='e'/>"),
    ]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        call_command("validate", *names, "--json", stdout=out)
    bad, sound = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert [one["code"] for one in bad["problems"]] == ["connector_unknown"]
    assert bad["problems"][0]["element"] == "step"
    assert sound == {"file": names[1], "problems": []}


def test_a_file_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(CommandError, match=r"ghost\.bpmn cannot be read: No such file"):
        call_command("validate", "ghost.bpmn")
