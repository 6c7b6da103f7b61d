"""handle(process, state, command, env): judge a command, then go on until every token rests.

The work list is the state's own: the tokens that move, oldest first. There is no recursion, and
nothing is kept beside the state, so a run that was stopped half-way (paused, or out of budget)
goes on from its rows exactly as it would have.
"""

from __future__ import annotations

from collections.abc import Iterable

from common.errors import DomainError
from engine.bpmn.process import Process
from engine.semantics import behaviours
from engine.semantics.commands import Command
from engine.semantics.decide import decide
from engine.semantics.environment import Environment
from engine.semantics.errors import RunRunaway
from engine.semantics.events import BudgetSpent, Event, IncidentRaised, InstanceCompleted
from engine.semantics.evolve import evolve
from engine.semantics.state import InstanceState, Status, Token
from engine.semantics.turn import Turn


def handle(
    process: Process, state: InstanceState, command: Command, env: Environment
) -> tuple[InstanceState, list[Event]]:
    """Carry out one command and return the state and what happened.

    `state` is the caller's own copy and is moved forward in place; after a refusal it is as it
    was. Where the last event is `BudgetSpent` tokens still move: commit, then send `Continue`.

    Raises:
        DomainError: The command is refused. What fails later becomes an incident instead.
    """
    turn = Turn(process, state, env)
    happened = _record(state, decide(turn, command))
    steps = 0
    while state.moving and state.status is Status.RUNNING:
        if steps == env.limits.budget:
            happened += _record(state, [BudgetSpent(steps)])
            break
        token = state.tokens[next(iter(state.moving))]
        happened += _record(state, _advance(turn, token, steps))
        steps += 1
    return state, happened + _record(state, _ending(state))


def is_unfinished(happened: list[Event]) -> bool:
    """Return whether the run ran out of budget and must be continued."""
    return bool(happened) and isinstance(happened[-1], BudgetSpent)


def _advance(turn: Turn, token: Token, steps: int) -> list[Event]:
    """Return one step of a token, or the incident that stops it: the only place they are made."""
    transitions = turn.state.transitions + steps
    try:
        if transitions >= turn.env.limits.transitions:
            raise RunRunaway(transitions=transitions)
        return behaviours.step(turn, token)
    except DomainError as error:
        return [_incident(turn, token, error)]


def _incident(turn: Turn, token: Token, error: DomainError) -> IncidentRaised:
    return IncidentRaised(
        incident=turn.env.ids(),
        token=token.id,
        element=turn.node(token).id,
        activity=token.activity,
        code=error.code,
        cause=error.title.format(**error.context).strip(),
    )


def _ending(state: InstanceState) -> list[Event]:
    """Complete the run when its last token is gone; its variables stay to be read."""
    over = state.status is Status.RUNNING and state.scopes[state.instance].live == 0
    return [InstanceCompleted()] if over else []


def _record(state: InstanceState, events: Iterable[Event]) -> list[Event]:
    recorded = list(events)
    for event in recorded:
        evolve(state, event)
    return recorded
