"""Keeping attempts: who called what, for whom, how it ended; the last ones of each job."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from common.ids import new_id
from engine.connectors.base import Done, Failed, Outcome, Thrown
from engine.models.attempts import Attempt, Ending
from engine.queries.clock import engine_now

#: How many attempts of one job are kept.
KEPT = 20
_LONGEST = 500

_FORGET = """
DELETE FROM engine_attempt WHERE job = %(job)s AND id NOT IN (
    SELECT id FROM engine_attempt WHERE job = %(job)s ORDER BY at DESC, id DESC LIMIT %(kept)s)
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried: the `number`-th attempt of a job, with the facts of its run.

    `version` is the number of the version the run is on.
    """

    unit_id: UUID
    instance_id: UUID
    job_id: UUID
    element: str
    number: int
    version: int
    job_type: str
    target: str = ""

    @property
    def trace_id(self) -> str:
        """Return the id of the trace, which is the run's: 32 hexadecimal digits."""
        return self.instance_id.hex

    @property
    def traceparent(self) -> str:
        """Return the header of W3C Trace Context; every attempt is a span of its own."""
        span = hashlib.sha256(f"{self.job_id}/{self.number}/{new_id()}".encode()).hexdigest()[:16]
        return f"00-{self.trace_id}-{span}-01"


def keep(tried: Tried, outcome: Outcome, *, seconds: float) -> None:
    """Keep an attempt that brought no result, in the transaction that reports it."""
    if isinstance(outcome, Done):
        return
    ending, diagnosis = _told(outcome)
    Attempt.objects.create(
        id=new_id(),
        unit_id=tried.unit_id,
        instance_id=tried.instance_id,
        job=tried.job_id,
        element=tried.element,
        number=tried.number,
        at=engine_now(),
        took=round(seconds * 1000),
        worker=f"{socket.gethostname()}:{os.getpid()}"[-120:],
        version=tried.version,
        trace_id=tried.trace_id,
        job_type=tried.job_type,
        target=tried.target,
        ending=ending,
        code=outcome.code[:60],
        diagnosis=diagnosis[:_LONGEST],
        request=dict(outcome.request),
        answer=dict(outcome.answer),
    )
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"job": tried.job_id, "kept": KEPT})


def _told(outcome: Failed | Thrown) -> tuple[Ending, str]:
    if isinstance(outcome, Thrown):
        return Ending.BPMN_ERROR, outcome.message
    return Ending(outcome.kind.value), outcome.diagnosis
