"""A model as other tools leave it: every trap that was met, in one file.

It binds the editor's own prefixes to other addresses, at the root and deep inside, and one prefix
to two; it has foreign attributes on elements and on the drawing, foreign elements inside and
outside of the extension elements, text between them; an id with letters that are not ASCII; a
second diagram, a collapsed sub-process without a sheet, a gateway that says nothing of its cross, a
process that no pool stands for, and a line in the drawing that stands for nothing.
"""

from __future__ import annotations

from typing import Final

ACTIVITI: Final = "http://activiti.org/bpmn"
OTHER: Final = "http://tool.example/interlock"
INNER: Final = "http://tool.example/inner"

MODEL: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:bpmndi="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:camunda="{ACTIVITI}" xmlns:interlock="{OTHER}" xmlns:zeebe="http://tool.example/zeebe"
  id="defs" targetNamespace="urn:test">
  <b:relationship type="tool"><b:extensionElements><interlock:kept interlock:a="1" a="1"/>
  </b:extensionElements><b:source>x</b:source><b:target>y</b:target></b:relationship>
  <b:itemDefinition id="order" structureRef="tool:Order"/>
  <b:message id="asked" name="Asked"/>
  <b:interface id="desk" name="Desk"><b:operation id="ask" name="Ask">
    <b:inMessageRef>asked</b:inMessageRef><b:outMessageRef>tool:none</b:outMessageRef>
  </b:operation></b:interface>
  <b:collaboration id="both"><b:participant id="pool" name="Desk" processRef="shown"/>
  </b:collaboration>
  <b:process id="shown" isExecutable="true" interlock:owner="ops">
    <b:extensionElements><interlock:note>one<interlock:b>two</interlock:b>three</interlock:note>
      <interlock:deep xmlns:interlock="{INNER}" interlock:q="1"><interlock:r/></interlock:deep>
    </b:extensionElements>
    <b:startEvent id="start"><b:outgoing>to_choice</b:outgoing></b:startEvent>
    <b:exclusiveGateway id="choice" name="Which?"/>
    <b:userTask id="prüfen" name="Check" camunda:assignee="kermit" zeebe:colour="red">
      <interlock:beside k="1"/></b:userTask>
    <b:subProcess id="inside" name="Inside"/>
    <b:sequenceFlow id="to_choice" sourceRef="start" targetRef="choice"/>
    <b:sequenceFlow id="to_check" sourceRef="choice" targetRef="prüfen"/>
    <b:sequenceFlow id="to_inside" sourceRef="choice" targetRef="inside"/>
  </b:process>
  <b:process id="unshown"><b:task id="apart" name="Apart"/></b:process>
  <di:BPMNDiagram id="first"><di:BPMNPlane id="plane" bpmnElement="both">
    <di:BPMNShape id="pool_di" bpmnElement="pool" isHorizontal="true">
      <omgdc:Bounds x="60" y="60" width="620" height="260"/></di:BPMNShape>
    <di:BPMNShape id="start_di" bpmnElement="start" interlock:shade="dark">
      <omgdc:Bounds x="132" y="122" width="36" height="36"/></di:BPMNShape>
    <di:BPMNShape id="choice_di" bpmnElement="choice">
      <omgdc:Bounds x="225" y="115" width="50" height="50"/></di:BPMNShape>
    <di:BPMNShape id="check_di" bpmnElement="prüfen">
      <omgdc:Bounds x="330" y="100" width="100" height="80"/></di:BPMNShape>
    <di:BPMNShape id="inside_di" bpmnElement="inside" isExpanded="false">
      <omgdc:Bounds x="330" y="210" width="100" height="80"/></di:BPMNShape>
    <di:BPMNShape id="apart_di" bpmnElement="apart">
      <omgdc:Bounds x="330" y="400" width="100" height="80"/></di:BPMNShape>
    <di:BPMNEdge id="to_choice_di" bpmnElement="to_choice">
      <bpmndi:waypoint x="168" y="140"/><bpmndi:waypoint x="225" y="140"/></di:BPMNEdge>
    <di:BPMNEdge id="to_check_di" bpmnElement="to_check">
      <bpmndi:waypoint x="275" y="140"/><bpmndi:waypoint x="330" y="140"/></di:BPMNEdge>
    <di:BPMNEdge id="to_inside_di" bpmnElement="to_inside">
      <bpmndi:waypoint x="250" y="165"/><bpmndi:waypoint x="250" y="250"/>
      <bpmndi:waypoint x="330" y="250"/></di:BPMNEdge>
    <di:BPMNEdge id="nothing_di">
      <bpmndi:waypoint x="1" y="1"/><bpmndi:waypoint x="2" y="2"/></di:BPMNEdge>
  </di:BPMNPlane></di:BPMNDiagram>
  <di:BPMNDiagram id="second"><di:BPMNPlane id="plane2" bpmnElement="unshown">
    <di:BPMNShape id="apart_di2" bpmnElement="apart">
      <omgdc:Bounds x="10" y="10" width="100" height="80"/></di:BPMNShape>
  </di:BPMNPlane></di:BPMNDiagram>
</b:definitions>
""".encode()

OPENED: Final = MODEL.replace("prüfen".encode(), b"pr_fen")
"""The same with ids that the editor can read; prefixes do not matter to who compares."""
