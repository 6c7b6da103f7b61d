"""`manage.py roundtrip` takes models in and gives them out, as an upload and a download do."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.support.drawings import drawing, line
from tests.support.shared import SHARED


def test_files_come_back_byte_for_byte_and_a_refusal_is_told(tmp_path: Path) -> None:
    given, taken, out = tmp_path / "in", tmp_path / "out", StringIO()
    given.mkdir()
    sound = drawing(line('<userTask id="u"/>')).replace(b"?>", b"?><!-- kept -->", 1)
    (given / "sound.bpmn").write_bytes(sound)
    (given / "broken.bpmn").write_bytes(b"<definitions")
    with pytest.raises(SystemExit):
        call_command("roundtrip", str(given), str(taken), stdout=out)

    assert (taken / "sound.bpmn").read_bytes() == sound
    assert not (taken / "broken.bpmn").exists()
    assert "broken.bpmn: refused: The file is not well-formed XML" in out.getvalue()
    assert "1 of 2 files were taken." in out.getvalue()


def test_a_model_of_camunda_7_comes_back_converted(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(
        drawing(line('<userTask id="u" camunda:assignee="${owner}"/>'))
        .replace(b"xmlns:zeebe", b"xmlns:camunda")
        .replace(b"http://camunda.org/schema/zeebe/1.0", b"http://camunda.org/schema/1.0/bpmn")
    )
    call_command("roundtrip", str(tmp_path), str(tmp_path / "out"), stdout=StringIO())
    assert (
        b'<zeebe:assignmentDefinition assignee="=owner"/>'
        in (tmp_path / "out" / "a.bpmn").read_bytes()
    )


@pytest.mark.skipif(not (SHARED / "miwg").is_dir(), reason="the reference models are not here")
def test_the_reference_models_come_back_byte_for_byte(tmp_path: Path) -> None:
    call_command("roundtrip", str(SHARED / "miwg"), str(tmp_path), stdout=StringIO())
    files = sorted((SHARED / "miwg").glob("*.bpmn"))
    assert len(files) == 21
    assert [
        file.name for file in files if file.read_bytes() != (tmp_path / file.name).read_bytes()
    ] == []
