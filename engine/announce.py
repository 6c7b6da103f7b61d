"""After the commit: tell the screens what happened, and ring for the workers.

Neither matters to the truth: a screen catches up from the journal, and due work is found by the
sweeper. So both are handed to a thread that may fail, and nobody waits for it.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

from common import live
from engine import crash_points, steps
from engine.crash_points import Point
from engine.held import Advance
from engine.models.queue import Kind
from engine.semantics.state import Incident, Token

#: The most a frame may weigh; what is heavier is read from the journal instead.
LARGEST_FRAME = 64 * 1024
RUN_JOB = "engine.run_job"
DRAIN = "engine.drain"
_WAITING_BELLS = 1_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bell:
    """A message to Celery, by the task's name: an id or a number, and nothing else."""

    task: str
    queue: str
    body: tuple[tuple[str, Any], ...]


def after_commit(advances: Sequence[Advance], queued: Iterable[tuple[Any, ...]]) -> None:
    """Say what happened once the transaction around this has committed."""
    transaction.on_commit(partial(crash_points.reached, Point.AFTER_COMMIT))
    live.tell_on_commit(*(told for advance in advances for told in _told(advance)))
    now = max((advance.held.at for advance in advances), default=None)
    bells = dict.fromkeys(bell_of(row) for row in queued if now and _is_due(row, now))
    if bells:
        transaction.on_commit(partial(ring, list(bells)), robust=True)


def bell_of(row: tuple[Any, ...]) -> Bell:
    """Return the doorbell for a row of the queue: (id, unit, instance, kind, shard, queue…)."""
    entry_id, _unit, _instance, kind, shard, name, *_due = row
    if kind == Kind.JOB.value:
        return Bell(RUN_JOB, name, (("job", str(entry_id)),))
    return Bell(DRAIN, name, (("shard", shard),))


def ring(bells: Iterable[Bell]) -> None:
    """Have the messages sent by and by; where too many wait, the sweeper will ring again."""
    for bell in bells:
        try:
            _bells.put_nowait(bell)
        except queue.Full:
            logger.warning("doorbells.overflow")
            return
    _ringer.wake()


def _told(advance: Advance) -> Iterator[tuple[str, live.Making]]:
    """Yield what is told of an advance: to whoever watches the run, and the runs of its unit."""
    held = advance.held
    # As they were before: by the time it is told, the run may have moved on.
    tokens, incidents = held.loaded.get("tokens", {}), held.loaded.get("incidents", {})
    yield f"run.{held.id}", partial(_frame, advance, tokens, incidents)
    if advance.standing is not held.was or held.opening is not None:
        changed = {"type": "run", "id": str(held.id), "state": advance.standing.value.lower()}
        yield f"unit.{held.home.unit_id}.runs", lambda: changed


def _frame(
    advance: Advance, tokens: Mapping[str, Token], incidents: Mapping[str, Incident]
) -> live.Frame:
    held = advance.held
    narrator = steps.narrator_of(held.home.model, tokens.values(), incidents.values())
    told = narrator.tell(advance.happened, advance.seq_from, held.at, advance.standing.value)
    frame = {"type": "advance", "seq_from": advance.seq_from, "seq": advance.seq_to, "steps": told}
    if len(json.dumps(frame)) > LARGEST_FRAME:
        frame["steps"] = []
        frame["type"] = "behind"
    return frame


def _is_due(row: tuple[Any, ...], now: datetime) -> bool:
    due_at: datetime = row[-1]
    return due_at <= now


class _Ringer:
    """One thread per process that talks to the broker; made when it is first needed.

    A process that forks has none in the child, so it is asked for by the process's id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """See to it that the thread runs."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=_send_all, name="doorbells", daemon=True)
                self._thread.start()


def _send_all() -> None:
    while True:
        bell = _bells.get()
        crash_points.reached(Point.DOORBELL)
        try:
            current_app.send_task(bell.task, kwargs=dict(bell.body), queue=bell.queue, retry=False)
        except Exception:  # noqa: BLE001  (a broker that is away costs time, never the work)
            logger.warning("doorbell.unheard", extra={"task": bell.task})
        finally:
            _bells.task_done()


_bells: queue.Queue[Bell] = queue.Queue(_WAITING_BELLS)
_ringer = _Ringer()
