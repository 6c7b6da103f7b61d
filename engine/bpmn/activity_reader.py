"""Activities as written: tasks, calls and sub-processes, with what repeats and surrounds them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

from engine.bpmn import data, event_definitions, extensions, loops, people, vocabulary
from engine.bpmn.elements import (
    BusinessRuleTask,
    CallActivity,
    CalledDecision,
    FlowNode,
    IoMapping,
    Listener,
    ManualTask,
    MultiInstance,
    ReceiveTask,
    Retry,
    ScriptTask,
    SendTask,
    SequenceFlow,
    ServiceTask,
    StandardLoop,
    StarlarkTask,
    SubProcess,
    SubProcessKind,
    Task,
    UserTask,
)
from engine.bpmn.events import MessageDefinition
from engine.bpmn.extensions import Extensions
from engine.bpmn.reading import Common, Reading, name_of
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import local, zeebe

_FEEL = frozenset({"", "feel", "application/feel", "text/feel"})
_STARLARK = frozenset({"starlark", "application/starlark", "text/starlark", "text/x-starlark"})
_TASK_DEFINITION = zeebe("taskDefinition")


class _Activity(Common):
    default: SequenceFlow | None
    inputs: tuple[IoMapping, ...]
    outputs: tuple[IoMapping, ...]
    loop: StandardLoop | MultiInstance | None
    for_compensation: bool
    start_listeners: tuple[Listener, ...]
    end_listeners: tuple[Listener, ...]


class _Job(_Activity):
    job_type: str
    headers: Mapping[str, str]
    retry: Retry
    environment_retry: Retry
    throw_after: str


def read(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    """Return the activity that an element stands for."""
    for attribute in ("startQuantity", "completionQuantity"):
        if element.get(attribute, "1").strip() != "1":
            reading.wrong("quantity_not_supported", element, attribute=attribute)
    return _READERS[local(element.tag)](reading, element, details)


def _activity(reading: Reading, element: etree._Element, details: Extensions) -> _Activity:
    listeners = extensions.listeners(details, "execution")
    return {
        **reading.common(element),
        "default": reading.default(element),
        "inputs": data.inputs(element, reading.names) + extensions.mappings(details, "input"),
        "outputs": data.outputs(element, reading.names) + extensions.mappings(details, "output"),
        "loop": _loop(reading, element),
        "for_compensation": extensions.is_true(element, "isForCompensation"),
        "start_listeners": tuple(one for one in listeners if one.event == "start"),
        "end_listeners": tuple(one for one in listeners if one.event == "end"),
    }


def _loop(reading: Reading, element: etree._Element) -> StandardLoop | MultiInstance | None:
    found = loops.of(element, reading.names)
    if isinstance(found, MultiInstance) and (thrown := loops.thrown_by(element)):
        reading.wrong("loop_events_ignored", element, behavior=thrown)
    return found


def _job(reading: Reading, element: etree._Element, details: Extensions) -> _Job:
    return {
        **_activity(reading, element, details),
        "job_type": details.attribute(_TASK_DEFINITION, "type") or "",
        "headers": extensions.headers(details),
        "retry": extensions.retry(details),
        "environment_retry": extensions.environment_retry(details),
        "throw_after": extensions.throw_after(details),
    }


def _task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    return Task(**_activity(reading, element, details))


def _manual_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    return ManualTask(**_activity(reading, element, details))


def _user_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    return UserTask(
        **_activity(reading, element, details),
        **people.of(element, details, reading.known),
        due=details.attribute(zeebe("taskSchedule"), "dueDate"),
        priority=details.attribute(zeebe("priorityDefinition"), "priority"),
        form=reading.form(element, details),
        gate=extensions.gate(details),
        task_listeners=extensions.listeners(details, "task"),
    )


def _service_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    return ServiceTask(**_job(reading, element, details))


def _send_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    message = _message(reading, element) if element.get("messageRef") is not None else None
    return SendTask(**_job(reading, element, details), definition=message)


def _receive_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    message = _message(reading, element)
    if message is not None and message.name and message.correlation_key is None:
        reading.wrong("correlation_missing", element, message=message.name[:80])
    return ReceiveTask(
        **_activity(reading, element, details),
        definition=message,
        instantiate=extensions.is_true(element, "instantiate"),
    )


def _message(reading: Reading, element: etree._Element) -> MessageDefinition | None:
    event = event_definitions.Reading(element, name_of(element), reading.known)
    message = event_definitions.message_of(event, element.get("messageRef"))
    reading.problems.extend(event.problems)
    return message


def _business_rule_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    return BusinessRuleTask(**_job(reading, element, details), decision=_decision(details))


def _decision(details: Extensions) -> CalledDecision | None:
    tag = zeebe("calledDecision")
    decision = details.attribute(tag, "decisionId")
    if decision is None:
        return None
    binding, version_tag = extensions.binding(details, tag)
    result = details.attribute(tag, "resultVariable") or ""
    return CalledDecision(decision, result, binding, version_tag)


def _script_task(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    """Return a script task; the zeebe script stands above an OMG script.

    One that names a connector instead is a service task by another name, as it is in Zeebe.
    """
    tag = zeebe("script")
    written = details.attribute(tag, "expression")
    result_variable = details.attribute(tag, "resultVariable") or ""
    if written is None and details.attribute(_TASK_DEFINITION, "type") is not None:
        return _service_task(reading, element, details)
    script = extensions.child(element, "script") if written is None else None
    if script is not None:
        language = (element.get("scriptFormat") or "").strip()
        if language.lower() in _STARLARK:
            return StarlarkTask(
                **_activity(reading, element, details),
                source=_without_indentation(script),
                result_variable=result_variable,
                retry=extensions.retry(details),
                environment_retry=extensions.environment_retry(details),
            )
        written = extensions.text_in(script)
        if language.lower() not in _FEEL and "feel" not in language.lower():
            reading.wrong("script_language", element, language=language[:40])
            written = "null"
    return ScriptTask(
        **_activity(reading, element, details),
        expression=extensions.without_mark(written or ""),
        result_variable=result_variable,
    )


def _without_indentation(script: etree._Element) -> str:
    """Return a script's text. A file may be indented as a whole; in Starlark that would count."""
    return textwrap.dedent("".join(str(piece) for piece in script.itertext())).strip()


