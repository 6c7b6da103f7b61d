"""Listeners: jobs at the turns of an element's life, one after the other, in the order written.

Those of the start run when the inputs are in and before the work begins; those of the end when the
outputs are written, while the element's own variables can still be read. Of a user task's own
listeners, creating belongs to the start and completing to the end; assigning runs beside the work.
"""

from __future__ import annotations

from engine.bpmn.elements import Activity, FlowNode, Listener, UserTask
from engine.bpmn.elements import Event as BpmnEvent
from engine.semantics import variables
from engine.semantics.events import (
    EndListenerCompleted,
    Event,
    JobCreated,
    SideListenerCompleted,
    StartListenerCompleted,
)
from engine.semantics.state import Job, Token, Values
from engine.semantics.turn import Turn

START = "start"
END = "end"
ASSIGNING = "assigning"


def due(turn: Turn, token: Token, node: FlowNode, phase: str) -> list[Event]:
    """Return the job of the next listener of a phase, or nothing when all are done.

    Raises:
        ValueUnusable: Its type is an expression that gives none.
    """
    told = _of(node, phase)
    done = _done(token, phase) if told else 0
    return _offered(turn, token, node, phase, done) if done < len(told) else []


def is_begun(token: Token, phase: str) -> bool:
    """Return whether a listener of this phase is done already."""
    return _done(token, phase) > 0


def assigned(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Tell the first listener that a user task has got an assignee, unless one is being told."""
    if not _of(node, ASSIGNING) or token.activity in turn.state.jobs:
        return []
    return _offered(turn, token, node, ASSIGNING, 0)


def complete(turn: Turn, job: Job, result: Values) -> list[Event]:
    """Write what a listener brought; the token goes on, or the next one beside it is told."""
    phase, number = _place(job)
    token = turn.state.tokens[job.token]
    written: list[Event] = [*variables.written(turn.state, turn.scope(token), result)]
    if phase == START:
        return [*written, StartListenerCompleted(job.activity, job.generation, number)]
    if phase == END:
        return [*written, EndListenerCompleted(job.activity, job.generation, number)]
    node = turn.process.nodes[job.element]
    is_last = number + 1 == len(_of(node, phase))
    following = [] if is_last else _offered(turn, token, node, phase, number + 1)
    return [*written, SideListenerCompleted(job.activity, job.generation), *following]


def of_job(node: FlowNode, job: Job) -> Listener:
    """Return the listener whose job this is."""
    phase, number = _place(job)
    return _of(node, phase)[number]


def _place(job: Job) -> tuple[str, int]:
    phase, _, number = job.listener.partition(":")
    return phase, int(number)


def _done(token: Token, phase: str) -> int:
    heard, _, number = token.listened.partition(":")
    return int(number) if heard == phase else 0


def _of(node: FlowNode, phase: str) -> tuple[Listener, ...]:
    if not isinstance(node, Activity | BpmnEvent):
        return ()
    own = node.task_listeners if isinstance(node, UserTask) else ()
    if phase == START:
        return (*node.start_listeners, *(one for one in own if one.event == "creating"))
    if phase == END:
        return (*(one for one in own if one.event == "completing"), *node.end_listeners)
    return tuple(one for one in own if one.event == phase)


def _offered(turn: Turn, token: Token, node: FlowNode, phase: str, number: int) -> list[Event]:
    listener = _of(node, phase)[number]
    job_type = variables.text_of(listener.job_type, turn.view(token), turn.env.now)
    if not isinstance(job_type, str) or len(job_type) > variables.MAX_TYPE:
        raise variables.unusable(listener.job_type, job_type, "the name of a connector")
    offered = JobCreated(
        activity=token.activity,
        element=node.id,
        token=token.id,
        job_type=job_type,
        # The work itself is generation 1: no two jobs of one visit may share a key outside.
        generation=turn.state.seq + 1,
        attempts=listener.retry.attempts,
        listener=f"{phase}:{number}",
    )
    return [offered]
