"""Activities, and events where a token rests: enter, begin, complete, leave, cut short.

BPMN 2.0.2, 13.3.2. What an activity of one kind does when it begins is in the module of its kind.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.elements import Activity, FlowNode, ScriptTask, StarlarkTask
from engine.semantics import gateways, sequence_flows, variables
from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    ActivityTerminated,
    Event,
    IncidentResolved,
    JobCancelled,
    ScopeClosed,
    ScopeOpened,
    ScriptEvaluated,
    SubscriptionCancelled,
    TimerCancelled,
    TokenConsumed,
    UserTaskCancelled,
    VariablesSet,
)
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def enter(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Open the visit; with mappings, also its scope, and write the inputs there."""
    visit = turn.env.ids()
    entered: list[Event] = [ActivityActivated(visit, node.id, token.id)]
    if isinstance(node, Activity) and (node.inputs or node.outputs):
        entered.append(ScopeOpened(visit, token.scope, node.id))
        inputs = variables.mapped(node.inputs, turn.view(token), turn.env.now)
        entered += [VariablesSet(visit, inputs)] if inputs else []
    return entered


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
    if isinstance(node, Activity) and node.outputs:
        return [VariablesSet(token.activity, values)]
    return [*variables.written(turn.state, turn.scope(token), values)]


def complete(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Map the outputs, end what was attached, and close the visit."""
    outputs = node.outputs if isinstance(node, Activity) else ()
    values = variables.mapped(outputs, turn.view(token), turn.env.now)
    return [
        *variables.written(turn.state, token.scope, values),
        *_release(turn, token),
        ActivityCompleted(token.activity, node.id, token.id),
    ]


def leave(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Take every flow that holds: several are an uncontrolled fork, none at all ends the path.

    Raises:
        NoOutgoingFlow: There are flows, none holds, and there is no default.
    """
    flows = list(node.outgoing)
    if flows and isinstance(node, Activity):
        flows = gateways.choose_some(node, sequence_flows.conditions(turn, token))
    return sequence_flows.take(turn, token, flows)


def terminate(turn: Turn, token: Token, *, spent: str = "") -> list[Event]:
    """Take a token away with everything that waits for it.

    `spent` is the wait that caused this and is used up already.
    """
    ended: list[Event] = []
    if token.id in turn.state.failed:
        ended.append(IncidentResolved(turn.state.failed[token.id], "terminated"))
    if token.activity:
        ended += _withdraw(turn, token)
        ended += _release(turn, token, spent=spent)
        ended.append(ActivityTerminated(token.activity, token.at, token.id))
    return [*ended, TokenConsumed(token.id)]


def terminate_others(turn: Turn, scope: str, survivor: str = "") -> list[Event]:
    """Terminate every token of a scope but one."""
    tokens = (turn.state.tokens[one] for one in turn.state.standing.get(scope, ()))
    return [event for one in tokens if one.id != survivor for event in terminate(turn, one)]


def _withdraw(turn: Turn, token: Token) -> list[Event]:
    """Take back the work that was offered."""
    if token.activity in turn.state.user_tasks:
        return [UserTaskCancelled(token.activity)]
    if token.activity in turn.state.jobs:
        return [JobCancelled(token.activity)]
    return []


def _release(turn: Turn, token: Token, *, spent: str = "") -> list[Event]:
    """End the waits around an activity, and its scope."""
    released: list[Event] = [
        TimerCancelled(wait) if wait in turn.state.timers else SubscriptionCancelled(wait)
        for wait in turn.state.attached.get(token.activity, ())
        if wait != spent
    ]
    if token.activity in turn.state.scopes:
        released.append(ScopeClosed(token.activity))
    return released
