"""Instances, locked and loaded; and the proof that a worker still holds its lease.

Two statements in one round trip, whatever the number of instances: the lock, in order of id so that
two transactions never wait for each other, and then what is alive. They cannot be one: a statement
that waited for a lock would read the other tables as they were before it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from engine import codec, crash_points
from engine.bpmn import parser
from engine.bpmn.process import Process
from engine.crash_points import Point
from engine.decisions import Rulebook
from engine.decisions.rulebook import MEDIA_TYPE
from engine.errors import RunBusy, RunUnreadable
from engine.held import Caller, Held, Home, Opening
from engine.models.deployments import Deployment, DeploymentResource
from engine.models.instances import RunState
from engine.semantics import state as machine_state
from engine.semantics.environment import Limits
from engine.semantics.state import (
    Activation,
    Awaited,
    Call,
    Compensable,
    Compensation,
    Incident,
    InstanceState,
    Job,
    JobStatus,
    Loop,
    Scope,
    Status,
    Subscription,
    Timer,
    Token,
    TokenStatus,
    UserTask,
    Vote,
)

_LOCK = """
SELECT i.id, i.unit_id, i.process_id, i.deployment_id, p.owner_id, p.backup_owner_id,
    l.transitions, l.live_tokens,
    i.status, i.state, i.seq, i.transitions, i.head_hash,
    i.parent_id, i.parent_activity, i.depth,
    greatest(engine_now(), i.last_activity_at),
    EXISTS (SELECT 1 FROM engine_hold h WHERE h.id = i.id AND h.released_at IS NULL)
FROM engine_instance i
JOIN governance_process p ON p.id = i.process_id
LEFT JOIN governance_unitlimits l ON l.unit_id = i.unit_id
WHERE i.id = ANY(%(ids)s)
ORDER BY i.id
FOR NO KEY UPDATE OF i
"""
# Values are texts of JSON inside JSON: PostgreSQL must not touch their numbers.
_ALIVE = """
SELECT instance_id, 'scope', json_build_array(id, parent_id, element, live)
    FROM engine_scope WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'variable', json_build_array(scope_id, name, value)
    FROM engine_variable WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'token',
        json_build_array(id, at, scope_id, status, activity, since, resumes, item, listened)
    FROM engine_token WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'user_task', json_build_array(id, element, token, holder, quorum, votes)
    FROM engine_usertask WHERE instance_id = ANY(%(ids)s) AND state = 'OPEN'
UNION ALL
SELECT instance_id, 'job', json_build_array(
        id, element, token, job_type, generation, attempts, stalls, state, next_at, listener)
    FROM engine_job WHERE instance_id = ANY(%(ids)s) AND state IN ('PENDING', 'FAILED')
UNION ALL
SELECT instance_id, 'timer',
        json_build_array(id, element, activity, token, due_at, cycle, remaining, joint)
    FROM engine_timer WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'subscription',
        json_build_array(id, element, activity, token, name, key, kind, joint, ordinal, met)
    FROM engine_messagesubscription WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'incident', json_build_array(id, token, element, activity, code, cause)
    FROM engine_incident WHERE instance_id = ANY(%(ids)s) AND resolution = ''
UNION ALL
SELECT instance_id, 'loop', json_build_array(id, element, total, started, ended)
    FROM engine_loop WHERE instance_id = ANY(%(ids)s)
UNION ALL
(SELECT instance_id, 'loop_item', json_build_array(loop_id, number, item, output)
    FROM engine_loopitem WHERE instance_id = ANY(%(ids)s) ORDER BY loop_id, number)
UNION ALL
SELECT instance_id, 'call', json_build_array(id, element, token, child_id)
    FROM engine_call WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'compensable',
        json_build_array(id, element, scope_id, handler, "order", variables)
    FROM engine_compensable WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'compensation', json_build_array(id, of_scope_id, element, "order")
    FROM engine_compensation WHERE instance_id = ANY(%(ids)s)
