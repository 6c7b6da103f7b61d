"""The words of BPMN's XML: namespaces, element names, and which of them run.

BPMN 2.0.2 (OMG formal/2013-12-09), Semantic.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
INTERLOCK: Final = "urn:interlock:bpmn:1"
BIOC: Final = "http://bpmn.io/schema/bpmn/biocolor/1.0"
COLOR: Final = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"

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
THROW_EVENT: Final = "intermediateThrowEvent"
BOUNDARY_EVENT: Final = "boundaryEvent"
SEQUENCE_FLOW: Final = "sequenceFlow"
SUB_PROCESS: Final = "subProcess"
TRANSACTION: Final = "transaction"
AD_HOC: Final = "adHocSubProcess"

EVENTS: Final = frozenset({START_EVENT, END_EVENT, CATCH_EVENT, THROW_EVENT, BOUNDARY_EVENT})
GATEWAYS: Final = frozenset(
    {
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway"),
        *("complexGateway", "eventBasedGateway"),
    }
)
SUB_PROCESSES: Final = frozenset({SUB_PROCESS, TRANSACTION, AD_HOC})
TASKS: Final = frozenset(
    {
        *("task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask"),
        *("businessRuleTask", "scriptTask"),
    }
)
ACTIVITIES: Final = TASKS | SUB_PROCESSES | {"callActivity"}
EXECUTED: Final = EVENTS | GATEWAYS | ACTIVITIES
REFUSED: Final = frozenset(
    {"implicitThrowEvent", "subChoreography", "callChoreography", "choreographyTask"}
)
"""Flow nodes of a choreography, and one that exists in the standard's words only."""

FLOW_NODES: Final = EXECUTED | REFUSED
LEVELS: Final = SUB_PROCESSES | {"process"}
"""What flow nodes stand in."""

LOOPS: Final = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})

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

_WAITED_FOR: Final = frozenset({"timer", "message", "signal", "conditional"})
_FROM_WITHIN: Final = frozenset({"error", "escalation", "compensation"})

ALLOWED_DEFINITIONS: Final[Mapping[str, frozenset[str]]] = {
    "start event": _WAITED_FOR,
    "start event of a sub-process": frozenset(),
    "start event of an event sub-process": _WAITED_FOR | _FROM_WITHIN,
    "intermediate catch event": _WAITED_FOR | {"link"},
    "boundary event": _WAITED_FOR | _FROM_WITHIN | {"cancel"},
    "intermediate throw event": frozenset(
        {"message", "signal", "escalation", "compensation", "link"}
    ),
    "end event": frozenset(
        {"message", "signal", "error", "escalation", "compensation", "cancel", "terminate"}
    ),
}
"""What each event may wait for or do, by its position. BPMN 2.0.2, table 10.93."""

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

KNOWN: Final = FLOW_NODES | LOOPS | frozenset(EVENT_DEFINITIONS) | _OTHERS
"""Every element name of BPMN; another one is a mistake."""


@cache
def model(local: str) -> str:
    """Return the qualified name of a BPMN element, as the XML reader writes it."""
    return f"{{{MODEL}}}{local}"


@cache
def zeebe(local: str) -> str:
    """Return the qualified name of an execution detail."""
    return f"{{{ZEEBE}}}{local}"


@cache
def interlock(local: str) -> str:
    """Return the qualified name of one of our own extension elements."""
    return f"{{{INTERLOCK}}}{local}"


def local(tag: object) -> str:
    """Return the name of a qualified name, without its namespace."""
    return _without_namespace(str(tag))


@lru_cache(maxsize=1_024)  # and not more: a file may hold any names
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def kind_words(tag: str) -> str:
    """Return an element's kind as words: `userTask` is a user task."""
    words = re.sub(r"([A-Z])", lambda match: " " + match.group(1).lower(), tag)
    return words.replace("sub process", "sub-process").replace("ad hoc", "ad-hoc").strip()
