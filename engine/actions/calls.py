"""Called runs: which version a call means, and its start."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from common.context import Actor
from engine import codec
from engine.actions import instances, quotas
from engine.errors import CalledUnknown, CallTooDeep
from engine.held import Caller
from engine.models.deliveries import Delivery
from engine.models.deployments import Deployment
from engine.models.instances import Instance
from engine.runtime import Ask
from engine.semantics.commands import StartInstance


def start(call: Delivery, actor: Actor) -> None:
    """Start the run that is called, on the version that the call is bound to.

    Raises:
        DomainError: there is none, calls are nested too deep, or it cannot begin.
    """
    if call.source_id is None or call.target_id is None or call.activity is None:
        raise CalledUnknown(called=call.name, which="")
    source = Instance.objects.select_related("deployment").get(pk=call.source_id)
    deepest = quotas.nested_calls(source.unit_id)
    if source.depth >= deepest:
        raise CallTooDeep(depth=deepest)
    deployment = called(call, source)
    if deployment is None:
        raise CalledUnknown(called=call.name, which=_which(call))
    command = StartInstance(codec.value_of(call.variables), source.business_key, called=True)
    instances.start_for_run(
        Ask(call.target_id, command, actor),
        deployment,
        source,
        Caller(source.pk, call.activity, source.depth + 1),
    )


def called(call: Delivery, source: Instance) -> Deployment | None:
    """Return the version that a call means.

    Pinned is the version that was the newest when the caller's own was released; a tag is what
    a version says of itself; otherwise it is the newest. Released versions never change, so what
    is pinned stays so.
    """
    known = _versions(source, call.name)
    if call.binding == "pinned":
        known = known.filter(released_at__lte=source.deployment.released_at)
    elif call.binding == "tag":
        known = known.filter(tag=call.version_tag)
    return known.first()


def _versions(source: Instance, name: str) -> QuerySet[Deployment]:
    """Return the versions of a process by its id in the model or its key, the newest first."""
    return (
        Deployment.objects.filter(Q(model_id=name) | Q(process__key=name), unit_id=source.unit_id)
        .select_related("process")
        .defer("xml")
        .order_by("-released_at", "-number")
    )


def _which(call: Delivery) -> str:
    if call.binding == "tag":
        return f" with the tag {call.version_tag}"
    return " from before this version's release" if call.binding == "pinned" else ""
