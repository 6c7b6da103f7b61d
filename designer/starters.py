"""Pure: what a new form and a new decision begin with."""

from __future__ import annotations

import json

from engine.companions import DECISIONS, FORMS


def starter(name: str) -> bytes:
    """Return the content a new file of this name begins with."""
    identity = name.removesuffix(FORMS).removesuffix(DECISIONS)
    return _form(identity) if name.endswith(FORMS) else _decision(identity)


def _form(identity: str) -> bytes:
    schema = {"id": identity, "type": "default", "schemaVersion": 16, "components": []}
    return json.dumps(schema, indent=2).encode()


def _decision(identity: str) -> bytes:
    """Return one decision table with an input, an output and a rule, drawn in its diagram."""
    # An XML id begins with no digit and holds no dot that some tools would stumble over.
    safe = "".join(each if each.isalnum() or each in "_-" else "_" for each in identity)
    title = identity.replace("-", " ").replace("_", " ").capitalize()
    return _TABLE.format(id=safe if safe[0].isalpha() else f"_{safe}", name=title).encode()


_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{id}_file" name="{name}" \
namespace="urn:interlock:decisions:{id}">
  <decision id="{id}" name="{name}">
    <decisionTable id="{id}_table" hitPolicy="UNIQUE">
      <input id="{id}_input" label="Amount">
        <inputExpression id="{id}_read" typeRef="number">
          <text>amount</text>
        </inputExpression>
      </input>
      <output id="{id}_output" label="Answer" name="answer" typeRef="string" />
      <rule id="{id}_rule">
        <inputEntry id="{id}_cell">
          <text></text>
        </inputEntry>
        <outputEntry id="{id}_result">
          <text>"yes"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_diagram">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""
