"""The words for what is wrong with a model, by code; docs/problems.md says more of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.problems import Text

TEXTS: Final[Mapping[str, Text]] = {
    "adhoc_event": Text(
        "{it} stands in an ad-hoc sub-process, where nothing starts or ends by an event.",
        "Remove the event: the steps inside begin by themselves, or are chosen.",
    ),
    "bad_id": Text(
        "The id {id} is no XML name: it must begin with a letter and hold letters, digits, "
        "`-`, `_` and `.` only, at most {limit} of them.",
        "Give the element another id.",
    ),
    "boundary_must_interrupt": Text(
        "{it} is {kind} that does not interrupt what it happens in.",
        "Make the event interrupting.",
    ),
    "boundary_without_activity": Text(
        "{it} is attached to {target}, which is no activity beside it.",
        "Attach the event to an activity of its own level, or remove it.",
    ),
    "call_circular": Text(
        "{it} calls the process {called}, which leads back to the process it stands in.",
        "Make sure that a gateway ends the calls; a limit of depth stops them otherwise.",
        "warning",
    ),
    "call_missing": Text(
        "{it} names no process to call.",
        "Choose the process it shall call.",
    ),
    "call_pinned_unpublished": Text(
        "{it} calls the version of {called} that is published with this one, and there is none.",
        "Publish the called process first, or bind the call to the latest version.",
    ),
    "call_tag_unpublished": Text(
        "{it} calls the version of {called} with the tag {tag}, which nobody has published.",
        "Publish that version before a run comes to this step, or correct the tag.",
        "warning",
    ),
    "call_unknown": Text(
        "{it} calls the process {called}, which is not in this file.",
        "Publish the called process before a run comes to this step.",
        "warning",
    ),
    "call_unpublished": Text(
        "{it} calls the process {called}, of which this business unit has published no version.",
        "Correct the name, or publish the called process before a run comes to this step.",
        "warning",
    ),
    "called_decision_twice": Text(
        "{it} asks for the decision {decision}, which several files hold: {files}.",
        "Keep it in one file, or give the decisions different ids.",
    ),
    "called_decision_unknown": Text(
        "{it} asks for the decision {decision}, which no decision file of this draft holds.",
        "Add the DMN file that holds it, or choose one of those there are: {known}.",
    ),
    "cancel_misplaced": Text(
        "{it} cancels, but {place} is no transaction.",
        "Move it into a transaction, or use an error event.",
    ),
    "circuit_unreadable": Text(
        "{it} shall throw when its system is left alone for “{text}”, which is no duration.",
        "Write a duration such as PT5M.",
    ),
    "compensation_handler_flow": Text(
        "{it} compensates another activity, and also has sequence flows ({flows}).",
        "Remove the flows: it is reached by an association from a compensation event.",
    ),
    "compensation_handler_unbound": Text(
        "{it} is marked as compensation, but no compensation event leads to it.",
        "Draw an association from the compensation event to it, or remove the mark.",
        "warning",
    ),
    "compensation_unbound": Text(
        "{it} is a compensation event that leads to no activity.",
        "Draw an association from it to the activity that undoes the work.",
    ),
    "condition_ignored": Text(
        "The condition of {it} is never read, because {gateway} does not choose by conditions.",
        "Remove the condition, or change the gateway to an exclusive one.",
        "warning",
    ),
    "condition_missing": Text(
        "{it} waits for a condition, and has none.",
        "Write the condition it waits for.",
    ),
    "conditional_start": Text(
        "{it} would start a run when a condition becomes true, and nothing watches it before.",
        "Start by a message, a signal or a timer, and wait for the condition inside.",
    ),
    "conditions_missing": Text(
        "{it} has several ways out, and no condition on {flows}.",
        "Give every flow out of the gateway a condition, or mark one as the default.",
    ),
    "connector_input_missing": Text(
        "{it} uses the connector {job_type}, which needs the input `{input}`.",
        "Give the input a value.",
    ),
    "connector_missing": Text(
        "{it} has no connector, so there is nothing it could do.",
        "Choose a connector for the service task.",
    ),
    "connector_unknown": Text(
        "{it} uses the connector {job_type}, which is not installed: a run would stop there.",
        "Choose one of: {known}.",
        "warning",
    ),
    "correlation_ignored": Text(
        "{it} is {kind} of the standard's own, by which no run is found here.",
        "Write on each message the correlation key by which it finds its run.",
        "warning",
    ),
    "correlation_missing": Text(
        "{it} waits for the message “{message}” without a correlation key: it takes the first one "
        "of that name, whomever it was meant for.",
        "Give the message a correlation key, such as the number of the change.",
        "warning",
    ),
    "cycle_unbounded": Text(
        "{it} repeats without a condition and without a maximum.",
        "Say when it ends: by a condition, a maximum, or both.",
    ),
    "dangling_flow": Text(
        "{it} goes from {source} to {target}, and {missing} is no step of this process.",
        "Connect the flow to a step, or remove it.",
    ),
    "decision_missing": Text(
        "{it} names no decision, so there is nothing it could ask.",
        "Choose the decision it shall ask.",
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
    "element_not_supported": Text(
        "{it} is {kind}, which does not run in a process.", "Draw it with tasks and events."
    ),
    "error_code_missing": Text(
        "{it} throws an error without a code; only an event that takes every error catches it.",
        "Choose the error that it throws.",
        "warning",
    ),
    "event_definition_missing": Text(
        "{it} does not say what it waits for.", "Choose a trigger, such as a timer or a message."
    ),
    "event_gateway_target": Text(
        "{it} is event-based, but {target} is no event to wait for.",
        "Lead the gateway only to receive tasks, and to catch events for a message, a timer, "
        "a signal or a condition.",
    ),
    "event_not_allowed": Text(
        "{it} is {kind}, which BPMN does not know.",
        "Choose one of: {allowed}.",
    ),
    "event_subprocess_flow": Text(
        "{it} is an event sub-process and has sequence flows ({flows}).",
        "Remove the flows: only its start event begins it.",
    ),
    "event_subprocess_start": Text(
        "{it} is an event sub-process with {count} start events that have a trigger.",
        "Give it exactly one start event, and that a trigger.",
    ),
    "expression_unreadable": Text(
        "The {what} of {it} cannot be read. {sentence}", "Correct the expression at that place."
    ),
    "extension_ignored": Text(
        "{it} has the setting {setting}, which is kept in the file and not obeyed.",
        "Check that the process does what is meant without it.",
        "warning",
    ),
    "extension_not_supported": Text(
        "{it} has the setting {setting}, which this version does not know how to obey.",
        "Remove the setting.",
    ),
    "fallback_missing": Text(
        "{it} throws {error} when its system is left alone, and nothing at it catches that.",
        "Draw an error event with this code at its boundary, and the way to go instead.",
        "warning",
    ),
    "flow_crosses_scope": Text(
        "{it} goes from {source} to {target}, across the edge of a sub-process.",
        "End the flow at the edge: lead it to the sub-process itself, or move the step.",
    ),
    "flow_into_boundary": Text(
        "{it} has an incoming sequence flow ({flows}).",
        "A boundary event is reached through its activity only: remove the flow.",
    ),
    "flow_into_link": Text(
        "{it} has an incoming sequence flow ({flows}).",
        "A catching link is reached through its throwing link only: remove the flow.",
    ),
    "flow_into_start": Text(
        "{it} has an incoming sequence flow ({flows}).",
        "A start event only begins: lead the flow to the step after it.",
    ),
    "flow_out_of_compensation": Text(
        "{it} has an outgoing sequence flow ({flows}).",
        "Remove the flow, and draw an association to the activity that compensates.",
    ),
    "flow_out_of_end": Text(
        "{it} has an outgoing sequence flow ({flows}).",
        "An end event only ends: remove the flow, or the event.",
    ),
    "flow_out_of_link": Text(
        "{it} has an outgoing sequence flow ({flows}).",
        "A throwing link jumps to its catching link: remove the flow.",
    ),
    "fork_endless": Text(
        "{it} sends tokens back to itself along {count} flows, so that every turn makes more.",
        "Lead all but one of the flows onwards, or join them before the loop.",
        "warning",
    ),
    "form_missing": Text(
        "{it} refers to the form {form}, which is not there: it is shown without one.",
        "Draw the form on the step itself, or add a form with this id to the draft.",
        "warning",
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
    "instances_many": Text(
        "{it} asks for {count} instances; a run may hold {limit:,}.",
        "Lower the number, or work through parts of the collection.",
        "warning",
    ),
    "instances_missing": Text(
        "{it} is done several times, but says neither how often nor for which items.",
        "Give it a number of instances or a collection.",
    ),
    "language_unknown": Text(
        "The {what} of {it} is written in {language}; expressions are FEEL.",
        "Write it in FEEL.",
    ),
    "link_ambiguous": Text(
        "{it} is one of {count} catching links named “{link}” on this level.",
        "Give each pair of links a name of its own.",
    ),
    "link_missing": Text(
        "{it} is a link without a name.",
        "Give both ends of the link the same name.",
    ),
    "link_unmatched": Text(
        "{it} jumps to the link “{link}”, which is not caught on this level.",
        "Add a catching link of that name, or remove the event.",
    ),
    "listener_unreadable": Text(
        "{it} has a listener that cannot be read: {what}.",
        "Name one of the events the element knows, and a connector.",
    ),
    "loop_endless": Text(
        "{it} lies in a loop that nothing waits in and nothing leaves: {steps}.",
        "Add a gateway with a way out, or something to wait for.",
        "warning",
    ),
    "loop_events_ignored": Text(
        "{it} would throw events as its instances end (behavior {behavior}), which is not done.",
        "Throw them by an event inside the activity, or after it.",
        "warning",
    ),
    "mapping_incomplete": Text(
        "An {direction} mapping of {it} lacks its {part}.", "Fill it in, or remove the mapping."
    ),
    "message_missing": Text(
        "{it} has no message with a name, so none could ever be matched.",
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
        "warning",
    ),
    "no_process": Text("The file holds no process.", "Draw a process."),
    "no_start": Text(
        "{it} has no start event: it begins at every step that no flow leads to.",
        "Add a start event and lead it to the first step.",
        "warning",
    ),
    "quantity_not_supported": Text(
        "{it} has the attribute {attribute}, which does not run yet.", "Remove the attribute."
    ),
    "reference_missing": Text(
        "{it} refers to the {what} {reference}, which the file does not hold.",
        "Choose one that exists.",
    ),
    "result_missing": Text(
        "{it} computes a value and puts it nowhere.",
        "Name the variable that receives the result.",
        "warning",
    ),
    "retry_unreadable": Text(
        "{it} has a retry setting that cannot be read: {what}.",
        "Write attempts as a number from 1 to 100, waits such as PT5S, and a factor from 1 to 10.",
    ),
    "script_language": Text(
        "{it} is written in {language}; scripts are FEEL or Starlark.",
        "Write the script in FEEL, or in Starlark with the format starlark.",
    ),
    "script_missing": Text("{it} has no script.", "Write what it computes, in FEEL or Starlark."),
    "several_none_starts": Text(
        "{it} has {count} start events without a trigger: {starts}.",
        "Keep one, and lead it to the other paths.",
    ),
    "signal_missing": Text(
        "{it} has no signal with a name, so nobody could hear it or be heard.",
        "Choose a signal and give it a name.",
    ),
    "timer_endless": Text(
        "{it} repeats without a pause between two turns.", "Give the cycle a length, such as PT1H."
    ),
    "timer_kind": Text(
        "{it} repeats, but can happen once only.",
        "Use a duration or a date, or make the boundary event non-interrupting.",
        "warning",
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