UNION ALL
SELECT instance_id, 'activation', json_build_array(scope_id, element, flows)
    FROM engine_activation WHERE instance_id = ANY(%(ids)s)
"""
_OPENING = """
SELECT engine_now(), nextval('engine_run_number'), l.transitions, l.live_tokens
FROM (SELECT %s::uuid AS unit_id) u LEFT JOIN governance_unitlimits l USING (unit_id)
"""
_LEASES = """
SELECT id, lease_epoch FROM engine_queueentry WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""
_END_LEASES = "DELETE FROM engine_queueentry WHERE id = ANY(%s)"
_DELIVERIES = "SELECT id FROM engine_delivery WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_CONNECTIONS = "SELECT unit_id, key, base_url FROM governance_connection WHERE unit_id = ANY(%s)"
_CACHED = 64


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


_models: OrderedDict[UUID, _Read] = OrderedDict()


def lock(instance_ids: Collection[UUID]) -> dict[UUID, Held]:
    """Lock instances in order of id and load what is alive in them; unknown ones are left out.

    Raises:
        RunBusy: another step holds one of them for longer than we wait.
        RunUnreadable: a stored model cannot be read.
    """
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"{_LOCK};{_ALIVE}", {"ids": list(instance_ids)})
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise RunBusy from error
            raise
        rows = cursor.fetchall()
        cursor.nextset()
        alive = cursor.fetchall()
    homes = _homes(rows)
    held = {row[0]: _held(row, homes[row[0]]) for row in rows}
    for instance_id, kind, fields in alive:
        _PUT[kind](held[instance_id].state, fields)
    for one in held.values():
        machine_state.indexed(one.state)
        one.remember()
    crash_points.reached(Point.LOCKED)
    return held


