"""Actions on user tasks: claim, give back, complete, decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from common.context import Actor
from engine import runtime, store
from engine.actions import forms, quotas, receipts
from engine.bpmn.elements import UserTask as UserTaskNode
from engine.errors import GateShared, NobodyElse, NotClaimed, ReasonMissing, UserTaskTaken
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask, UserTaskState
from engine.queries import instances
from engine.runtime import Ask
from engine.semantics.commands import AssignUserTask, Command, CompleteUserTask
from engine.semantics.errors import WorkGone
from governance import access, audit
from governance.audit_codes import Code

_LONGEST = 2_000
_REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person hands in: the fields of the form, and at a gate the decision and its reason."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    decision: str | None = None
    reason: str = ""


@transaction.atomic
def claim_user_task(*, actor: Actor, user_task_id: UUID) -> UserTask:
    """Take a user task for oneself, so that the other candidates leave it alone.

    Raises:
        NotAllowed, NotFound, OwnWork: the actor is no candidate, or rule 1 excludes them.
        GateShared: it is a gate, which nobody has for oneself.
        UserTaskTaken: somebody else has it.
        WorkGone: it is done or cancelled.
    """
    task = _task(user_task_id)
    access.require("user_task.claim", actor=actor, subject=task)
    if task.is_gate:
        raise GateShared
    # Of two who claim at once the second waits here, and sees who was first.
    Instance.objects.select_for_update(no_key=True).get(pk=task.instance_id)
    task.refresh_from_db(fields=["assignee", "state"])
    _must_be_free(task, actor)
    if task.assignee_id != actor.person:
        command = AssignUserTask(str(task.pk), str(actor.person))
        runtime.advance_one(_ask(task, command, actor))
        audit.record(Code.USER_TASK_CLAIMED, actor=actor, subject=task)
    return _task(user_task_id)


@transaction.atomic
def release_user_task(*, actor: Actor, user_task_id: UUID) -> UserTask:
    """Give a claimed user task back to all its candidates.

    Raises:
        NotAllowed, NotFound, OwnWork: the actor is no candidate, or rule 1 excludes them.
        NotClaimed: the actor does not have it.
        NobodyElse: nobody else could take it.
        WorkGone: it is done or cancelled.
    """
    task = _task(user_task_id)
    access.require("user_task.claim", actor=actor, subject=task)
    Instance.objects.select_for_update(no_key=True).get(pk=task.instance_id)
    task.refresh_from_db(fields=["assignee", "state"])
    if task.state != UserTaskState.OPEN:
        raise WorkGone
    if task.assignee_id != actor.person:
        raise NotClaimed
    if not task.is_offered:
        raise NobodyElse
    runtime.advance_one(_ask(task, AssignUserTask(str(task.pk), ""), actor))
    audit.record(Code.USER_TASK_RELEASED, actor=actor, subject=task)
    return _task(user_task_id)


@transaction.atomic
def complete_user_task(
    *, actor: Actor, user_task_id: UUID, answer: Answer, idempotency_key: str = ""
) -> UserTask:
    """Hand in the work, or vote at a gate; the run goes on where that decides.

    Rule 1 holds at a gate: who started the run or wrote its version has no vote, under no account.

    Raises:
        NotAllowed, NotFound: the actor is no candidate.
        OwnWork: rule 1 excludes the actor.
        UserTaskTaken: somebody else has claimed it.
        FormIncomplete: the variables are not what the form asks for.
        PayloadTooLarge: they are larger than may come in.
        ReasonMissing: a rejection says nothing of why.
        DecisionUnreadable, AlreadyVoted, RunPaused, RunFinished, WorkGone: the machine refuses.
        RequestDiffers: the idempotency key was used for another request.
    """
    task = _task(user_task_id)
    access.require("user_task.complete", actor=actor, subject=task)
    quotas.require_size(task.unit_id, answer.variables)
    request = {"values": dict(answer.variables), "decision": answer.decision, "why": answer.reason}
    earlier = receipts.earlier_result(
        f"user_task.complete/{task.pk}",
        task.unit_id,
        actor,
        idempotency_key,
        request=request,
        result_id=task.pk,
    )
    if earlier is None:
        _complete(task, actor, answer)
    return _task(user_task_id)


def _complete(task: UserTask, actor: Actor, answer: Answer) -> None:
    if not task.is_gate:
        _must_be_free(task, actor)
    reason = answer.reason.strip()[:_LONGEST]
    if answer.decision == _REJECT and not reason:
        raise ReasonMissing
    seen = task.instance.seq
    command = CompleteUserTask(
        activity=str(task.pk),
        person=str(actor.person),
        variables=forms.read(_form(task), answer.variables, partial(_known, task)),
        decision=answer.decision,
        reason=reason,
    )
    runtime.advance_one(_ask(task, command, actor))
    audit.record(
        Code.GATE_DECIDED if task.is_gate else Code.USER_TASK_COMPLETED,
        actor=actor,
        subject=task,
        reason=reason,
        # What was shown: this version of the model, and the run as it was after this event.
        after={
            "decision": answer.decision,
            "version": task.instance.deployment.number,
            "digest": task.instance.deployment.digest,
            "seen_after": seen,
        },
    )


def _ask(task: UserTask, command: Command, actor: Actor) -> Ask:
    return Ask(task.instance_id, command, actor, deployment_id=task.instance.deployment_id)


def _known(task: UserTask, names: Iterable[str]) -> Mapping[str, Any]:
    return instances.values_of(task.instance_id, [task.pk], names)


def _form(task: UserTask) -> str | None:
    node = store.model_of(task.instance.deployment_id).nodes.get(task.element)
    return node.form if isinstance(node, UserTaskNode) else None


def _must_be_free(task: UserTask, actor: Actor) -> None:
    if task.state != UserTaskState.OPEN:
        raise WorkGone
    if task.assignee is not None and task.assignee_id != actor.person:
        raise UserTaskTaken(who=task.assignee.name)


def _task(user_task_id: UUID) -> UserTask:
    return (
        UserTask.objects.select_related("instance__process", "instance__deployment", "assignee")
        .defer("instance__deployment__xml")
        .get(pk=user_task_id)
    )
