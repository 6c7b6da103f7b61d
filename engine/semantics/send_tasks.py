"""Send tasks: a message leaves the run. BPMN 2.0.2, 13.3.3."""

from __future__ import annotations

from engine.bpmn.elements import SendTask
from engine.semantics import jobs, throw_events
from engine.semantics.events import Event, WorkDone
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, task: SendTask) -> list[Event]:
    """Offer the message to a connector, or throw it to whoever waits for it.

    The variables of the task's own scope, which its input mappings wrote, go along.
    """
    if task.job_type:
        return jobs.begin(turn, token, task)
    own = turn.state.scopes.get(token.activity)
    values = dict(own.variables) if own else {}
    done = WorkDone(token.activity, token.id)
    if task.definition is None:
        return [done]
    return [throw_events.thrown_message(turn, token, task.id, task.definition, values), done]
