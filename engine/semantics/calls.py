"""Call activities: another process runs in a run of its own. BPMN 2.0.2, 10.3.5 and 13.3.4.

The shell starts that run and tells what became of it; how deep calls may nest is its business.
"""

from __future__ import annotations

from engine.bpmn.elements import CallActivity
from engine.semantics import activities, propagation, variables
from engine.semantics.commands import CompleteCall, EscalateCall, FailCall, RefuseCall
from engine.semantics.errors import CallUnanswered, ErrorUncaught, WorkGone, told
from engine.semantics.events import (
    CallCompleted,
    CallFailed,
    CallStarted,
    Event,
    IncidentRaised,
)
from engine.semantics.state import Call, Token, TokenStatus
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, node: CallActivity) -> list[Event]:
    """Ask for the run, with all that is seen here, or with the activity's own variables only.

    Raises:
        ValueUnusable: The expression does not give the key of a process.
    """
    called = variables.text_of(node.called, turn.view(token), turn.env.now)
    if not isinstance(called, str) or not called:
        raise variables.unusable(node.called, called, "the key of a process")
    own = turn.state.scopes.get(token.activity)
    given = dict(own.variables) if own else {}
    if node.propagate_all_in:
        given = dict(variables.view(turn.state, turn.scope(token)))
    started = CallStarted(
        activity=token.activity,
        element=node.id,
        token=token.id,
        child=turn.env.ids(),
        called=called,
        binding=node.binding,
        version_tag=node.version_tag,
        variables=given,
    )
    return [started]


def complete(turn: Turn, command: CompleteCall) -> list[Event]:
    """Take in the results of the called run.

    Raises:
        WorkGone: Nobody waits for it.
    """
    call = _waiting(turn, command.activity)
    node = turn.process.nodes[call.element]
    keeps = not isinstance(node, CallActivity) or node.propagate_all_out or node.outputs
    values = variables.undecided(turn.process, command.variables) if keeps else {}
    token = turn.state.tokens[call.token]
    return [*activities.results(turn, token, node, values), CallCompleted(call.activity)]


def fail(turn: Turn, command: FailCall) -> list[Event]:
    """Let the error that ended the called run go on outwards from the call activity.

    Where nothing catches it, somebody must look, and can have the call made again.

    Raises:
        WorkGone: Nobody waits for it.
    """
    call = _waiting(turn, command.activity)
    token = turn.state.tokens[call.token]
    failed = CallFailed(call.activity, command.message)
    try:
        thrown = propagation.throw_error(
            turn,
            token,
            command.code,
            variables.undecided(turn.process, command.variables),
            message=command.message,
            spent=call.activity,
        )
    except ErrorUncaught as error:
        return [failed, _asking(turn, call, error.code, told(error))]
    return [failed, *thrown]


def refuse(turn: Turn, command: RefuseCall) -> list[Event]:
    """Say why the run could not be made, and ask for an operator.

    Raises:
        WorkGone: Nobody waits for it.
    """
    call = _waiting(turn, command.activity)
    failed = CallFailed(call.activity, command.cause)
    return [failed, _asking(turn, call, CallUnanswered.code, command.cause)]


def escalate(turn: Turn, command: EscalateCall) -> list[Event]:
    """Let an escalation of the called run go on outwards from the call activity.

    Raises:
        WorkGone: Nobody waits for it.
    """
    call = _waiting(turn, command.activity)
    token = turn.state.tokens[call.token]
    thrown, _ = propagation.throw_escalation(
        turn, token, command.code, variables.undecided(turn.process, command.variables)
    )
    return thrown


def again(turn: Turn, token: Token) -> list[Event]:
    """Make a call that failed once more."""
    node = turn.process.nodes.get(token.at)
    was_called = token.resumes is TokenStatus.ACTIVE and token.activity not in turn.state.calls
    return begin(turn, token, node) if isinstance(node, CallActivity) and was_called else []


def _asking(turn: Turn, call: Call, code: str, cause: str) -> IncidentRaised:
    return IncidentRaised(turn.env.ids(), call.token, call.element, call.activity, code, cause)


def _waiting(turn: Turn, activity: str) -> Call:
    call = turn.state.calls.get(activity)
    if call is None:
        raise WorkGone(activity=activity)
    return call
