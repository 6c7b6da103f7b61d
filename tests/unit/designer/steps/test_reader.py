"""Reading step templates: those that are published are taken, what cannot be obeyed is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.steps import bindings, reader, shipped
from designer.steps.elements import Binding, Kind, Requirement
from designer.steps.reader import TemplateUnreadable
from tests.support.templates import a_field, a_header, a_template, an_input, as_file

TIMER = "bpmn:TimerEventDefinition"
GROUP = {"id": "g", "label": "G"}


def wrong(file: bytes) -> str:
    with pytest.raises(TemplateUnreadable) as refusal:
        reader.read_file(file)
    return " ".join(str(row["message"]) for row in refusal.value.problems)


def refused(*fields: dict[str, Any], **more: Any) -> str:
    return wrong(as_file(a_template(*fields, **more)))


def test_a_template_is_read_with_its_fields_groups_and_conditions() -> None:
    how = {"property": "method", "oneOf": ["POST", "PUT"]}
    file = as_file(
        a_template(
            an_input(
                "method", id="method", type="Dropdown", choices=[{"name": "Send", "value": "POST"}]
            ),
            an_input("body", type="Text", feel="optional", group="g", condition=how),
            groups=[{"id": "g", "label": "What is sent"}],
            version=7,
        )
    )

    [template] = reader.read_file(file)

    assert (template.id, template.version, template.element) == (
        "acme.restart",
        7,
        "bpmn:ServiceTask",
    )
    job, method, body = template.fields
    assert (job.kind, job.is_fixed, job.value) == (Kind.HIDDEN, True, "http:1")
    assert method.choices[0].value == "POST"
    assert body.condition == (Requirement("method", ("POST", "PUT")),)
    assert body.binding == Binding("zeebe:input", "body")
    assert template.content == json.loads(file)


def test_a_file_may_hold_a_list_as_they_are_published() -> None:
    first, second = a_template(), a_template(id="acme.stop", name="Stop a service")

    assert [one.id for one in reader.read_file(as_file(first, second))] == [
        "acme.restart",
        "acme.stop",
    ]


def test_every_shipped_template_is_read_and_is_ours() -> None:
    found = shipped.templates()

    assert len(found) >= 9
    assert all(key.startswith(shipped.PREFIX) for key in found)
    assert all(one.description and one.category for kept in found.values() for one in kept.values())


def test_every_kind_of_place_that_is_known_is_taken() -> None:
    for kind, member in bindings.KEYS.items():
        name = min(bindings.NAMES.get(kind, {"anything"}))
        place = {"type": kind, **({member: name} if member else {})}
        field = a_field(place, **({"type": "Hidden"} if kind == "zeebe:userTask" else {}))
        reader.read(a_template(field, properties=[field]))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([a_field({"type": "camunda:inputParameter", "name": "x"})], "none that is known"),
        (
            [a_field({"type": "zeebe:executionListener"}, type="Hidden")],
            "of Camunda 8 and not obeyed",
        ),
        ([a_field({"type": "property", "name": "id"})], "property has no id"),
        ([a_field({"type": "zeebe:input"})], "needs name"),
        ([{"type": "String", "label": "Nowhere"}], "Property 2, “Nowhere”: it has no binding"),
        ([an_input("x", type="Slider")], "its type Slider is none of"),
        ([an_input("x", type="Dropdown")], "Dropdown without choices"),
        ([an_input("x", constraints={"pattern": "("})], "regular expression"),
        ([an_input("x", constraints={"pattern": r"(a)\1"})], "linear time"),
        ([an_input("x", constraints={"minLength": -1})], "a length is no whole number"),
        ([an_input("x", feel="always")], "its feel is none of"),
        ([an_input("x", value=["list"])], "its value is no text"),
        ([an_input("x", condition={"property": "ghost", "equals": "a"})], "no other field"),
        ([an_input("x", id="x", condition={"property": "x", "equals": "a"})], "no other field"),
        ([an_input("x", condition={"property": "y"})], "compares with nothing"),
        ([an_input("x"), an_input("x")], "two fields write the same: zeebe:input x"),
        ([a_field({"type": "zeebe:userTask"})], "takes the type Hidden"),
        ([a_field({"type": "zeebe:script", "property": "expression"}, optional=True)], "optional"),
        ([an_input("x", label="A\u202elabel")], "characters that are not seen"),
    ],
)
def test_what_would_not_be_obeyed_is_refused_in_words(
    fields: list[dict[str, Any]], words: str
) -> None:
    assert words in refused(*fields)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"id": ""}, "no id"),
        ({"id": "a/b"}, "characters that no id has"),
        ({"id": 'a"b'}, "characters that no id has"),
        ({"name": None}, "it has no name"),
        ({"name": "Аpprove"}, "mixes alphabets"),
        ({"version": "1"}, "its version is no whole number"),
        ({"version": -1}, "its version is no whole number"),
        ({"version": 2**40}, "its version is no whole number"),
        ({"appliesTo": []}, "appliesTo"),
        ({"elementType": {"value": "bpmn:DataObject"}}, "no step that runs here"),
        ({"elementType": {"value": "bpmn:UserTask", "eventDefinition": TIMER}}, "triggered"),
        ({"properties": {}}, "no list of properties"),
        ({"properties": [an_input(str(n)) for n in range(201)]}, "more than 200 properties"),
        ({"groups": [{"label": "No id"}]}, "a group has no id"),
        ({"groups": [GROUP], "properties": [an_input("x", group="h")]}, "a group that"),
        ({"documentationRef": "javascript:alert(1)"}, "no address of the web"),
        ({"description": "x" * 2001}, "at most 2000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_template_itself_is_refused(
    more: dict[str, Any], words: str
) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    "file",
    [
        b"", b"not json", b"\xff\xfe", b"[]", b"null", b'"text"', b"[" * 100_000, b"[1]",
        b'{"id": NaN}', b'{"value": 1e999}', b'{"name": "\\ud800"}', b'{"name": "\\u0000"}',
        b" " * (512 * 1024 + 1), as_file(*[a_template()] * 51),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(file: bytes) -> None:
    assert wrong(file)


def test_all_that_is_wrong_is_told_at_once_up_to_a_limit() -> None:
    fields = [an_input(str(number), type="Slider") for number in range(50)]

    with pytest.raises(TemplateUnreadable) as refusal:
        reader.read(a_template(*fields))

    assert len(refusal.value.problems) == 20


def test_a_header_may_hold_a_whole_document() -> None:
    reader.read(a_template(a_header("document", type="Hidden", value="x" * 200_000)))
