"""Instances, locked and loaded; and the proof that a worker still holds its lease.

Statements in one round trip, whatever the number of instances: the lock, in order of id so that two
transactions never wait for each other, and then what is alive. They cannot be one: a statement that
waited for a lock would read the other tables as they were before it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from common import prepared
from engine import codec, crash_points, loading, placing
from engine.bpmn import parser
from engine.bpmn.elements import Retry
from engine.bpmn.process import Process
from engine.companions import Companions
from engine.crash_points import Point
from engine.decisions import Rulebook
from engine.errors import RunBusy, RunUnreadable
from engine.held import Caller, Held, Home, Left, Opening
from engine.loading import Plan
from engine.models.deployments import Deployment, DeploymentResource
from engine.models.instances import RunState
from engine.placing import LoadedRow
from engine.semantics.commands import Command
from engine.semantics.environment import Limits
from engine.semantics.needs import Needs, needs
from engine.semantics.state import InstanceState, Status

_LOCK = """
SELECT i.* FROM unnest(%(ids)s::uuid[]) AS w(id) CROSS JOIN LATERAL (
    SELECT i.id, i.unit_id, i.process_id, i.deployment_id, p.owner_id, p.backup_owner_id,
        l.transitions AS most_transitions, l.live_tokens,
        l.retry_attempts, l.retry_first_seconds, l.retry_cap_seconds,
        i.status, i.state, i.seq, i.transitions, i.head_hash,
        i.parent_id, i.parent_activity, i.depth,
        greatest(engine_now(), i.last_activity_at),
        EXISTS (SELECT 1 FROM engine_hold h WHERE h.id = i.id AND h.released_at IS NULL),
        i.schema
    FROM engine_instance i
    JOIN governance_process p ON p.id = i.process_id
    LEFT JOIN governance_unitlimits l ON l.unit_id = i.unit_id
    WHERE i.id = w.id
    FOR NO KEY UPDATE OF i) AS i
"""
_OPENING = """
SELECT engine_now(), nextval('engine_run_number'), l.transitions, l.live_tokens,
    l.retry_attempts, l.retry_first_seconds, l.retry_cap_seconds
FROM (SELECT %b::uuid AS unit_id) u LEFT JOIN governance_unitlimits l USING (unit_id)
"""
_LEASES = """
SELECT id, lease_epoch FROM engine_queueentry WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""
_END_LEASES = "DELETE FROM engine_queueentry WHERE id = ANY(%s)"
_DELIVERIES = "SELECT id FROM engine_delivery WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_CONNECTIONS = "SELECT unit_id, key, base_url FROM governance_connection WHERE unit_id = ANY(%s)"
_CACHED = 64
#: How many columns of the lock say where an instance belongs.
_OF_HOME = 11


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to say what came of an entry of the queue."""

    entry_id: UUID
    epoch: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A model as it was read, its decisions, and whether its expressions call systems by name."""

    process: Process
    decisions: Rulebook
    calls: bool
    needs: Needs


_models: OrderedDict[UUID, _Read] = OrderedDict()


def lock(instance_ids: Collection[UUID]) -> dict[UUID, Held]:
    """Lock instances in order of id and load all that is alive in them; unknown ones are left out.

    Raises:
        RunBusy: another step holds one of them for longer than we wait.
        RunUnreadable: a stored model cannot be read.
    """
    if not instance_ids:
        return {}
    rows, alive = _locked(instance_ids, loading.whole(instance_ids))
    held = _all_held(rows)
    _place(held, alive)
    return held


