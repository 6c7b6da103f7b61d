"""An OpenAPI document holds request and answer; a hostile one is refused and fetches nothing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from engine.connectors.openapi.contract import (
    ContractUnfit,
    OffContract,
    check_answer,
    operation_of,
    request_of,
)

TICKET = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]+-[0-9]+$"},
        "note": {"type": "string", "nullable": True},
        "parent": {"$ref": "#/components/schemas/Ticket"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
    },
}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 2}}


def a_document(version: str = "3.0.3", **operation: Any) -> str:
    """Return a document with one operation, whose parts can be replaced."""
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}}}
    found = {
        "operationId": "change",
        "parameters": [
            {"$ref": "#/components/parameters/Loud"},
            {"name": "X-Team", "in": "header", "schema": {"type": "string"}},
        ],
        "requestBody": {"required": True, **answer},
        "responses": {"200": answer, "4XX": {"description": "No"}},
        **operation,
    }
    loud = {"name": "loud", "in": "query", "schema": {"type": "boolean"}}
    return json.dumps(
        {
            "openapi": version,
            "paths": {"/tickets/{id}": {"parameters": [ID], "patch": found}},
            "components": {"schemas": {"Ticket": TICKET}, "parameters": {"Loud": loud}},
        }
    )


def test_a_request_is_made_of_its_parameters() -> None:
    operation = operation_of(a_document(), "change")

    request = request_of(
        operation, {"id": "a/b", "loud": True, "X-Team": "desk"}, {"id": "CHG-1", "note": None}
    )

    assert (request.method, request.path) == ("PATCH", "/tickets/a%2Fb?loud=true")
    assert request.headers == {"X-Team": "desk"}


@pytest.mark.parametrize(
    ("parameters", "body", "words"),
    [
        ({}, {"id": "CHG-1"}, "“id” is missing"),
        ({"id": "x"}, {"id": "CHG-1"}, "The parameter “id” does not fit"),
        ({"id": "xy", "who": 1}, {"id": "CHG-1"}, "no parameter “who”"),
        ({"id": "xy", "loud": "very"}, {"id": "CHG-1"}, "“loud” does not fit"),
        ({"id": "xy"}, None, "The body is missing"),
        ({"id": "xy"}, {}, "'id' is a required property"),
        ({"id": "xy"}, {"id": "chg-1"}, "id: it does not have the form"),
        ({"id": "xy"}, {"id": "CHG-1", "parent": {"id": 7}}, "parent.id: 7 is not of type"),
        ({"id": "xy"}, {"id": "CHG-1", "age": 0}, "age: 0 is less than or equal to"),
    ],
)
def test_a_request_that_does_not_fit_is_not_sent(
    parameters: dict[str, Any], body: Any, words: str
) -> None:
    with pytest.raises(OffContract, match=words):
        request_of(operation_of(a_document(), "change"), parameters, body)


def test_an_answer_is_held_against_its_status() -> None:
    operation = operation_of(a_document(), "change")

    check_answer(operation, 200, {"id": "CHG-1"})
    check_answer(operation, 404, "whatever")
    with pytest.raises(OffContract, match="no answer with the status 302"):
        check_answer(operation, 302, None)
    with pytest.raises(OffContract, match="not as the document says"):
        check_answer(operation, 200, {"id": None})


@pytest.mark.parametrize(
    "document",
    [
        "no json",
        "[]",
        '{"openapi": "2.0"}',
        '{"swagger": "2.0"}',
        '{"openapi": "3.0.0"}',
        "[" * 100_000,
        " " * (256 * 1024 + 1),
        a_document(parameters=[{"$ref": "https://evil.example/p.json"}]),
        a_document(parameters=[{"$ref": "#/nowhere"}]),
        a_document(parameters=[{"name": "s", "in": "cookie", "required": True}]),
    ],
)
def test_a_document_that_cannot_be_followed_is_refused(document: str) -> None:
    with pytest.raises(ContractUnfit):
        operation_of(document, "change")


def test_a_circle_of_references_ends() -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/x"}}}}
    document = json.loads(a_document(requestBody=body))
    document["x"] = {"$ref": "#/x"}

    with pytest.raises(ContractUnfit):
        request_of(operation_of(json.dumps(document), "change"), {"id": "xy"}, 1)


def test_a_pattern_that_could_be_endless_is_not() -> None:
    schema = {"type": "string", "pattern": "^(a+)+$"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = operation_of(a_document(requestBody=body), "change")

    began = time.monotonic()
    with pytest.raises(OffContract):
        request_of(operation, {"id": "xy"}, "a" * 5000 + "!")
    assert time.monotonic() - began < 5
