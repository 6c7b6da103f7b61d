"""Forms that Camunda 7 keeps in the model, drawn as form-js forms. Others are files elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from engine.bpmn.camunda7.rewriting import Rewriting, camunda
from engine.bpmn.vocabulary import model, zeebe

_TYPES: Final[Mapping[str, str]] = {
    "string": "textfield",
    "long": "number",
    "boolean": "checkbox",
    "date": "datetime",
    "enum": "select",
}


def form(rewriting: Rewriting, element: etree._Element) -> None:
    """Draw the form of a user task or start event on it."""
    named = rewriting.take_said(element, "formRef")
    rewriting.details(element, zeebe("formDefinition"), formId=named)
    for data in list(rewriting.extensions(element, "formData")):
        fields = [_field(node) for node in data.findall(camunda("formField"))]
        process = next(element.iterancestors(model("process")), None)
        if process is not None and all(field["type"] for field in fields):
            identity = f"form_{element.get('id', '')}"
            kept = rewriting.add(process, zeebe("userTaskForm"))
            kept.set("id", identity)
            kept.text = json.dumps({"type": "default", "components": fields}, ensure_ascii=False)
            key = f"camunda-forms:bpmn:{identity}"
            rewriting.put(element, zeebe("formDefinition"), {"formKey": key})
            rewriting.drop(data)


def _field(node: etree._Element) -> dict[str, Any]:
    """Return a field as form-js knows it; one of an unknown type has none."""
    kind = _TYPES.get(node.get("type", ""), "")
    field: dict[str, Any] = {
        "type": kind,
        "key": node.get("id", ""),
        "label": node.get("label", ""),
    }
    if kind == "datetime":
        field["subtype"] = "date"
    if kind == "select":
        choices = node.findall(camunda("value"))
        field["values"] = [
            {"label": one.get("name", ""), "value": one.get("id", "")} for one in choices
        ]
    if (default := node.get("defaultValue")) and "${" not in default:
        field["defaultValue"] = default
    rules = {
        rule.get("name", ""): rule.get("config", "") for rule in node.iter(camunda("constraint"))
    }
    field["readonly"] = "readonly" in rules
    field["validate"] = {
        **({"required": True} if "required" in rules else {}),
        **{
            limit: int(rules[name])
            for name, limit in _LIMITS.items()
            if rules.get(name, "").isdecimal()
        },
    }
    return field


_LIMITS: Final[Mapping[str, str]] = {
    "minlength": "minLength",
    "maxlength": "maxLength",
    "min": "min",
    "max": "max",
}