def lock_for(
    asked: Mapping[UUID, Command],
    deployments: Mapping[UUID, UUID],
    left: Mapping[UUID, Left],
) -> dict[UUID, Held]:
    """Lock instances as `lock` does, and load what a command to each of them reads.

    `deployments` says to which the instances are pinned, and `left` how some of them were left: of
    these nothing is read, unless somebody has moved them since. What to read of the others is known
    beforehand where their deployments are; else it takes another round trip.

    Raises:
        RunBusy, RunUnreadable: as `lock`.
    """
    planned = {key: asked[key] for key in asked.keys() & deployments.keys() - left.keys()}
    rows, alive = _locked(asked, _planned(planned, deployments))
    held = _all_held(rows)
    insufficient = _place({key: held[key] for key in planned.keys() & held.keys()}, alive)
    rest = {
        key: one
        for key, one in held.items()
        if key not in planned and not (key in left and one.resume(left[key]))
    }
    if rest:
        plan = _planned({key: asked[key] for key in rest}, {row[0]: row[3] for row in rows})
        read = prepared.run(*plan.queries)
        insufficient += _place(rest, [row for each in read for row in each])
    return held | lock(insufficient)


def _place(held: Mapping[UUID, Held], alive: Iterable[LoadedRow]) -> list[UUID]:
    """Place the rows of the runs that are locked and that this release can read.

    A run that was committed after the lock was asked for, and before the rows were read, is not
    ours: for us there is none yet.
    """
    known = {key: one for key, one in held.items() if not one.newer}
    return placing.place(known, [row for row in alive if row[0] in known])


def _planned(asked: Mapping[UUID, Command], deployments: Mapping[UUID, UUID]) -> Plan:
    known = asked.keys() & deployments.keys()
    return loading.planned(asked, {key: _read(deployments[key]).needs for key in known})


def _locked(instance_ids: Iterable[UUID], plan: Plan) -> tuple[list[LoadedRow], list[LoadedRow]]:
    """Lock, and read by plan, in one round trip."""
    try:
        rows, *alive = prepared.run((_LOCK, {"ids": sorted(instance_ids)}), *plan.queries)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise RunBusy from error
        raise
    crash_points.reached(Point.LOCKED)
    return rows, [row for each in alive for row in each]


def _all_held(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, Held]:
    homes = _homes(rows)
    return {row[0]: _held(row, homes[row[0]]) for row in rows}


def open_new(instance_id: UUID, deployment: Deployment, opening: Callable[[int], Opening]) -> Held:
    """Return a new instance, not yet written. `opening` is told the number it gets."""
    [[(at, number, *limits)]] = prepared.run((_OPENING, [deployment.unit_id]))
    process = deployment.process
    facts = (deployment.unit_id, deployment.process_id, deployment.pk)
    owners = (process.owner_id, process.backup_owner_id)
    home = _homes([(instance_id, *facts, *owners, *limits)])[instance_id]
    state = InstanceState(instance=str(instance_id))
    opened = opening(number)
    return Held(instance_id, home, state, at.astimezone(UTC), opening=opened, caller=opened.caller)


def leases_held(leases: Iterable[Lease]) -> set[Lease]:
    """Return those leases that nobody has taken over, and keep them so until the commit."""
    wanted = list(leases)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_LEASES, [[lease.entry_id for lease in wanted]])
        held = {Lease(*row) for row in cursor.fetchall()}
    return held.intersection(wanted)


def end_leases(leases: Iterable[Lease | None]) -> None:
    """Drop the entries of the queue, held as above, for which nothing is left to do."""
    ended = [lease.entry_id for lease in leases if lease]
    if ended:
        with connection.cursor() as cursor:
            cursor.execute(_END_LEASES, [ended])


def deliveries_held(delivery_ids: Iterable[UUID]) -> set[UUID]:
    """Return those deliveries that have not arrived yet, and keep them so until the commit.

    Whoever carries one holds the lock of the run it is for, so nobody waits here.
    """
    wanted = sorted(delivery_ids)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, [wanted])
        return {row[0] for row in cursor.fetchall()}


def model_of(deployment_id: UUID) -> Process:
    """Return the model of a deployment. It never changes, so it is read once and kept.

    Raises:
        RunUnreadable: it cannot be read.
    """
    return _read(deployment_id).process


def _read(deployment_id: UUID) -> _Read:
    found = _models.get(deployment_id)
    if found is None:
        facts = Deployment.objects.values_list("xml", "model_id").get(pk=deployment_id)
        companions = _companions(deployment_id)
        found = _models[deployment_id] = _parsed(bytes(facts[0]), facts[1], companions)
        if len(_models) > _CACHED:
            _models.popitem(last=False)
    _models.move_to_end(deployment_id)
    return found


