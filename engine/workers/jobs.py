"""Running one job: claim, begin, call, report. The message names the job; the queue decides."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from celery import shared_task
from django.db import OperationalError, connection

from common import context, tenancy
from common.context import automation
from common.errors import DomainError, Transient
from engine import crash_points, leases
from engine.actions import jobs
from engine.actions.jobs import Work
from engine.announce import RUN_JOB
from engine.connectors.base import Call, Failed, FailureKind, Outcome
from engine.connectors.registry import CONNECTORS
from engine.crash_points import Point
from engine.leases import LEASE, Claim, Wanted
from engine.store import Lease
from engine.workers import scripts

ACTOR = automation("worker")
_BEAT = LEASE.total_seconds() / 3
_TRIES = 5

logger = logging.getLogger(__name__)


@shared_task(name=RUN_JOB)
def run_job(job: str) -> None:
    """Run a job, unless somebody has it, has done it, or it is not due."""
    for claim in leases.claim(Wanted(leases.JOBS, limit=1, only=UUID(job))):
        perform(claim)


def perform(claim: Claim) -> None:
    """Do a job that is ours, and hand in what came of it."""
    scene = replace(
        context.current(),
        actor=ACTOR,
        unit_id=claim.unit_id,
        instance_id=claim.instance_id,
        job_id=claim.lease.entry_id,
    )
    with tenancy.units_in_scope([claim.unit_id]), context.scene(scene):
        work = jobs.begin_job(lease=claim.lease)
        if work is None:
            return
        with _beating(claim.lease):
            began = time.monotonic()
            outcome = _outcome(work)
            crash_points.reached(Point.EFFECT_DONE)
            _report(claim.lease, work, outcome, time.monotonic() - began)


def _outcome(work: Work) -> Outcome:
    """Call the outside; whatever goes wrong is an outcome too."""
    if work.given:
        return work.given
    if work.script:
        return scripts.run(work.script, work.inputs)
    connector = CONNECTORS.get(work.tried.job_type)
    if connector is None:
        sentence = f"No connector for “{work.tried.job_type}” is installed on this worker."
        return Failed(FailureKind.ENVIRONMENTAL, "no_connector", sentence)
    try:
        return connector.run(Call(work.inputs, work.key, work.destinations, work.tried.traceparent))
    except Exception:  # a bug in a connector must not end the worker
        logger.exception("connector.broke", extra={"job_type": work.tried.job_type})
        sentence = "The connector broke on our side. The log says where."
        return Failed(FailureKind.ENVIRONMENTAL, "connector_broke", sentence)


def _report(lease: Lease, work: Work, outcome: Outcome, seconds: float) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            jobs.report_job(actor=ACTOR, lease=lease, work=work, outcome=outcome, seconds=seconds)
        except (OperationalError, Transient):
            logger.warning("job.report_failed", extra={"attempt": attempt})
            if attempt == _TRIES:
                return  # The lease ends, and the work is done again under the same key.
            time.sleep(0.2 * attempt)
            tenancy.reconnect()
        except DomainError as error:
            # Taken over, cancelled, or ended meanwhile: the result is nobody's any more.
            logger.info("job.unwanted", extra={"error": error.code})
            return
        else:
            return


@contextmanager
def _beating(lease: Lease) -> Iterator[None]:
    """Renew the lease from a thread of its own for as long as the block takes."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, over), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(lease: Lease, over: threading.Event) -> None:
    try:
        while not over.wait(_BEAT):
            try:
                if not leases.renew([lease]):
                    return
            except OperationalError:
                connection.close()
    finally:
        connection.close()
