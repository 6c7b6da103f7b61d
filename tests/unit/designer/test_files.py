"""What is read from outside is judged before it is kept."""

from __future__ import annotations

import pytest

from designer import files
from designer.errors import ModelTooBig, WrongEncoding
from engine.xml import UnreadableModel

ROOT = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"a,b,c", "well-formed"),
        (f"{ROOT}>".encode(), "well-formed"),
        (f"<!DOCTYPE d>{ROOT}/>".encode(), "DOCTYPE"),
        (f'<!DOCTYPE d [<!ENTITY a "b">]>{ROOT}/>'.encode(), "DOCTYPE"),
        (f"<!DOCTYPE d>{ROOT}/>".encode("utf-16"), "DOCTYPE"),
        (b"<html/>", "root"),
        (b'<definitions xmlns="urn:other"/>', "root"),
        (b'<?xml version="1.0" encoding="base64"?><a/>', "encoding"),
        (f"{ROOT}>{'<a>' * 300}{'</a>' * 300}</definitions>".encode(), "nested"),
    ],
)
def test_a_file_that_is_no_model_is_refused_in_words(file: bytes, reason: str) -> None:
    with pytest.raises(UnreadableModel) as refusal:
        files.check(file)
    assert reason in refusal.value.sentence


def test_a_file_over_the_limit_is_not_even_read() -> None:
    with pytest.raises(ModelTooBig):
        files.check(b"x" * (files.MAX_BYTES + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_model_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ROOT} name="é"/>'
    file = text.encode(encoding)
    files.check(file)
    assert 'name="é"' in files.text_of(file)


def test_text_that_declares_another_encoding_is_refused() -> None:
    with pytest.raises(WrongEncoding):
        files.bytes_of(f'<?xml version="1.0" encoding="utf-16"?>{ROOT}/>')


def test_a_blank_model_can_be_taken_whatever_its_name() -> None:
    files.check(files.blank("patch-rollout", 'Patch & "roll" <out>'))


def test_connectors_are_named_with_their_contract() -> None:
    model = (
        f'{ROOT} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><process id="P">'
        '<serviceTask id="A"><extensionElements><zeebe:taskDefinition type="http:1"/>'
        '</extensionElements></serviceTask><subProcess id="S"><userTask id="B">'
        '<extensionElements><zeebe:executionListeners><zeebe:executionListener eventType="start" '
        'type="log:1"/></zeebe:executionListeners></extensionElements></userTask></subProcess>'
        '<endEvent id="E"><extensionElements><zeebe:taskDefinition type="mail:1"/>'
        "</extensionElements><messageEventDefinition/></endEvent></process></definitions>"
    )
    assert files.connectors_of(model.encode()) == {"http:1", "log:1", "mail:1"}


def test_a_model_of_camunda_7_is_taken_in_the_terms_that_run_here() -> None:
    model = (
        f'{ROOT} xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="P" '
        'isExecutable="true"><userTask id="A" camunda:assignee="${owner}"/>'
        '<serviceTask id="B" camunda:class="a.B"/></process></definitions>'
    ).encode()
    kept = files.imported(model)
    assert b'assignee="=owner"' in kept
    assert b'camunda:class="a.B"' in kept
    plain = model.replace(b"http://camunda.org/schema/1.0/bpmn", b"urn:foreign")
    assert files.imported(plain) == plain
