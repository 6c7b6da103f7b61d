"""The engine broken on purpose, one way at a time, as functions replaced in a forked process.

Nothing here is ever part of the product, and no process but the harness's own is touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from designer.actions import reviews
from engine import announce, crash_points, leases, statements, store
from engine.actions import drains, jobs
from engine.crash_points import Point
from engine.held import Advance
from engine.leases import Claim, Wanted
from engine.models.queue import Kind, QueueEntry
from engine.semantics import activities, decide, effects, timers
from engine.semantics import jobs as machine_jobs
from engine.semantics.appliers import APPLIERS
from engine.semantics.commands import Cancel
from engine.semantics.events import InstanceCancelled, LoopStarted
from engine.semantics.state import InstanceState, Loop
from engine.statements import Page, Row, Statement
from engine.store import Lease
from engine.workers import jobs as workers
from engine.workers.sweeper import Sweeper
from governance import audit


def _put(owner: Any, name: str, instead: Any) -> None:
    """Replace an attribute that is there."""
    assert hasattr(owner, name), f"{owner} has no {name} to replace: the mutant is out of date"
    setattr(owner, name, instead)


def no_fence() -> None:
    """Every lease counts, whoever holds it by now."""
    _put(store, "leases_held", set)


def lease_too_short() -> None:
    """A lease ends before its holder renews it."""
    _put(leases, "LEASE", timedelta(milliseconds=50))


def key_per_attempt() -> None:
    """Each attempt has a key of its own."""
    usual = effects.key_of

    def fresh(instance: Any, activity: Any, generation: int) -> str:
        return usual(instance, f"{activity}/{os.urandom(4).hex()}", generation)

    _put(jobs, "key_of", fresh)


def ack_first() -> None:
    """Work is taken off the queue when it is claimed, not when it is done."""
    no_fence()
    usual = leases.claim

    def claim(wanted: Wanted) -> list[Claim]:
        claims = usual(wanted)
        ids = [claim.lease.entry_id for claim in claims]
        QueueEntry.objects.filter(pk__in=ids).delete()
        return claims

    _put(leases, "claim", claim)


def split_commit() -> None:
    """Rows are committed before the instance they belong to."""
    usual = Page.write

    def write(page: Page) -> dict[Statement, list[Row]]:
        later = {one: page.rows[one] for one in (statements.INSTANCE,)}
        for one in later:
            page.rows[one] = {}
        given = usual(page)
        connection.connection.commit()
        crash_points.reached(Point.JOURNAL)
        for one in page.rows:
            page.rows[one] = later.get(one, {})
        return given | usual(page)

    _put(Page, "write", write)


def publish_before_commit() -> None:
    """Doorbells are rung as soon as something is written."""

    def at_once(advances: Sequence[Advance], queued: Iterable[tuple[Any, ...]]) -> None:
        announce.ring(list(map(announce.bell_of, queued)))

    _put(announce, "after_commit", at_once)


def no_sweeper() -> None:
    """Nobody looks for what was not heard."""
    _put(Sweeper, "sweep", lambda _self: 0)


def sweep_without_skip_locked() -> None:
    """Whoever claims waits for rows that another holds."""
    for name in ("_CLAIM", "_CLAIM_ONE"):
        text = getattr(leases, name)
        assert " SKIP LOCKED" in text
        _put(leases, name, text.replace(" SKIP LOCKED", ""))


def join_without_lock() -> None:
    """Two steps of one instance do not wait for each other."""
    assert "FOR NO KEY UPDATE OF i" in store._LOCK
    _put(store, "_LOCK", store._LOCK.replace("FOR NO KEY UPDATE OF i", ""))


def timer_delete_before_fire() -> None:
    """A timer is taken off the queue, and only then fires."""
    usual = drains._carry_on

    def carry_on(claims: Sequence[Claim], *rest: Any) -> Any:
        ids = [one.lease.entry_id for one in claims if one.kind is Kind.TIMER]
        QueueEntry.objects.filter(pk__in=ids).delete()
        return usual(claims, *rest)

    no_fence()
    _put(drains, "_carry_on", carry_on)


def fire_twice_on_jump() -> None:
    """A cycle fires once for each turn that was missed."""

    def next_due(due: timers.Due, _now: Any) -> timers.Due | None:
        return replace(due, at=timers.cycle(due.cycle).step.after(due.at))

    _put(timers, "next_due", next_due)


def journal_after_commit() -> None:
    """The journal is written once everything else has been committed."""
    usual = Page.write

    def write(page: Page) -> dict[Statement, list[Row]]:
        later = {one: page.rows[one] for one in (statements.JOURNAL, statements.PAYLOAD)}
        for one in later:
            page.rows[one] = {}
        given = usual(page)

        def catch_up() -> None:
            crash_points.reached(Point.AFTER_COMMIT)
            rest = Page()
            rest.rows |= later
            usual(rest)

        transaction.on_commit(catch_up)
        return given

    _put(Page, "write", write)


def audit_outside_transaction() -> None:
    """An act is audited once it has been committed."""
    usual = audit.record

    def later(*told: Any, **named: Any) -> None:
        def write() -> None:
            crash_points.reached(Point.AFTER_COMMIT)
            with transaction.atomic():
                usual(*told, **named)

        transaction.on_commit(write)

    _put(audit, "record", later)


def retry_on_permanent() -> None:
    """What would fail the same way again is tried again all the same."""
    _put(machine_jobs, "_goes_on", lambda *_told: True)


def cancel_ignored() -> None:
    """A cancelled run says so and goes on."""
    decisions: dict[Any, Any] = decide._DECISIONS  # type: ignore[assignment]
    decisions[Cancel] = lambda _turn, command: [InstanceCancelled(command.reason)]


def boundary_not_cancelled() -> None:
    """What is attached to an activity goes on waiting when it has ended."""
    _put(activities, "release", lambda *_told, **_named: [])


def loop_counter_not_reset() -> None:
    """A loop that is entered again goes on counting where it ended."""
    reached: dict[tuple[int, str], int] = {}
    appliers: dict[Any, Any] = APPLIERS  # type: ignore[assignment]

    def started(state: InstanceState, event: LoopStarted) -> None:
        loop = Loop(event.activity, event.element, event.total, items=event.items)
        key = (id(state), event.element)
        again = reached.get(key, 0)
        state.loops[event.activity] = loop.counting(started=again, ended=again)
        reached[key] = event.total or 0

    assert LoopStarted in appliers
    appliers[LoopStarted] = started


def latest_version_binding() -> None:
    """A run goes on with the newest version of its process."""
    usual = store._homes

    def newest(rows: Sequence[tuple[Any, ...]]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT ON (process_id) process_id, id FROM engine_deployment"
                " ORDER BY process_id, number DESC"
            )
            latest: dict[UUID, UUID] = dict(cursor.fetchall())
        return usual([(*row[:3], latest[row[2]], *row[4:]) for row in rows])

    _put(store, "_homes", newest)


def approval_not_bound() -> None:
    """A vote counts, whatever its voter was shown."""
    _put(reviews, "must_match", lambda *_told: None)


def doorbell_trusted() -> None:
    """A doorbell is taken for leave to do the job."""

    def run_job(job: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lease_epoch, unit_id, instance_id FROM engine_queueentry WHERE id = %s",
                [job],
            )
            found = cursor.fetchone()
        if found is not None:
            epoch, unit_id, instance_id = found
            workers.perform(Claim(Lease(UUID(job), epoch), unit_id, instance_id, Kind.JOB))

    _put(workers, "run_job", run_job)
