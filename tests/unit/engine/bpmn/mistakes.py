"""Models with one mistake each, by the code of the problem; beside it what the message names."""

from __future__ import annotations

from tests.support.drawings import extended, line

TASK = (
    '<userTask id="step"><extensionElements><zeebe:assignmentDefinition assignee="ann"/>'
    "</extensionElements></userTask>"
)
SOUND = line(TASK)


def timer(content: str, event: str = "intermediateCatchEvent", attributes: str = "") -> str:
    return (
        f'<{event} id="t" {attributes}><timerEventDefinition>{content}</timerEventDefinition>'
        f"</{event}>"
    )


def boundary(content: str, attributes: str = "") -> str:
    event = timer(content, "boundaryEvent", f'attachedToRef="step" {attributes}')
    return SOUND + event + '<sequenceFlow id="late" sourceRef="t" targetRef="end"/>'


def split(flows: str, attributes: str = "", tag: str = "exclusiveGateway") -> str:
    return (
        f'<startEvent id="s"/><{tag} id="g" {attributes}/><endEvent id="e"/>'
        f'<sequenceFlow id="in" sourceRef="s" targetRef="g"/>{flows}'
    )


def flow(identity: str, source: str, target: str, condition: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return (
        f'<sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</sequenceFlow>"
    )


ASSIGNED = '<zeebe:assignmentDefinition candidateGroups="board"/>'
HTTP = (
    '<zeebe:taskDefinition type="http:1"/><zeebe:ioMapping><zeebe:input source="GET" '
    'target="method"/><zeebe:input source="=link" target="url"/></zeebe:ioMapping>'
)


def service(extensions: str) -> str:
    return line(extended("serviceTask", extensions))


def user(extensions: str, attributes: str = "") -> str:
    return line(extended("userTask", extensions, attributes))


MISTAKES: dict[str, tuple[str, str]] = {
    "bad_id": (SOUND + '<textAnnotation id="1 A"/>', "1 A"),
    "boundary_without_activity": (
        SOUND
        + timer("<timeDuration>PT1H</timeDuration>", "boundaryEvent", 'attachedToRef="ghost"'),
        "ghost",
    ),
    "condition_ignored": (split(flow("a", "g", "e", "true"), tag="parallelGateway"), "a"),
    "conditions_missing": (
        split(flow("a", "g", "e", "x") + flow("b", "g", "e")),
        "no condition on the flow from",
    ),
    "connector_missing": (service(""), "step"),
    "connector_input_missing": (service('<zeebe:taskDefinition type="http:1"/>'), "`method`"),
    "connector_unknown": (service('<zeebe:taskDefinition type="smtp:1"/>'), "smtp:1"),
    "dangling_flow": (SOUND + flow("f9", "step", "ghost"), "ghost"),
    "default_not_outgoing": (split(flow("a", "g", "e"), 'default="in"'), "in"),
    "default_with_condition": (
        split(flow("a", "g", "e", "x") + flow("b", "g", "e", "y"), 'default="b"'),
        "The flow from the exclusive gateway without a name to",
    ),
    "duplicate_id": (SOUND + '<textAnnotation id="step"/>', "step"),
    "element_not_supported": (line('<choreographyTask id="c"/>'), "a choreography task"),
    "event_definition_missing": (
        line('<intermediateCatchEvent id="t"/>'),
        "Intermediate catch event without a name",
    ),
    "expression_unreadable": (
        split(flow("a", "g", "e", "1 +")),
        "Line 1, column 4: found the end of the expression",
    ),
    "decision_reserved": (
        '<extensionElements><zeebe:userTaskForm id="f">{"components": [{"type": "textfield", '
        '"key": "decision"}]}</zeebe:userTaskForm></extensionElements>'
        + line(
            '<userTask id="ask"><extensionElements>'
            + ASSIGNED
            + '<zeebe:formDefinition formId="f"/></extensionElements></userTask>'
            '<userTask id="gate"><extensionElements>'
            + ASSIGNED
            + '<interlock:gate quorum="1"/></extensionElements></userTask>'
        ),
        "decision",
    ),
    "extension_ignored": (user(ASSIGNED + "<zeebe:odd/>"), "zeebe:odd"),
    "extension_not_supported": (user(ASSIGNED + "<interlock:odd/>"), "interlock:odd"),
    "flow_into_boundary": (
        boundary("<timeDuration>PT1H</timeDuration>") + flow("x", "start", "t"),
        "Boundary event without a name has an incoming sequence flow (the flow from",
    ),
    "flow_into_start": (SOUND + flow("x", "step", "start"), "Start event without a name"),
    "flow_out_of_end": (SOUND + flow("x", "end", "step"), "to the user task without a name"),
    "form_missing": (user(ASSIGNED + '<zeebe:formDefinition formId="f1"/>'), "f1"),
    "form_unreadable": (
        '<extensionElements><zeebe:userTaskForm id="f">{</zeebe:userTaskForm></extensionElements>'
        + user(ASSIGNED + '<zeebe:formDefinition formId="f"/>'),
        "no JSON",
    ),
    "gate_quorum": (user(ASSIGNED + '<interlock:gate quorum="0"/>'), "quorum of 0"),
    "gate_unassigned": (user('<interlock:gate quorum="1"/>'), "step"),
    "gateway_without_outgoing": (split(""), "g"),
    "mapping_incomplete": (
        user(ASSIGNED + '<zeebe:ioMapping><zeebe:input source="=a"/></zeebe:ioMapping>'),
        "input mapping",
    ),
    "message_missing": (
        line('<intermediateCatchEvent id="m"><messageEventDefinition/></intermediateCatchEvent>'),
        "m",
    ),
    "missing_id": (SOUND + "<userTask/>", "line"),
    "no_end_reached": (
        SOUND + '<sequenceFlow id="x" sourceRef="start" targetRef="y"/>'
        '<scriptTask id="y"><script>1</script></scriptTask>',
        "Script task without a name has no outgoing flow",
    ),
    "no_start": (TASK, "“Change” has no start event"),
    "quantity_not_supported": (user(ASSIGNED, 'startQuantity="2"'), "startQuantity"),
    "result_missing": (line('<scriptTask id="s"><script>1</script></scriptTask>'), "s"),
    "circuit_unreadable": (service(HTTP + '<interlock:circuit throwAfter="soon"/>'), "“soon”"),
    "fallback_missing": (service(HTTP + '<interlock:circuit throwAfter="PT5M"/>'), "CIRCUIT_OPEN"),
    "retry_unreadable": (service(HTTP + '<interlock:retry attempts="0"/>'), "attempts “0”"),
    "script_language": (
        line('<scriptTask id="s" scriptFormat="groovy"><script>1</script></scriptTask>'),
        "groovy",
    ),
    "script_missing": (line('<scriptTask id="s"/>'), "s"),
    "several_none_starts": (SOUND + '<startEvent id="s2"/>', "2 start events without a trigger"),
    "timer_endless": (boundary("<timeCycle>R/PT0S</timeCycle>", 'cancelActivity="false"'), "t"),
    "timer_kind": (boundary("<timeCycle>R3/PT1H</timeCycle>"), "t"),
    "timer_missing": (line(timer("")), "t"),
    "timer_several": (
        line(timer("<timeDate>2030-01-01T00:00:00Z</timeDate><timeDuration>PT1H</timeDuration>")),
        "t",
    ),
    "timer_unreadable": (line(timer("<timeDuration>1 hour</timeDuration>")), "“1 hour”"),
    "too_many_expressions": (
        split("".join(flow(f"f{at}", "g", "e", "x" * 20_000) for at in range(51))),
        "1,000,000",
    ),
    "unknown_element": (SOUND + '<quantumTask id="q"/>', "quantumTask"),
    "unreachable": (
        SOUND + '<parallelGateway id="island"/>',
        "the parallel gateway without a name",
    ),
    "user_task_unassigned": (line('<userTask id="u"/>'), "User task without a name names"),
    "variable_unreadable": (
        line(extended("scriptTask", '<zeebe:script expression="=1" resultVariable="a b"/>')),
        "a b",
    ),
    "vendor_setting": (
        line(
            '<userTask id="u" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
            'camunda:assignee="x"/>'
        ),
        "camunda:assignee",
    ),
}


def catch(definition: str, identity: str = "x") -> str:
    return f'<intermediateCatchEvent id="{identity}">{definition}</intermediateCatchEvent>'


def throw(definition: str, identity: str = "x") -> str:
    return f'<intermediateThrowEvent id="{identity}">{definition}</intermediateThrowEvent>'


def attached(definition: str, attributes: str = "", flows: str = "") -> str:
    """Return a sound line with an event on its step."""
    event = f'<boundaryEvent id="x" attachedToRef="step" {attributes}>{definition}</boundaryEvent>'
    return SOUND + event + (flows or '<sequenceFlow id="o" sourceRef="x" targetRef="end"/>')


def within(tag: str, body: str, attributes: str = "") -> str:
    return f'<{tag} id="sub" name="Sub" {attributes}>{body}</{tag}>'


UNDO = '<task id="undo" name="Undo" isForCompensation="true"/>'
COMPENSATE = "<compensateEventDefinition/>"
LINK = '<linkEventDefinition name="A"/>'

MISTAKES |= {
    "adhoc_event": (line(within("adHocSubProcess", '<startEvent id="x"/>')), "Start event"),
    "boundary_must_interrupt": (
        attached("<errorEventDefinition/>", 'cancelActivity="false"'),
        "an error event",
    ),
    "call_circular": (line('<callActivity id="x" calledElement="change"/>'), "change"),
    "call_missing": (line('<callActivity id="x"/>'), "Call activity"),
    "call_unknown": (line('<callActivity id="x" calledElement="nowhere"/>'), "nowhere"),
    "cancel_misplaced": (attached("<cancelEventDefinition/>"), "is no transaction"),
    "compensation_handler_flow": (
        line('<task id="x" name="Undo" isForCompensation="true"/>'),
        "Undo",
    ),
    "compensation_handler_unbound": (SOUND + UNDO, "Undo"),
    "compensation_unbound": (attached(COMPENSATE, flows=UNDO), "leads to no activity"),
    "condition_missing": (line(catch("<conditionalEventDefinition/>")), "a condition"),
    "conditional_start": (
        line('<task id="x"/>').replace(
            '<startEvent id="start"/>',
            '<startEvent id="start"><conditionalEventDefinition><condition>=x</condition>'
            "</conditionalEventDefinition></startEvent>",
        ),
        "nothing watches it",
    ),
    "cycle_unbounded": (
        line('<task id="x"><standardLoopCharacteristics/></task>'),
        "without a maximum",
    ),
    "decision_missing": (line('<businessRuleTask id="x" name="Rate"/>'), "Rate"),
    "error_code_missing": (
        SOUND.replace('<endEvent id="end"/>', "")
        + '<endEvent id="end"><errorEventDefinition/></endEvent>',
        "without a code",
    ),
    "event_gateway_target": (
        line('<eventBasedGateway id="x"/>', '<task id="y" name="Work"/>'),
        "Work",
    ),
    "event_not_allowed": (
        line(catch("<errorEventDefinition/>")),
        "an error intermediate catch event",
    ),
    "event_subprocess_flow": (
        line(within("subProcess", "", 'triggeredByEvent="true"')),
        "“Sub”",
    ),
    "event_subprocess_start": (
        SOUND + within("subProcess", '<startEvent id="x"/>', 'triggeredByEvent="true"'),
        "0 start events",
    ),
    "flow_crosses_scope": (
        line(TASK, within("subProcess", '<startEvent id="s"/><task id="in" name="In"/>'))
        + flow("x", "step", "in"),
        "“In”",
    ),
    "flow_into_link": (line(throw(LINK, "t"), catch(LINK, "c")), "c"),
    "flow_out_of_compensation": (attached(COMPENSATE), "outgoing"),
    "flow_out_of_link": (line(throw(LINK, "t"), catch(LINK, "c")), "t"),
    "fork_endless": (
        line('<exclusiveGateway id="m"/>', '<parallelGateway id="x" name="Fork"/>')
        + flow("a", "x", "m")
        + flow("b", "x", "m"),
        "2 flows",
    ),
    "instances_many": (
        line(
            '<task id="x"><multiInstanceLoopCharacteristics><loopCardinality>100001'
            "</loopCardinality></multiInstanceLoopCharacteristics></task>"
        ),
        "100,000",
    ),
    "instances_missing": (
        line('<task id="x"><multiInstanceLoopCharacteristics/></task>'),
        "how often",
    ),
    "language_unknown": (
        SOUND
        + '<sequenceFlow id="x" name="Yes" sourceRef="step" targetRef="end"><conditionExpression '
        'language="groovy">a</conditionExpression></sequenceFlow>',
        "groovy",
    ),
    "link_ambiguous": (SOUND + catch(LINK, "c1") + catch(LINK, "c2"), "“A”"),
    "link_missing": (SOUND + throw("<linkEventDefinition/>"), "without a name"),
    "link_unmatched": (SOUND + throw(LINK), "“A”"),
    "listener_unreadable": (
        user(
            ASSIGNED + '<zeebe:executionListeners><zeebe:executionListener eventType="never" '
            'type="a"/></zeebe:executionListeners>'
        ),
        "“never”",
    ),
    "correlation_ignored": (
        f'<correlationSubscription id="by" name="By order" correlationKeyRef="k"/>{SOUND}',
        "correlation subscription",
    ),
    "loop_events_ignored": (
        line(
            '<task id="x" name="Each"><multiInstanceLoopCharacteristics behavior="One" '
            'oneBehaviorEventRef="e"><loopCardinality>2</loopCardinality>'
            "</multiInstanceLoopCharacteristics></task>"
        ),
        "behavior One",
    ),
    "loop_endless": (
        '<startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/>'
        + flow("f1", "s", "a")
        + flow("f2", "a", "b")
        + flow("f3", "b", "a"),
        "“A”, “B”",
    ),
    "reference_missing": (attached('<errorEventDefinition errorRef="Nope"/>'), "error Nope"),
    "signal_missing": (line(throw("<signalEventDefinition/>")), "signal"),
}
