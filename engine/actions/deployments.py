"""Placing versions in the engine."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from common.context import Actor
from engine.actions import start_subscriptions, start_timers
from engine.bpmn import validation
from engine.connectors.registry import known_jobs
from engine.errors import NotDeployable
from engine.models.deployments import Deployment
from engine.queries import clock
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process


@transaction.atomic
def deploy(
    *,
    actor: Actor,
    process: Process,
    number: int,
    digest: str,
    xml: bytes,
    authors: Iterable[UUID],
) -> Deployment:
    """Place a version in the engine; new runs start on it, those under way stay on theirs.

    `digest` is what the approval was bound to; `authors` are the persons who can approve nothing
    in its runs.

    Raises:
        NotAllowed, NotFound: the actor may not publish this process.
        NotExecutable, UnreadableModel: the model could not run.
        NotDeployable: a version of this or a higher number is there already.
    """
    access.require("version.publish", actor=actor, subject=process)
    model = validation.executable(xml, known_jobs())
    newest = Deployment.objects.filter(process=process).order_by("-number").first()
    if newest is not None and newest.number >= number:
        raise NotDeployable(reason=f"version {newest.number} is there already.")
    now = clock.engine_now()
    deployment = Deployment.objects.create(
        unit_id=process.unit_id,
        process=process,
        number=number,
        digest=digest,
        xml=xml,
        model_id=model.id,
        tag=model.version_tag,
        authors=sorted(set(authors)),
        released_at=now,
        released_by_id=actor.person_id,
    )
    start_subscriptions.subscribe(deployment, model)
    start_timers.schedule(deployment, model, now)
    audit.record(
        Code.DEPLOYMENT_CREATED,
        actor=actor,
        subject=deployment,
        after={"number": number, "digest": digest},
    )
    return deployment
