"""User tasks and gates: offered, assigned, voted on, completed.

Who may vote (never the starter, never an author of the version) is judged before a command gets
here. What is judged here is the count: each person once, one reject ends it, a quorum approves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.bpmn.elements import GATE_RESULT, ManualTask
from engine.bpmn.elements import UserTask as UserTaskNode
from engine.bpmn.events import TimerDefinition
from engine.semantics import activities, listeners, timers, variables
from engine.semantics.commands import AssignUserTask, CompleteUserTask
from engine.semantics.errors import AlreadyVoted, DecisionUnreadable, PersonMissing, WorkGone
from engine.semantics.events import (
    Event,
    JobCancelled,
    UserTaskAssigned,
    UserTaskCompleted,
    UserTaskCreated,
    UserTaskVoted,
)
from engine.semantics.state import Token, UserTask, Values
from engine.semantics.turn import Turn

APPROVE = "approve"
REJECT = "reject"
PRIORITY = 50


def begin(turn: Turn, token: Token, node: UserTaskNode) -> list[Event]:
    """Offer the work to people."""
    seen = turn.view(token)
    assignee = variables.text_of(node.assignee, seen, turn.env.now)
    if not isinstance(assignee, str | None):
        raise variables.unusable(node.assignee, assignee, "the name of a person")
    return [
        UserTaskCreated(
            activity=token.activity,
            element=node.id,
            token=token.id,
            assignee=variables.short(assignee or "", node.assignee),
            candidate_groups=variables.names_of(node.candidate_groups, seen, turn.env.now),
            candidate_users=variables.names_of(node.candidate_users, seen, turn.env.now),
            due_at=_due(turn, token, node),
            priority=_priority(turn, node.priority, seen),
            # Whatever the model says, a gate is never passed without a vote.
            quorum=max(1, node.gate.quorum) if node.gate else 0,
        )
    ]


def begin_manual(_turn: Turn, token: Token, node: ManualTask) -> list[Event]:
    """Wait until a person says that the work is done."""
    return [UserTaskCreated(token.activity, node.id, token.id)]


def assign(turn: Turn, command: AssignUserTask) -> list[Event]:
    """Give the work to a person, or back to its candidates."""
    task = _waiting(turn, command.activity)
    assigned = UserTaskAssigned(task.activity, command.person)
    node, token = turn.process.nodes[task.element], turn.state.tokens[task.token]
    return [assigned, *(listeners.assigned(turn, token, node) if command.person else ())]


def complete(turn: Turn, command: CompleteUserTask) -> list[Event]:
    """Finish the work, or cast a vote and finish it where that decides.

    Raises:
        PersonMissing: Nobody is named.
        DecisionUnreadable: A gate without approve or reject, or another task with a decision.
        AlreadyVoted: The person's vote is in already.
        DecisionReserved: Other work names what a gate decides.
    """
    task = _waiting(turn, command.activity)
    if not command.person:
        raise PersonMissing
    if task.quorum:
        return _vote(turn, task, command)
    if command.decision is not None:
        raise DecisionUnreadable(decision=command.decision)
    return [
        *_results(turn, task, variables.from_outside(turn.process, command.variables)),
        *_untold(turn, task),
        UserTaskCompleted(task.activity, command.person),
    ]


def _untold(turn: Turn, task: UserTask) -> list[Event]:
    """Take back the job of a listener beside the task: it would come too late."""
    return [JobCancelled(task.activity)] if task.activity in turn.state.jobs else []


def _vote(turn: Turn, task: UserTask, command: CompleteUserTask) -> list[Event]:
    decision = command.decision
    if decision not in {APPROVE, REJECT}:
        raise DecisionUnreadable(decision=decision)
    if any(vote.person == command.person for vote in task.votes):
        raise AlreadyVoted
    cast = UserTaskVoted(task.activity, command.person, decision, command.reason)
    # A reject ends a gate at once, so every vote that is in was an approval.
    if decision == APPROVE and len(task.votes) + 1 < task.quorum:
        return [cast]
    return [
        cast,
        *_results(turn, task, _outcome(turn, task, command)),
        *_untold(turn, task),
        UserTaskCompleted(task.activity, command.person, decision),
    ]


def _outcome(turn: Turn, task: UserTask, command: CompleteUserTask) -> Values:
    """Return the variables of a decided gate; without output mappings only the decision leaves."""
    decided: Values = {GATE_RESULT: command.decision}
    node = turn.process.nodes[task.element]
    if not (isinstance(node, UserTaskNode) and node.outputs):
        return decided
    who = {"decided_by": command.person, "reason": command.reason}
    return {**command.variables, **decided, **who}


def _results(turn: Turn, task: UserTask, values: Values) -> list[Event]:
    node = turn.process.nodes[task.element]
    return activities.results(turn, turn.state.tokens[task.token], node, values)


def _due(turn: Turn, token: Token, node: UserTaskNode) -> datetime | None:
    """Return when the work should be done: a date, or a duration from now."""
    due = variables.text_of(node.due, turn.view(token), turn.env.now)
    if due is None or due == "":
        return None
    text = str(due)
    is_span = text.lstrip("-").startswith("P")
    definition = TimerDefinition(duration=text) if is_span else TimerDefinition(date=text)
    first = timers.first_due(definition, lambda unread: unread, turn.env.now)
    return first.at if first else None


def _priority(turn: Turn, written_as: str | None, seen: Mapping[str, Any]) -> int:
    """Return how urgent the work is, 0 to 100; work that does not say so is in the middle."""
    value = variables.text_of(written_as, seen, turn.env.now)
    if value is None:
        return PRIORITY
    try:
        return min(100, max(0, int(value)))
    except (TypeError, ValueError) as error:
        raise variables.unusable(written_as, value, "a whole number from 0 to 100") from error


def _waiting(turn: Turn, activity: str) -> UserTask:
    task = turn.state.user_tasks.get(activity)
    if task is None:
        raise WorkGone(activity=activity)
    return task
