"""The words for what is wrong with a BPMN model, in one table.

docs/problems.md explains each code at more length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from common.phrases import Phrase
from engine.bpmn.vocabulary import kind_words
from engine.problems import Called, Problem, Text, filled


def problem(code: str, element: str | None = None, name: str = "", **fields: Any) -> Problem:
    """Return the problem with its words filled in."""
    return filled(TEXTS, code, element, name, **fields)


def by_kind(tag: str) -> Called:
    """Return what an element of a kind is called that has no name."""
    kind = kind_words(tag)
    return Called(
        Phrase("{kind} without a name", kind=Phrase(f"{kind[:1].upper()}{kind[1:]}")),
        Phrase("the {kind} without a name", kind=Phrase(kind)),
    )


TEXTS: Final[Mapping[str, Text]] = {
    "bad_id": Text(
        "The id {id} is no XML name: it must begin with a letter and hold letters, digits, "
        "`-`, `_` and `.` only, at most {limit} of them.",
        "Give the element another id.",
    ),
    "boundary_without_activity": Text(
        "{it} is attached to {target}, which is no activity of this process.",
        "Attach the event to a task, or remove it.",
    ),
    "condition_ignored": Text(
        "The condition of {it} is never read, because it leaves the parallel gateway {gateway}.",
        "Remove the condition, or change the gateway to an exclusive one.",
        "warning",
    ),
    "conditions_missing": Text(
        "{it} has several ways out, and no condition on {flows}.",
        "Give every flow out of the gateway a condition, or mark one as the default.",
    ),
    "connector_missing": Text(
        "{it} has no connector, so there is nothing it could do.",
        "Choose a connector for the service task.",
    ),
    "connector_input_missing": Text(
        "{it} uses the connector {job_type}, which needs the input `{input}`.",
        "Give the input a value.",
    ),
    "connector_unknown": Text(
        "{it} uses the connector {job_type}, which is not installed.",
        "Choose one of: {known}.",
    ),
    "correlation_missing": Text(
        "{it} waits for the message “{message}” without a correlation key: it takes the first one "
        "of that name, whomever it was meant for.",
        "Give the message a correlation key, such as the number of the change.",
        "warning",
    ),
    "dangling_flow": Text(
        "{it} goes from {source} to {target}, and {missing} is no step of this process.",
        "Connect the flow to a step, or remove it.",
    ),
    "decision_reserved": Text(
        "The form of {it} asks for `{field}`, which only the vote at a gate may set.",
        "Give the field another key, or ask for it at the gate.",
    ),
    "default_not_outgoing": Text(
        "{it} names {flow} as its default flow, which does not leave it.",
        "Mark one of the flows out of it as the default.",
    ),
    "default_with_condition": Text(
        "{it} is the default flow and has a condition, which is never read.",
        "Remove the condition.",
        "warning",
    ),
    "duplicate_id": Text(
        "The id {id} is used {count} times.", "Give every element an id of its own."
    ),
    "element_not_supported": Text("{it} is {kind}, which does not run yet.", "{remedy}"),
    "event_definition_missing": Text(
        "{it} does not say what it waits for.", "Make it a timer or a message event."
    ),
    "expression_unreadable": Text(
        "The {what} of {it} cannot be read. {sentence}", "Correct the expression at that place."
    ),
    "extension_not_supported": Text(
        "{it} has the setting {setting}, which this version does not know how to obey.",
        "Remove the setting.",
    ),
    "flow_into_start": Text(
        "{it} has an incoming sequence flow ({flows}).",
        "A start event only begins: lead the flow to the step after it.",
    ),
    "flow_into_boundary": Text(
        "{it} has an incoming sequence flow ({flows}).",
        "A boundary event is reached through its activity only: remove the flow.",
    ),
    "flow_out_of_end": Text(
        "{it} has an outgoing sequence flow ({flows}).",
        "An end event only ends: remove the flow, or the event.",
    ),
    "form_missing": Text(
        "{it} refers to the form {form}, which is not in the model.",
        "Draw the form on the step itself.",
    ),
    "form_unreadable": Text("The form of {it} cannot be read: {sentence}", "Mend the form."),
    "gate_quorum": Text(
        "{it} is a gate with a quorum of {quorum}.",
        "Say how many persons must decide: a whole number from 1 to 20.",
    ),
    "gate_unassigned": Text(
        "{it} is a gate that names nobody who may decide.", "Name a board or a team."
    ),
    "gateway_without_outgoing": Text(
        "{it} has no way out, so every path ends there.",
        "Lead the paths to an end event, so that the drawing says so.",
        "warning",
    ),
    "mapping_incomplete": Text(
        "An {direction} mapping of {it} lacks its {part}.", "Fill it in, or remove the mapping."
    ),
    "message_missing": Text(
        "{it} waits for a message that has no name, so none could ever reach it.",
        "Choose a message and give it a name.",
    ),
    "missing_id": Text("There is {kind} on line {line} without an id.", "Give the element an id."),
    "model_unreadable": Text("{sentence}", "{remedy}"),
    "no_end_reached": Text(
        "{it} has no outgoing flow: the path ends there without an end event.",
        "Lead it to an end event, so that the drawing says so.",
        "warning",
    ),
    "no_executable_process": Text(
        "No process of the file is marked as executable.",
        "Mark the process that shall run as executable.",
    ),
    "no_process": Text("The file holds no process.", "Draw a process."),
    "no_start": Text(
        "{it} has no start event.", "Add a start event and lead it to the first step."
    ),
    "quantity_not_supported": Text(
        "{it} has the attribute {attribute}, which does not run yet.", "Remove the attribute."
    ),
    "result_missing": Text(
        "{it} computes a value and puts it nowhere.",
        "Name the variable that receives the result.",
        "warning",
    ),
    "retry_unreadable": Text(
        "{it} has a retry setting that cannot be read: {what}.",
        "Write attempts from 1 to 100, waits such as PT5S, and a factor from 1 to 10.",
    ),
    "script_language": Text(
        "{it} is written in {language}; scripts are FEEL or Starlark.",
        "Write the script in FEEL, or in Starlark with the format starlark.",
    ),
    "script_missing": Text("{it} has no script.", "Write what it computes, in FEEL or Starlark."),
    "several_executable_processes": Text(
        "The file has {count} executable processes: {processes}.",
        "Mark one as executable, and keep the others in files of their own.",
    ),
    "several_none_starts": Text(
        "{it} has {count} start events without a trigger: {starts}.",
        "Keep one, and lead it to both paths.",
    ),
    "timer_endless": Text(
        "{it} repeats without a pause between two turns.", "Give the cycle a length, such as PT1H."
    ),
    "timer_kind": Text(
        "{it} repeats, but can happen once only.",
        "Use a duration or a date, or make the boundary event non-interrupting.",
    ),
    "timer_missing": Text(
        "{it} is a timer without a date, a duration or a cycle.", "Say when it shall fire."
    ),
    "timer_several": Text(
        "{it} has {count} timer kinds at once.", "Keep one: a date, a duration or a cycle."
    ),
    "timer_unreadable": Text(
        "The {what} of {it}, “{text}”, cannot be read.",
        "Write it like {example}, or as an expression.",
    ),
    "too_many_expressions": Text(
        "{it} holds more than {limit:,} characters of expressions and forms; they were not read.",
        "Shorten them, or split the process.",
    ),
    "too_many_problems": Text(
        "There are {count:,} more problems.", "Mend the ones that are listed first.", "warning"
    ),
    "unknown_element": Text(
        "{it} is {kind}, which is no element of BPMN.", "Remove it, or correct its name."
    ),
    "unreachable": Text(
        "No path leads to {it}, so it never happens.",
        "Connect it to the process, or remove it.",
        "warning",
    ),
    "user_task_unassigned": Text(
        "{it} names nobody who could do it.", "Name an assignee, a team or a board.", "warning"
    ),
    "variable_unreadable": Text(
        "{it} writes to `{variable}`, which is no name of a variable.",
        "Begin with a letter, and use letters, digits and `_` only.",
    ),
    "vendor_setting": Text(
        "{it} has the setting {setting} of another engine. It is kept in the file and not obeyed.",
        "Say the same with the settings of this product.",
        "warning",
    ),
}