def _companions(deployment_id: UUID) -> Companions:
    found = DeploymentResource.objects.filter(deployment_id=deployment_id)
    return Companions.of(
        {name: bytes(content) for name, content in found.values_list("name", "content")}
    )


def _parsed(xml: bytes, model_id: str, companions: Companions) -> _Read:
    process = deployed_process(xml, model_id, companions.formbook.texts)
    return _Read(process, companions.rulebook, b"connection" in xml, needs(process))


def deployed_process(
    xml: bytes, model_id: str, forms: Mapping[str, str] = MappingProxyType({})
) -> Process:
    """Read the process that was deployed: an earlier release, which did not say, took the first.

    Raises:
        RunUnreadable: there is none that runs.
        DomainError: the file cannot be read.
    """
    model = parser.read(xml, forms)
    meant = [process for process in model.processes if process.id == model_id]
    found = meant or model.executable
    if not found:
        raise RunUnreadable(reason="its model holds no executable process.")
    return found[0]


def _homes(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, Home]:
    """Return where each instance belongs, from the first columns of the lock."""
    read = {row[0]: _read(row[3]) for row in rows}
    connections = _connections({row[1] for row in rows if read[row[0]].calls})
    return {
        instance_id: Home(
            unit_id=unit_id,
            process_id=process_id,
            deployment_id=deployment_id,
            model=read[instance_id].process,
            owners=tuple(owner for owner in owners if owner is not None),
            limits=_limits(*limits),
            retry=_retry(*retry),
            given=connections.get(unit_id, {}),
            decisions=read[instance_id].decisions,
        )
        for (instance_id, unit_id, process_id, deployment_id), owners, limits, retry in (
            (row[:4], row[4:6], row[6:8], row[8:_OF_HOME]) for row in rows
        )
    }


def _limits(transitions: int | None, tokens: int | None) -> Limits:
    """Return the limits of a unit's runs; those that nobody set are the installation's."""
    usual = Limits(transitions=settings.RUN_TRANSITIONS, variable_bytes=settings.VARIABLE_BYTES)
    return replace(
        usual, transitions=transitions or usual.transitions, tokens=tokens or usual.tokens
    )


def _retry(attempts: int | None, first: int | None, cap: int | None) -> Retry:
    """Return how a unit's work is tried again where a model does not say, waits in seconds."""
    return Retry(
        attempts=attempts or settings.RETRY_ATTEMPTS,
        first_delay=f"PT{first or settings.RETRY_FIRST_SECONDS}S",
        cap=f"PT{cap or settings.RETRY_CAP_SECONDS}S",
    )


def _connections(unit_ids: set[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Return each unit's systems by name: `connection.itsm` is an address in an expression."""
    if not unit_ids:
        return {}
    found: dict[UUID, dict[str, str]] = {unit_id: {} for unit_id in unit_ids}
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS, [list(unit_ids)])
        for unit_id, key, base_url in cursor.fetchall():
            found[unit_id][key.replace("-", "_")] = base_url.rstrip("/")
    return {unit_id: {"connection": systems} for unit_id, systems in found.items()}


def _held(row: tuple[Any, ...], home: Home) -> Held:
    status, standing, seq, transitions, head_hash, *calling, at, on_hold, schema = row[_OF_HOME:]
    if schema > codec.SCHEMA:
        # Nothing of its rows is taken to mean what it means here.
        unread = InstanceState(instance=str(row[0]))
        return Held(row[0], home, unread, at.astimezone(UTC), newer=schema)
    caller = Caller(*calling) if calling[0] is not None else None
    state = InstanceState(
        instance=str(row[0]),
        process=home.model.id,
        status=Status(status),
        seq=seq,
        transitions=transitions,
        called=caller is not None,
    )
    stands = RunState(standing)
    at = at.astimezone(UTC)
    return Held(row[0], home, state, at, head_hash, stands, caller=caller, on_hold=on_hold)
