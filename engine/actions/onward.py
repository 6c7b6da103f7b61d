"""Going on with a run: its next job is begun in the transaction that hands in the one before.

So a step of a run costs one transaction instead of three, and its rows need not be read again. What
a claim, a start and a circuit would have said is known here: one job of the unit and of the system
goes out, and one comes in; nothing has failed at that system, or the next job calls none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from common.ids import parsed
from engine import addresses, agenda, codec, leases
from engine.actions.circuits import ORDINARY
from engine.actions.work import Work, headers_of, inputs_of
from engine.connectors.base import Done, Outcome
from engine.connectors.registry import CONNECTORS
from engine.held import Advance, Onward
from engine.semantics import events
from engine.semantics.effects import key_of
from engine.semantics.rows import Job, JobStatus, Status


def chosen(work: Work, outcome: Outcome, advance: Advance) -> Onward | None:
    """Return the job that whoever hands in `work` goes on with; None: the queue has it."""
    if work.script or work.passage != ORDINARY or not isinstance(outcome, Done):
        return None
    if advance.held.state.status is not Status.RUNNING:
        return None
    for event in advance.happened:
        if isinstance(event, events.JobCreated) and _is_next(work, event.activity, advance):
            return Onward(event.activity, advance.held.at + leases.LEASE)
    return None


def begun(work: Work, advance: Advance, activity: str) -> Work:
    """Return the work of the job that was begun with an advance; `work` was the one before."""
    job = advance.held.state.jobs[activity]
    own = _own(advance, activity)
    node = advance.held.home.model.nodes.get(job.element)
    given = inputs_of(own, node)
    # As it would be read from the row: nobody else holds these values.
    inputs = {name: codec.value_of(codec.canonical(value)) for name, value in given.items()}
    job_id = parsed(activity)
    tried = replace(
        work.tried,
        job_id=job_id,
        element=job.element,
        number=1,
        job_type=job.type,
        target=_target(job, inputs),
    )
    key = key_of(tried.instance_id, job_id, job.generation)
    return replace(
        work,
        generation=job.generation,
        key=key,
        tried=tried,
        inputs=inputs,
        headers=headers_of(node),
        left=advance.left,
    )


def _is_next(work: Work, activity: str, advance: Advance) -> bool:
    """Tell whether a job waits for a worker like this one, and for no other system."""
    job = advance.held.state.jobs.get(activity)
    if job is None or job.status is not JobStatus.PENDING or job.next_at is not None:
        return False
    own = _own(advance, activity)
    is_near = _target(job, own) in ("", work.tried.target)
    return job.type in CONNECTORS and is_near and _is_in_reach(work, own)


def _is_in_reach(work: Work, own: Mapping[str, Any]) -> bool:
    """Tell whether a worker of this zone may make the call, be it a listener's."""
    system = addresses.system_of(own)
    return not system or agenda.queue_for(system, script=False) == work.queue


def _own(advance: Advance, activity: str) -> Mapping[str, Any]:
    scope = advance.held.state.scopes.get(activity)
    return scope.variables if scope else {}


def _target(job: Job, own: Mapping[str, Any]) -> str:
    return addresses.system_of(own) if job.type in CONNECTORS and not job.listener else ""
