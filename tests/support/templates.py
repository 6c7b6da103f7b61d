"""Step templates for tests, and models with steps made from them."""

from __future__ import annotations

import json
from typing import Any

from tests.support.drawings import drawing, extended, line


def a_field(binding: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "String", "binding": binding, **more}


def an_input(name: str, **more: Any) -> dict[str, Any]:
    return a_field({"type": "zeebe:input", "name": name}, **more)


def a_header(key: str, **more: Any) -> dict[str, Any]:
    return a_field({"type": "zeebe:taskHeader", "key": key}, **more)


JOB = {
    "type": "Hidden",
    "value": "http:1",
    "binding": {"type": "zeebe:taskDefinition", "property": "type"},
}


def a_template(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a template of a service task that calls over HTTP."""
    return {
        "id": "acme.restart",
        "name": "Restart a service",
        "version": 1,
        "description": "Restarts it and waits until it answers.",
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "properties": [JOB, *fields],
        **more,
    }


def as_file(*templates: dict[str, Any]) -> bytes:
    return json.dumps(templates[0] if len(templates) == 1 else templates).encode()


def a_step(
    inputs: dict[str, str] | None = None, *, key: str = "acme.restart", version: int = 1
) -> str:
    """Return a service task made from a template, with these inputs."""
    rows = "".join(
        f'<zeebe:input source="{source}" target="{name}"/>'
        for name, source in (inputs or {}).items()
    )
    extensions = f'<zeebe:taskDefinition type="http:1"/><zeebe:ioMapping>{rows}</zeebe:ioMapping>'
    mark = f'zeebe:modelerTemplate="{key}" zeebe:modelerTemplateVersion="{version}"'
    return extended("serviceTask", extensions, mark)


def a_model(step: str) -> bytes:
    """Return a model of one step."""
    return drawing(line(step))
