"""BPMN files for tests: the frame once, so that a test shows only what it is about."""

from __future__ import annotations

from itertools import pairwise

FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
 id="definitions" targetNamespace="urn:test">{before}<process id="change" name="Change"
 isExecutable="true">{body}</process>{after}</definitions>"""


def drawing(body: str, *, before: str = "", after: str = "") -> bytes:
    """Return a file with one executable process of this content."""
    return FRAME.format(body=body, before=before, after=after).encode()


def line(*nodes: str) -> str:
    """Return nodes with a start, an end and sequence flows from each to the next.

    A node is an element with `id` as its first attribute.
    """
    ids = ["start", *(node.split('id="', 1)[1].split('"', 1)[0] for node in nodes), "end"]
    flows = "".join(
        f'<sequenceFlow id="to_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(ids)
    )
    return f'<startEvent id="start"/>{"".join(nodes)}<endEvent id="end"/>{flows}'


def extended(tag: str, extensions: str, attributes: str = "") -> str:
    """Return an element called `step` with extension elements."""
    return (
        f'<{tag} id="step" name="The step" {attributes}>'
        f"<extensionElements>{extensions}</extensionElements></{tag}>"
    )
