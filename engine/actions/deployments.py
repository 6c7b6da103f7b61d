"""Placing versions in the engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from common.context import Actor
from engine.actions import start_subscriptions, start_timers
from engine.bpmn import validation
from engine.bpmn.errors import NotExecutable
from engine.companions import NO_FILES, Companions, media_type_of
from engine.errors import NotDeployable
from engine.models.deployments import Deployment, DeploymentResource
from engine.queries import clock, surroundings
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process


@transaction.atomic
def deploy(  # noqa: PLR0913  (what a version is)
    *,
    actor: Actor,
    process: Process,
    number: int,
    digest: str,
    xml: bytes,
    authors: Iterable[UUID],
    files: Mapping[str, bytes] = NO_FILES,
) -> Deployment:
    """Place a version in the engine; new runs start on it, those under way stay on theirs.

    `digest` is what the approval was bound to; `authors` are the persons who can approve nothing
    in its runs. `files` are what travels with the model, by name: the decisions that its business
    rule tasks ask (.dmn), and the forms of its user tasks (.form).

    Raises:
        NotAllowed, NotFound: the actor may not publish this process.
        NotExecutable, UnreadableModel: the model could not run, a decision of it be made, or a
            form be shown.
        NotDeployable: a version of this or a higher number is there already.
    """
    access.require("version.publish", actor=actor, subject=process)
    companions = Companions.of(files)
    _must_serve(companions)
    model = validation.executable(xml, surroundings.of_model(process.unit_id, companions))
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
    keep_files(deployment, files)
    start_subscriptions.subscribe(deployment, model)
    start_timers.schedule(deployment, model, now)
    audit.record(
        Code.DEPLOYMENT_CREATED,
        actor=actor,
        subject=deployment,
        after={"number": number, "digest": digest},
    )
    return deployment


def _must_serve(companions: Companions) -> None:
    errors = [asdict(one) for one in companions.problems if one.severity == "error"]
    if errors:
        raise NotExecutable(problems=errors, first=errors[0]["message"])


def keep_files(deployment: Deployment, files: Mapping[str, bytes]) -> None:
    """Keep the files that a version comes with."""
    DeploymentResource.objects.bulk_create(
        DeploymentResource(
            unit_id=deployment.unit_id,
            deployment=deployment,
            name=name,
            media_type=media_type_of(name),
            digest=hashlib.sha256(content).hexdigest(),
            content=content,
        )
        for name, content in files.items()
    )