def open_new(instance_id: UUID, deployment: Deployment, opening: Callable[[int], Opening]) -> Held:
    """Return a new instance, not yet written. `opening` is told the number it gets."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENING, [deployment.unit_id])
        at, number, *limits = cursor.fetchone()
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
        decisions = _decisions(deployment_id)
        found = _models[deployment_id] = _parsed(bytes(facts[0]), facts[1], decisions)
        if len(_models) > _CACHED:
            _models.popitem(last=False)
    _models.move_to_end(deployment_id)
    return found


def _decisions(deployment_id: UUID) -> Rulebook:
    found = DeploymentResource.objects.filter(deployment_id=deployment_id, media_type=MEDIA_TYPE)
    return Rulebook(
        {name: bytes(content) for name, content in found.values_list("name", "content")}
    )


def _parsed(xml: bytes, model_id: str, decisions: Rulebook) -> _Read:
    """Read the process that was deployed: an earlier release, which did not say, took the first."""
    model = parser.read(xml)
    meant = [process for process in model.processes if process.id == model_id]
    found = meant or model.executable
    if not found:
        raise RunUnreadable(reason="its model holds no executable process.")
    return _Read(found[0], decisions, b"connection" in xml)


def _homes(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, Home]:
    """Return where each instance belongs, from the first eight columns of the lock."""
    read = {row[0]: _read(row[3]) for row in rows}
    connections = _connections({row[1] for row in rows if read[row[0]].calls})
    return {
        instance_id: Home(
            unit_id=unit_id,
            process_id=process_id,
            deployment_id=deployment_id,
            model=read[instance_id].process,
            owners=tuple(owner for owner in owners if owner is not None),
            limits=_limits(transitions, tokens),
            given=connections.get(unit_id, {}),
            decisions=read[instance_id].decisions,
        )
        for instance_id, unit_id, process_id, deployment_id, *owners, transitions, tokens in (
            row[:8] for row in rows
        )
    }


def _limits(transitions: int | None, tokens: int | None) -> Limits:
    """Return the limits of a unit's runs; those that nobody set are the installation's."""
    usual = Limits(transitions=settings.RUN_TRANSITIONS)
    return Limits(transitions=transitions or usual.transitions, tokens=tokens or usual.tokens)


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
    status, standing, seq, transitions, head_hash, *calling, at, on_hold = row[8:]
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


# Rows to the machine's own values


def _put_scope(state: InstanceState, fields: list[Any]) -> None:
    key, parent, element, live = fields
    known = state.scopes.get(key)
    variables = known.variables if known else {}
    state.scopes[key] = Scope(key, parent or "", element, live, variables)


def _put_variable(state: InstanceState, fields: list[Any]) -> None:
    scope, name, text = fields
    # Scopes come before variables, as the statement has them.
    state.scopes[scope].variables[name] = codec.value_of(text)


def _put_token(state: InstanceState, fields: list[Any]) -> None:
    key, at, scope, status, activity, since, resumes, item, listened = fields
    again = TokenStatus(resumes) if resumes else None
    state.tokens[key] = Token(
        key, at, scope, TokenStatus(status), activity or "", since, again, item, listened
    )


def _put_user_task(state: InstanceState, fields: list[Any]) -> None:
    key, element, token, holder, quorum, votes = fields
    said = tuple(Vote(vote["person"], vote["decision"], vote["reason"]) for vote in votes)
    state.user_tasks[key] = UserTask(key, element, token, holder, quorum, said)


def _put_job(state: InstanceState, fields: list[Any]) -> None:
    key, element, token, job_type, generation, attempts, stalls, status, next_at, listener = fields
    state.jobs[key] = Job(
        key,
        element,
        token,
        job_type,
        generation,
        attempts,
        stalls,
        JobStatus(status),
        _moment(next_at) if next_at else None,
        listener,
    )


def _put_timer(state: InstanceState, fields: list[Any]) -> None:
    key, element, activity, token, due_at, cycle, left, joint = fields
    state.timers[key] = Timer(
        key, element, activity, token or "", _moment(due_at), cycle, left, joint
    )


def _put_subscription(state: InstanceState, fields: list[Any]) -> None:
    key, element, activity, token, name, wanted, kind, *rest = fields
    state.subscriptions[key] = Subscription(
        key, element, activity, token or "", name, wanted, Awaited(kind), *rest
    )


def _put_incident(state: InstanceState, fields: list[Any]) -> None:
    key, token, element, activity, code, cause = fields
    state.incidents[key] = Incident(key, token, element, activity or "", code, cause)


def _put_loop(state: InstanceState, fields: list[Any]) -> None:
    state.loops[fields[0]] = Loop(*fields)


def _put_loop_item(state: InstanceState, fields: list[Any]) -> None:
    loop_id, number, item, output = fields
    # Loops come before their items, and those in order, as the statement has them.
    loop = state.loops[loop_id]
    if item is not None:
        loop.items.append(codec.value_of(item))
    if output is not None:
        loop.outputs[number] = codec.value_of(output)


def _put_call(state: InstanceState, fields: list[Any]) -> None:
    state.calls[fields[0]] = Call(*fields)


def _put_compensable(state: InstanceState, fields: list[Any]) -> None:
    key, element, scope, handler, order, variables = fields
    kept = codec.value_of(variables)
    state.compensables[key] = Compensable(key, element, scope, handler, order, kept)


def _put_compensation(state: InstanceState, fields: list[Any]) -> None:
    key, scope, element, order = fields
    state.compensations[key] = Compensation(key, scope or "", element, order)


def _put_activation(state: InstanceState, fields: list[Any]) -> None:
    scope, element, flows = fields
    activation = Activation(scope, element, tuple(flows))
    state.activations[activation.key] = activation


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_PUT: Mapping[str, Callable[[InstanceState, list[Any]], None]] = {
    "scope": _put_scope,
    "variable": _put_variable,
    "token": _put_token,
    "user_task": _put_user_task,
    "job": _put_job,
    "timer": _put_timer,
    "subscription": _put_subscription,
    "incident": _put_incident,
    "loop": _put_loop,
    "loop_item": _put_loop_item,
    "call": _put_call,
    "compensable": _put_compensable,
    "compensation": _put_compensation,
    "activation": _put_activation,
}
