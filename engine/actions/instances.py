"""Actions on runs: start, pause, resume, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from common.context import Actor
from common.ids import new_id
from engine import runtime, store
from engine.actions import forms, quotas, receipts
from engine.bpmn.process import Process as Model
from engine.errors import NothingDeployed, ReasonMissing
from engine.held import Caller, Opening
from engine.models.deployments import Deployment
from engine.models.instances import Instance
from engine.runtime import Ask
from engine.semantics.commands import Cancel, Command, Pause, Resume, StartInstance
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process

_LONGEST = 200


@transaction.atomic
def start_instance(
    *,
    actor: Actor,
    process_id: UUID,
    variables: Mapping[str, Any] | None = None,
    title: str = "",
    business_key: str = "",
    idempotency_key: str = "",
) -> Instance:
    """Start a run of the newest version of a process, and pin it there.

    `variables` are what the start form asks for, and nothing else. The same idempotency key from
    the same sender gives the run of the first request.

    Raises:
        NotAllowed, NotFound: the actor may not start runs of this process.
        NothingDeployed: no version is published.
        FormIncomplete: the variables are not what the start form asks for.
        PayloadTooLarge: they are larger than may come in.
        TooManyStarts, TooManyRuns: the unit has started as many as its limits allow.
        RequestDiffers: the idempotency key was used for another request.
    """
    process = Process.objects.get(pk=process_id)
    access.require("run.start", actor=actor, subject=process)
    deployment = _newest(process)
    model = store.model_of(deployment.pk)
    quotas.require_size(process.unit_id, variables or {})
    given = _given(model, variables or {})
    request = {"process": str(process_id), "title": title, "key": business_key, "values": given}
    instance_id = new_id()
    earlier = receipts.earlier_result(
        "run.start",
        process.unit_id,
        actor,
        idempotency_key,
        request=request,
        result_id=instance_id,
    )
    if earlier is not None:
        return _instance(earlier)
    command = StartInstance(given, business_key[:_LONGEST])
    return _started(Ask(instance_id, command, actor), deployment, title)


def start_for_run(
    ask: Ask, deployment: Deployment, source: Instance, caller: Caller | None = None
) -> Instance:
    """Start a run that another one asked for; whoever started that one counts as its starter.

    Raises:
        DomainError: the machine refuses to start there.
    """
    return _started(ask, deployment, "", source, caller)


@transaction.atomic
def start_by_event(*, ask: Ask, deployment_id: UUID, source_id: UUID | None) -> Instance:
    """Start the run that a message or signal begins; `source_id` is the run that threw it.

    Raises:
        DomainError: the machine refuses to start there.
    """
    deployments = Deployment.objects.select_related("process").defer("xml")
    source = Instance.objects.get(pk=source_id) if source_id else None
    return _started(ask, deployments.get(pk=deployment_id), "", source)


@transaction.atomic
def start_by_timer(
    *, actor: Actor, deployment: Deployment, element: str, values: Mapping[str, Any]
) -> Instance:
    """Start the run that a timer start event asks for; nobody is its starter.

    Raises:
        DomainError: the machine refuses to start there.
    """
    command = StartInstance(dict(values), element=element)
    return _started(Ask(new_id(), command, actor), deployment, "")


@transaction.atomic
def pause_instance(*, actor: Actor, instance_id: UUID, reason: str) -> Instance:
    """Let no token of a run advance until it is resumed; results on their way are kept.

    Raises:
        NotAllowed, NotFound: the actor may not pause this run.
        ReasonMissing: there is no reason.
        RunFinished, RunPaused: there is nothing to pause.
    """
    return _operate("run.pause", actor, instance_id, Pause(_reason(reason)), Code.RUN_PAUSED)


@transaction.atomic
def resume_instance(*, actor: Actor, instance_id: UUID, reason: str = "") -> Instance:
    """Let a paused run go on, with all that arrived in between.

    Raises:
        NotAllowed, NotFound: the actor may not resume this run.
        RunFinished, RunNotPaused: there is nothing to resume.
    """
    command = Resume(reason.strip()[:_LONGEST])
    return _operate("run.resume", actor, instance_id, command, Code.RUN_RESUMED)


@transaction.atomic
def cancel_instance(*, actor: Actor, instance_id: UUID, reason: str) -> Instance:
    """End a run and all it waits for.

    Raises:
        NotAllowed, NotFound: the actor may not cancel this run.
        ReasonMissing: there is no reason.
        RunFinished: it has ended already.
    """
    return _operate("run.cancel", actor, instance_id, Cancel(_reason(reason)), Code.RUN_CANCELLED)


def _newest(process: Process) -> Deployment:
    newest = Deployment.objects.filter(process=process).defer("xml").order_by("-number").first()
    if newest is None:
        raise NothingDeployed(process=process.name)
    newest.process = process
    return newest


def _given(model: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    start = model.none_start
    return forms.read(start.form if start else None, values)


def _started(
    ask: Ask,
    deployment: Deployment,
    title: str,
    source: Instance | None = None,
    caller: Caller | None = None,
) -> Instance:
    quotas.require_start(deployment.unit_id)
    actor, command = ask.actor, ask.command
    starter = (actor.person_id, actor.account_id)
    if source is not None:
        starter = (source.started_by_id, source.started_by_account_id)
    business_key = command.business_key if isinstance(command, StartInstance) else ""
    called = " ".join(title.split())[:_LONGEST] or deployment.process.name

    def opening(number: int) -> Opening:
        return Opening(number, called, business_key, *starter, caller)

    runtime.start(ask, deployment, opening)
    instance = _instance(ask.instance_id)
    audit.record(
        Code.RUN_STARTED,
        actor=actor,
        subject=instance,
        after={"version": deployment.number, "business_key": business_key},
    )
    return instance


def _operate(name: str, actor: Actor, instance_id: UUID, command: Command, code: Code) -> Instance:
    before = _instance(instance_id)
    access.require(name, actor=actor, subject=before)
    runtime.advance_one(Ask(instance_id, command, actor))
    instance = _instance(instance_id)
    audit.record(
        code,
        actor=actor,
        subject=instance,
        reason=getattr(command, "reason", ""),
        before={"state": before.state},
        after={"state": instance.state},
    )
    return instance


def _instance(instance_id: UUID) -> Instance:
    return (
        Instance.objects.select_related("process", "deployment")
        .defer("deployment__xml")
        .get(pk=instance_id)
    )


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:_LONGEST]
    if not reason:
        raise ReasonMissing
    return reason
