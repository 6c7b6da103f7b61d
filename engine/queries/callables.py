"""The versions that a model may call, with all that they run with: a sandbox plays them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from engine.bpmn.elements import CallActivity
from engine.bpmn.process import Process
from engine.models.deployments import Deployment, DeploymentResource
from engine.queries.deployments import model_of
from governance.models.connections import Connection

_MOST = 20


@dataclass(frozen=True, slots=True)
class Callable:
    """One version, the names it is called by, and its files."""

    names: tuple[str, ...]
    model_id: str
    xml: bytes
    files: Mapping[str, bytes]


def reachable(unit_id: UUID, process: Process) -> list[Callable]:
    """Return the newest versions of what a process calls by name, and of what those call."""
    found: dict[UUID, Callable] = {}
    wanted = list(called_by(process))
    seen: set[str] = set()
    while wanted and len(found) < _MOST:
        name = wanted.pop(0)
        deployment = None if name in seen else _newest(unit_id, name)
        seen.add(name)
        if deployment is not None and deployment.pk not in found:
            found[deployment.pk] = _callable(deployment)
            wanted += called_by(model_of(deployment))
    return list(found.values())


def called_by(process: Process) -> Iterable[str]:
    """Return the names that call activities call; what an expression gives is not known before."""
    calls = (node for node in process.nodes.values() if isinstance(node, CallActivity))
    return [node.called for node in calls if node.called and not node.called.startswith("=")]


def given_to(unit_id: UUID) -> Mapping[str, Any]:
    """Return what expressions of a unit see besides variables: the addresses of its systems."""
    rows = Connection.objects.filter(unit_id=unit_id).values_list("key", "base_url")
    return {"connection": {key.replace("-", "_"): url.rstrip("/") for key, url in rows}}


def _newest(unit_id: UUID, name: str) -> Deployment | None:
    named = Deployment.objects.filter(Q(model_id=name) | Q(process__key=name), unit_id=unit_id)
    return named.select_related("process").order_by("-released_at", "-number").first()


def _callable(deployment: Deployment) -> Callable:
    files = DeploymentResource.objects.filter(deployment=deployment).values_list("name", "content")
    return Callable(
        names=(deployment.model_id, deployment.process.key),
        model_id=deployment.model_id,
        xml=bytes(deployment.xml),
        files={name: bytes(content) for name, content in files},
    )
