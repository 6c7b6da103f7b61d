"""Activities, and events where a token rests: enter, begin, complete, leave, cut short.

BPMN 2.0.2, 13.3.2. What an activity of one kind does when it begins is in the module of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.bpmn.elements import (
    Activity,
    FlowNode,
    IntermediateCatchEvent,
    IoMapping,
    ScriptTask,
    SequenceFlow,
    StarlarkTask,
    SubProcess,
    Task,
    ThrowEvent,
)
from engine.semantics import compensables, gateways, sequence_flows, variables, waits
from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    ActivityTerminated,
    CallCancelled,
    Event,
    IncidentResolved,
    JobCancelled,
    ScopeClosed,
    ScopeOpened,
    ScriptEvaluated,
    TokenConsumed,
    UserTaskCancelled,
    VariablesSet,
    WorkDone,
)
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def enter(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Open the visit; with mappings or something inside, also its scope, and write the inputs."""
    visit = turn.env.ids()
    entered: list[Event] = [ActivityActivated(visit, node.id, token.id)]
    inputs, outputs = mappings(node)
    if inputs or outputs or isinstance(node, SubProcess):
        entered.append(ScopeOpened(visit, token.scope, node.id))
        values = variables.mapped(inputs, turn.view(token), turn.env.now)
        entered += [VariablesSet(visit, values)] if values else []
    return entered


def pass_at_once(_turn: Turn, token: Token, _task: Task) -> list[Event]:
    """Do nothing: the drawing does not say what."""
    return [WorkDone(token.activity, token.id)]


def evaluate_script(turn: Turn, token: Token, task: ScriptTask) -> list[Event]:
    """Evaluate the script task's expression and write its result."""
    value = variables.evaluate(task.expression, turn.view(token), turn.env.now)
    return [
        *results(turn, token, task, script_result(task, value)),
        ScriptEvaluated(token.activity, token.id),
    ]


def script_result(task: ScriptTask | StarlarkTask, value: Any) -> Values:
    """Return what a script brings: its value under the name the task gives, or nothing."""
    return {task.result_variable: value} if task.result_variable else {}


def results(turn: Turn, token: Token, node: FlowNode, values: Values) -> list[Event]:
    """Write what an activity or event brought.

    With output mappings it stays in the activity's own scope until they have chosen from it.
    """
    if not values:
        return []
    _, outputs = mappings(node)
    if outputs:
        return [VariablesSet(token.activity, values)]
    return [*variables.written(turn.state, turn.scope(token), values)]


def mappings(node: FlowNode) -> tuple[tuple[IoMapping, ...], tuple[IoMapping, ...]]:
    """Return the input and the output mappings of a node."""
    if isinstance(node, Activity | ThrowEvent):
        return node.inputs, node.outputs
    return (), node.outputs if isinstance(node, IntermediateCatchEvent) else ()


def complete(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Map the outputs, end what was attached, and close the visit."""
    return [
        *map_outputs(turn, token, node),
        *(compensables.recorded(turn, token, node) if isinstance(node, Activity) else ()),
        *release(turn, token.activity),
        ActivityCompleted(token.activity, node.id, token.id),
    ]


def map_outputs(turn: Turn, token: Token, node: FlowNode) -> list[VariablesSet]:
    """Write what the output mappings let out of the activity."""
    _, outputs = mappings(node)
    if not outputs:
        return []
    values = variables.mapped(outputs, turn.view(token), turn.env.now)
    return variables.written(turn.state, token.scope, values)


def leave(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Take every flow that holds: several are an uncontrolled fork, none at all ends the path.

    Raises:
        NoOutgoingFlow: There are flows, none holds, and there is no default.
    """
    flows: Sequence[SequenceFlow] = node.outgoing
    if isinstance(node, Activity) and any(flow.condition is not None for flow in flows):
        flows = gateways.choose_some(node, sequence_flows.conditions(turn, token))
    return sequence_flows.take(turn, token, flows)


def terminate(turn: Turn, token: Token, *, spent: str = "") -> list[Event]:
    """Take a token away with everything inside its visit and everything that waits for it.

    `spent` is the wait or the call that caused this and is used up already.
    """
    ended: list[Event] = []
    # What is inside goes first: a token is met twice, and ended when it is met again.
    pending = [(token, False)]
    while pending:
        one, is_empty = pending.pop()
        if is_empty:
            ended += _ended(turn, one, spent)
            continue
        pending.append((one, True))
        inside = turn.inside(one.activity) if one.activity else []
        pending += [(other, False) for other in reversed(inside)]
    return ended


def terminate_others(turn: Turn, scope: str, survivor: str = "", *, spent: str = "") -> list[Event]:
    """Terminate every token of a scope but one."""
    return [
        event
        for one in turn.inside(scope)
        if one.id != survivor
        for event in terminate(turn, one, spent=spent)
    ]


def release(turn: Turn, activity: str, *, spent: str = "") -> list[Event]:
    """End the waits around a visit, and its scope."""
    released = waits.cancel(turn, activity, spent=spent)
    if activity in turn.state.scopes:
        released.append(ScopeClosed(activity))
    return released


def _ended(turn: Turn, token: Token, spent: str) -> Iterator[Event]:
    if token.id in turn.state.failed:
        yield IncidentResolved(turn.state.failed[token.id], "terminated")
    if token.activity:
        yield from _withdrawn(turn, token, spent)
        yield from release(turn, token.activity, spent=spent)
        yield ActivityTerminated(token.activity, token.at, token.id)
    yield TokenConsumed(token.id)


def _withdrawn(turn: Turn, token: Token, spent: str) -> Iterator[Event]:
    """Take back the work that was offered."""
    if token.activity in turn.state.user_tasks:
        yield UserTaskCancelled(token.activity)
    if token.activity in turn.state.jobs:
        yield JobCancelled(token.activity)
    call = turn.state.calls.get(token.activity)
    if call is not None and token.activity != spent:
        yield CallCancelled(token.activity, call.child)