def _call_activity(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    tag = zeebe("calledElement")
    named = details.attribute(tag, "processId") or local_name(element.get("calledElement"))
    if not named:
        reading.wrong("call_missing", element)
    binding, version_tag = extensions.binding(details, tag)
    return CallActivity(
        **_activity(reading, element, details),
        called=named,
        binding=binding,
        version_tag=version_tag,
        propagate_all_in=details.attribute(tag, "propagateAllParentVariables") != "false",
        propagate_all_out=details.attribute(tag, "propagateAllChildVariables") != "false",
    )


def _sub_process(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    kind = _SUB_PROCESSES[local(element.tag)]
    if kind is SubProcessKind.EMBEDDED and extensions.is_true(element, "triggeredByEvent"):
        kind = SubProcessKind.EVENT
    return SubProcess(**_activity(reading, element, details), kind=kind)


def _ad_hoc(reading: Reading, element: etree._Element, details: Extensions) -> FlowNode:
    tag = zeebe("adHoc")
    chosen = details.attribute(tag, "activeElementsCollection")
    result = details.attribute(tag, "outputElement")
    return SubProcess(
        **_activity(reading, element, details),
        kind=SubProcessKind.ADHOC,
        completion_condition=extensions.child_expression(element, "completionCondition"),
        cancel_remaining=not extensions.is_false(element, "cancelRemainingInstances"),
        sequential=element.get("ordering", "").strip() == "Sequential",
        active_elements=None if chosen is None else extensions.without_mark(chosen),
        output_collection=details.attribute(tag, "outputCollection") or "",
        output_element=None if result is None else extensions.without_mark(result),
    )


_SUB_PROCESSES: Final[Mapping[str, SubProcessKind]] = {
    vocabulary.SUB_PROCESS: SubProcessKind.EMBEDDED,
    vocabulary.TRANSACTION: SubProcessKind.TRANSACTION,
}
_Read = Callable[[Reading, etree._Element, Extensions], FlowNode]
_READERS: Final[Mapping[str, _Read]] = {
    "task": _task,
    "manualTask": _manual_task,
    "userTask": _user_task,
    "serviceTask": _service_task,
    "sendTask": _send_task,
    "receiveTask": _receive_task,
    "businessRuleTask": _business_rule_task,
    "scriptTask": _script_task,
    "callActivity": _call_activity,
    vocabulary.SUB_PROCESS: _sub_process,
    vocabulary.TRANSACTION: _sub_process,
    vocabulary.AD_HOC: _ad_hoc,
}
