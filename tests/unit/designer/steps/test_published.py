"""Typical shapes of templates that others publish for Camunda 8, written from the open schema."""

from __future__ import annotations

from typing import Any

from designer.steps import filling, reader
from designer.steps.elements import Binding, Template
from designer.steps.filling import Filling

URL = {"value": "^(=|(http://|https://|secrets|\\{\\{).*$)", "message": "Must be a URL"}


def an_input(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "binding": {"type": "zeebe:input", "name": name}, "group": "call", **more}


def when(field: str, *values: str) -> dict[str, Any]:
    return {"property": field, "oneOf": list(values), "type": "simple"}


REST = {
    "$schema": "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json",
    "name": "REST Outbound Connector",
    "id": "vendor.connectors.HttpJson.v2",
    "version": 11,
    "description": "Invoke REST API",
    "keywords": [],
    "documentationRef": "https://docs.vendor.example/rest",
    "category": {"id": "connectors", "name": "Connectors"},
    "appliesTo": ["bpmn:Task"],
    "elementType": {"value": "bpmn:ServiceTask"},
    "engines": {"camunda": "^8.3"},
    "groups": [{"id": "call", "label": "HTTP endpoint", "openByDefault": True}],
    "icon": {"contents": "data:image/svg+xml;base64,PHN2Zy8+"},
    "properties": [
        {
            "value": "vendor:http-json:1",
            "binding": {"property": "type", "type": "zeebe:taskDefinition"},
            "type": "Hidden",
        },
        an_input(
            "authentication.type",
            type="Dropdown",
            value="noAuth",
            choices=[{"name": "None", "value": "noAuth"}, {"name": "Basic", "value": "basic"}],
        ),
        an_input(
            "authentication.username",
            type="String",
            feel="optional",
            constraints={"notEmpty": True},
            condition=when("authentication.type", "basic"),
        ),
        an_input("url", type="String", feel="optional", constraints={"pattern": URL}),
        an_input("timeout", type="Number", feel="static", value=20, optional=False),
        an_input("store", type="Boolean", feel="static", value=False),
        {
            "id": "resultVariable",
            "binding": {"key": "resultVariable", "type": "zeebe:taskHeader"},
            "type": "String",
        },
        {
            "id": "errorExpression",
            "feel": "required",
            "binding": {"key": "errorExpression", "type": "zeebe:taskHeader"},
            "type": "Text",
            "language": "feel",
        },
    ],
}
RECEIVE = {
    "name": "Webhook",
    "id": "vendor.webhook.v1",
    "version": 3,
    "appliesTo": ["bpmn:IntermediateCatchEvent", "bpmn:IntermediateThrowEvent"],
    "elementType": {
        "value": "bpmn:IntermediateCatchEvent",
        "eventDefinition": "bpmn:MessageEventDefinition",
    },
    "properties": [
        {
            "type": "Hidden",
            "generatedValue": {"type": "uuid"},
            "binding": {"type": "bpmn:Message#property", "name": "name"},
        },
        {
            "type": "String",
            "feel": "required",
            "binding": {
                "type": "bpmn:Message#zeebe:subscription#property",
                "name": "correlationKey",
            },
        },
        {
            "type": "Hidden",
            "value": "vendor:webhook:1",
            "binding": {"type": "zeebe:property", "name": "inbound.type"},
        },
    ],
}


def test_a_connector_of_others_is_read_and_its_conditions_hold() -> None:
    template = reader.read(REST)
    said = {Binding("zeebe:input", "authentication.type"): "basic"}

    assert "authentication.username" in shown(template, said)
    assert "authentication.username" not in shown(template, {})


def test_what_a_connector_of_others_begins_with_is_written_as_there() -> None:
    fields = {field.id: field for field in reader.read(REST).fields}

    assert filling.written(fields["timeout"]) == "=20"
    assert filling.written(fields["store"]) == "=false"
    url = Binding("zeebe:input", "url")
    bad = filling.fault(fields["url"], Filling(reader.read(REST), {url: "ftp://x"}.get))
    assert str(bad) == "Must be a URL"


def test_an_event_of_others_is_read() -> None:
    template = reader.read(RECEIVE)

    assert (template.event, template.element) == (
        "bpmn:MessageEventDefinition",
        "bpmn:IntermediateCatchEvent",
    )
    assert [field.generated for field in template.fields] == [True, False, False]


def shown(template: Template, said: dict[Binding, str]) -> list[str]:
    return [field.id for field in Filling(template, said.get).shown()]
