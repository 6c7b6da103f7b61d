"""Reads deployments, and the process each of them runs."""

from __future__ import annotations

from uuid import UUID

from common.problems import NotFound
from engine import store
from engine.bpmn.process import Process as Model
from engine.models.deployments import Deployment
from governance.models.processes import Process


def newest_of(process: Process) -> Deployment | None:
    """Return the version that new runs of a process start on, or None before the first."""
    return (
        Deployment.objects.filter(process=process)
        .select_related("process")
        .order_by("-number")
        .first()
    )


def process_by_key(unit_id: UUID, key: str) -> Process:
    """Return a registry entry of a unit.

    Raises:
        NotFound: the unit has none of that key.
    """
    process = Process.objects.filter(unit_id=unit_id, key=key).select_related("owner").first()
    if process is None:
        raise NotFound
    return process


def model_of(deployment: Deployment) -> Model:
    """Return the executable process of a deployment; it never changes, so it is read once."""
    return store.model_of(deployment.pk)
