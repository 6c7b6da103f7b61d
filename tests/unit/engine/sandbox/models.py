"""A small process that asks people, systems, a decision and time."""

from __future__ import annotations

import json
from typing import Any

from engine.bpmn import parser
from engine.companions import Companions
from engine.sandbox.runner import packed
from engine.sandbox.stage import Part
from engine.sandbox.trial import DRAFT

MODEL = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:t">
<process id="outage" name="Outage" isExecutable="true">
 <startEvent id="start"><extensionElements><zeebe:formDefinition formId="report"/>
  </extensionElements></startEvent>
 <sequenceFlow id="f1" sourceRef="start" targetRef="weigh"/>
 <businessRuleTask id="weigh" name="Weigh it"><extensionElements>
  <zeebe:calledDecision decisionId="urgency" resultVariable="urgency"/></extensionElements>
 </businessRuleTask>
 <sequenceFlow id="f2" sourceRef="weigh" targetRef="ticket"/>
 <serviceTask id="ticket" name="Open a ticket"><extensionElements>
  <zeebe:taskDefinition type="http:1" retries="3"/>
  <zeebe:ioMapping><zeebe:input source="=&quot;POST&quot;" target="method"/>
   <zeebe:input source="=connection.itsm + &quot;/api&quot;" target="url"/>
   <zeebe:output source="=response.body.number" target="number"/></zeebe:ioMapping>
  </extensionElements></serviceTask>
 <boundaryEvent id="down" name="ITSM is down" attachedToRef="ticket">
  <errorEventDefinition errorRef="gone"/></boundaryEvent>
 <sequenceFlow id="f3" sourceRef="ticket" targetRef="gate"/>
 <sequenceFlow id="f9" sourceRef="down" targetRef="lost"/>
 <endEvent id="lost"/>
 <userTask id="gate" name="Approve the mend"><extensionElements><zeebe:userTask/>
  <zeebe:formDefinition formId="mend"/></extensionElements></userTask>
 <boundaryEvent id="late" name="Late" attachedToRef="gate"><timerEventDefinition>
  <timeDuration>PT12H</timeDuration></timerEventDefinition></boundaryEvent>
 <sequenceFlow id="f4" sourceRef="gate" targetRef="done"/>
 <sequenceFlow id="f5" sourceRef="late" targetRef="timed_out"/>
 <endEvent id="done" name="Mended"/>
 <endEvent id="timed_out" name="Given up"/>
</process>
<error id="gone" errorCode="GONE"/>
</definitions>"""

DECISION = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="u">
<decision id="urgency" name="Urgency"><variable name="Urgency" typeRef="string"/>
<decisionTable id="t" hitPolicy="UNIQUE"><input id="i" label="minutes">
<inputExpression id="e" typeRef="number"><text>minutes</text></inputExpression></input>
<output id="o" name="urgency" typeRef="string"/>
<rule id="r1"><inputEntry id="a1"><text>&lt; 60</text></inputEntry>
<outputEntry id="b1"><text>"low"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>&gt;= 60</text></inputEntry>
<outputEntry id="b2"><text>"high"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def _form(identity: str, key: str, label: str, kind: str) -> str:
    field = {"type": kind, "key": key, "label": label, "validate": {"required": True}}
    return json.dumps({"id": identity, "type": "default", "components": [field]})


FILES = {
    "urgency.dmn": DECISION,
    "report.form": _form("report", "minutes", "Minutes down", "number"),
    "mend.form": _form("mend", "mend", "How it is mended", "textfield"),
}
GIVEN = {"connection": {"itsm": "https://itsm.example"}}
SAMPLE = {"returns": {"response": {"status": 201, "headers": {}, "body": {"number": "INC-7"}}}}


def parts(model: str = MODEL, files: dict[str, str] = FILES) -> dict[str, Part]:
    companions = Companions.of({name: text.encode() for name, text in files.items()})
    process = parser.read(model.encode(), companions.formbook.texts).processes[0]
    return {DRAFT: Part(process, companions.rulebook)}


def a_scenario(**parts_of_it: Any) -> dict[str, Any]:
    """Return a scenario over the model in which all goes well, with parts of it changed."""
    usual = {
        "process": "outage",
        "at": "2031-05-05T08:00:00Z",
        "variables": {"minutes": "90"},
        "jobs": {"ticket": SAMPLE},
        "steps": [{"complete": "gate", "person": "Ana", "variables": {"mend": "Restart"}}],
    }
    return {**usual, **parts_of_it}


def request(*scenarios: dict[str, Any], model: str = MODEL) -> dict[str, Any]:
    """Return what the program is asked."""
    files = {name: packed(text.encode()) for name, text in FILES.items()}
    draft = {"model": packed(model.encode()), "process": "outage", "files": files, "names": []}
    return {"draft": draft, "called": [], "given": GIVEN, "scenarios": list(scenarios)}
