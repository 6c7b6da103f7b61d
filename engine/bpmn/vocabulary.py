"""The words of BPMN's XML: namespaces, element names, and which of them run, rest or are refused.

BPMN 2.0.2 (OMG formal/2013-12-09), Semantic.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
INTERLOCK: Final = "urn:interlock:bpmn:1"

VENDORS: Final[Mapping[str, str]] = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://www.jboss.org/drools": "drools",
}
"""Engines whose attributes say how an element is executed: kept in the file, never obeyed."""

START_EVENT: Final = "startEvent"
END_EVENT: Final = "endEvent"
CATCH_EVENT: Final = "intermediateCatchEvent"
BOUNDARY_EVENT: Final = "boundaryEvent"
USER_TASK: Final = "userTask"
SERVICE_TASK: Final = "serviceTask"
SCRIPT_TASK: Final = "scriptTask"
EXCLUSIVE_GATEWAY: Final = "exclusiveGateway"
PARALLEL_GATEWAY: Final = "parallelGateway"
SEQUENCE_FLOW: Final = "sequenceFlow"

EXECUTED: Final = frozenset(
    {
        START_EVENT,
        END_EVENT,
        CATCH_EVENT,
        BOUNDARY_EVENT,
        USER_TASK,
        SERVICE_TASK,
        SCRIPT_TASK,
        EXCLUSIVE_GATEWAY,
        PARALLEL_GATEWAY,
    }
)

REFUSED: Final[Mapping[str, str]] = {
    "task": "Change it to a user, service or script task.",
    "manualTask": "Change it to a user task.",
    "sendTask": "Change it to a service task that sends the message.",
    "receiveTask": "Change it to a message catch event.",
    "businessRuleTask": "Change it to a script task, or to a service task that decides.",
    "callActivity": "Draw the steps of the called process here.",
    "subProcess": "Draw its steps in the process itself.",
    "transaction": "Draw its steps in the process itself.",
    "adHocSubProcess": "Draw its steps in the process itself.",
    "inclusiveGateway": "Use exclusive gateways, or a parallel gateway before them.",
    "complexGateway": "Use exclusive and parallel gateways.",
    "eventBasedGateway": "Use one catch event, or boundary events on a user task.",
    "intermediateThrowEvent": "Remove it, or use a service task that does what it announces.",
    "implicitThrowEvent": "Remove it.",
    "subChoreography": "Draw it in a process.",
    "callChoreography": "Draw it in a process.",
    "choreographyTask": "Draw it in a process.",
}
"""Flow nodes of BPMN that do not run yet, and what to draw instead."""

FLOW_NODES: Final = EXECUTED | frozenset(REFUSED)

REFUSED_PARTS: Final[Mapping[str, str]] = {
    "multiInstanceLoopCharacteristics": "Remove the multi-instance marker, or repeat the step.",
    "standardLoopCharacteristics": "Remove the loop marker, and draw the loop with a gateway.",
}
"""Children of an activity that would change what it does."""

EVENT_DEFINITIONS: Final[Mapping[str, str]] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "terminateEventDefinition": "terminate",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "cancelEventDefinition": "cancel",
    "compensateEventDefinition": "compensation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
}

ALLOWED_DEFINITIONS: Final[Mapping[str, frozenset[str]]] = {
    START_EVENT: frozenset({"timer"}),
    END_EVENT: frozenset({"terminate"}),
    CATCH_EVENT: frozenset({"timer", "message"}),
    BOUNDARY_EVENT: frozenset({"timer"}),
}
"""What each event may wait for or do so far; start and end events may also have nothing."""

_OTHERS: Final = frozenset(
    """
activationCondition activity artifact assignment association auditing baseElement
baseElementWithMixedContent callConversation calledCollaboration cancelRemainingInstances
catchEvent category categoryValue categoryValueRef childLaneSet choreography choreographyRef
collaboration completionCondition complexBehaviorDefinition condition conditionExpression
conversation conversationAssociation conversationLink conversationNode conversationRef
correlationKey correlationProperty correlationPropertyBinding correlationPropertyRef
correlationPropertyRetrievalExpression correlationSubscription dataInput dataInputAssociation
dataInputRefs dataObject dataObjectReference dataOutput dataOutputAssociation dataOutputRefs
dataPath dataSourceRef dataState dataStore dataStoreReference dataTargetRef definitions
documentation endPoint endPointRef error errorRef escalation evaluatesToTypeRef event
eventDefinition eventDefinitionRef expression extension extensionElements flowElement
flowElementRef flowNode flowNodeRef formalExpression from gateway globalBusinessRuleTask
globalChoreographyTask globalConversation globalManualTask globalScriptTask globalTask
globalUserTask group humanPerformer import incoming inMessageRef innerConversationNodeRef
innerMessageFlowRef innerParticipantRef inputDataItem inputSet inputSetRefs interface interfaceRef
ioBinding ioSpecification itemDefinition itemRef lane laneSet loopCardinality loopCharacteristics
loopCondition loopDataInputRef loopDataOutputRef message messageFlow messageFlowAssociation
messageFlowRef messagePath messagePathRef messageRef methodRef monitoring noneBehaviorEventRef
oneBehaviorEventRef operation operationRef optionalInputRefs optionalOutputRefs
outerConversationNodeRef outerMessageFlowRef outerParticipantRef outgoing outMessageRef
outputDataItem outputSet outputSetRefs parameterAssignments participant participantAssociation
participantMultiplicity participantRef participantsRef partitionElement partitionElementRef
partnerEntity partnerEntityRef partnerRole partnerRoleRef performer potentialOwner process property
relationship relationshipSource relationshipTarget rendering resource resourceAssignmentExpression
resourceParameter resourceParameterBinding resourceRef resourceRole rootElement script sequenceFlow
signal signalRef source sourceRef structureRef subConversation supportedInterfaceRef supports
target targetRef text textAnnotation throwEvent timeCycle timeDate timeDuration
timerEventDefinition to transformation type value whileExecutingInputRefs whileExecutingOutputRefs
""".split()  # noqa: SIM905  # a list of so many strings cannot be read
)

KNOWN: Final = FLOW_NODES | frozenset(REFUSED_PARTS) | frozenset(EVENT_DEFINITIONS) | _OTHERS
"""Every element name of BPMN; another one is a mistake."""


def model(local: str) -> str:
    """Return the qualified name of a BPMN element, as the XML reader writes it."""
    return f"{{{MODEL}}}{local}"


def zeebe(local: str) -> str:
    """Return the qualified name of an execution detail."""
    return f"{{{ZEEBE}}}{local}"


def interlock(local: str) -> str:
    """Return the qualified name of one of our own extension elements."""
    return f"{{{INTERLOCK}}}{local}"


def kind_words(tag: str) -> str:
    """Return an element's kind as words: `userTask` is a user task."""
    words = re.sub(r"([A-Z])", lambda match: " " + match.group(1).lower(), tag)
    return words.replace("sub process", "subprocess").strip()
