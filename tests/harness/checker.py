"""Did anything get lost or happen twice? One program over the database and the sink's log.

It knows nothing of what was done to whom. What it finds is told in words, each with its instance:

- **I1** every instance is where a replay of its journal says, and terminal unless something that
  exists can wake it; a run whose outcome is known beforehand came to that outcome, and not before
  its timers were due; nobody is blamed for the deaths of workers but what brings them about;
- **I2** every effect key seen at least once, distinct effects exactly as expected;
- **I3** journal gapless, hash chain valid;
- **I4** audit verifies, one row per business change;
- **I5** no job, timer or outbox row without its instance and no wait without its row, no lease
  older than twice its time;
- **I6** no deadlock, no idle transaction over 5 s, connections back to baseline;
- **I7** every answered start is durable, and a retry with the same key gives one instance.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from engine import codec
from engine.errors import WorkerLost
from engine.models.incidents import Incident
from engine.models.instances import Instance, Variable
from engine.models.jobs import Job
from engine.queries import journals
from engine.semantics.effects import key_of
from governance import verification
from governance.checkpoints import Book
from tests.harness.mix import Model
from tests.harness.staff import Started

#: Seconds in which work that had begun when its run was cancelled may still reach the outside.
_UNDER_WAY = 6.0
_LONGEST_IDLE = 5.0


@dataclass(frozen=True, slots=True)
class Violation:
    """One invariant that does not hold, and where."""

    invariant: str
    instance: str
    sentence: str

    def __str__(self) -> str:
        where = f"run {self.instance}: " if self.instance else ""
        return f"{self.invariant} {where}{self.sentence}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What the sink wrote of one key: how often it was asked, and when first (UNIX seconds)."""

    path: str
    times: int
    first_at: float


@dataclass
class Evidence:
    """What is known from outside of the database."""

    unit_id: UUID
    sink_log: Path
    started: list[Started]
    versions: Mapping[int, Model]
    cancelled: Mapping[UUID, float] = field(default_factory=dict)
    #: Models whose runs are expected to stay stuck.
    poison: frozenset[str] = frozenset()
    lease: float = 0.0
    deadlocks: int = 0
    longest_idle: float = 0.0
    connections: tuple[int, int] = (0, 0)
    #: Whether no worker was killed but by poison.
    is_bloodless: bool = False
    #: What workers said that ended by themselves.
    last_words: str = ""


def violations(evidence: Evidence) -> list[Violation]:
    """Return all that is wrong, sorted by invariant."""
    effects = effects_of(evidence.sink_log)
    checks = (
        _outcomes(evidence),
        _replays(),
        _asleep(evidence),
        _early(evidence),
        _blamed(evidence),
        _acts(evidence, effects),
        _chains(evidence),
        _audited(evidence),
        _rows(evidence),
        _health(evidence),
        _answers(evidence),
    )
    return sorted((one for check in checks for one in check), key=str)


def effects_of(log: Path) -> dict[str, Effect]:
    """Return what the sink was asked for, by idempotency key."""
    found: dict[str, Effect] = {}
    for line in log.read_text().splitlines():
        row = json.loads(line)
        known = found.get(row["key"])
        times, first = (known.times, known.first_at) if known else (0, row["at"])
        found[row["key"]] = Effect(row["path"], times + 1, first)
    return found


# I1


def _replays() -> Iterator[Violation]:
    for instance_id in _instances():
        try:
            with transaction.atomic():
                differing = list(journals.differences(instance_id))
        except Exception as broken:  # noqa: BLE001  (whatever a replay meets is a finding)
            differing = [f"its journal cannot be replayed: {broken!r}"]
        for difference in differing:
            yield Violation("I1", str(instance_id), difference)


_ASLEEP = """
SELECT i.id, p.key, i.state FROM engine_instance i JOIN governance_process p ON p.id = i.process_id
WHERE i.ended_at IS NULL
  AND NOT EXISTS (SELECT FROM engine_queueentry q WHERE q.instance_id = i.id)
  AND NOT EXISTS (SELECT FROM engine_usertask t WHERE t.instance_id = i.id AND t.state = 'OPEN')
  AND NOT EXISTS (SELECT FROM engine_messagesubscription s WHERE s.instance_id = i.id)
  AND NOT EXISTS (SELECT FROM engine_incident n WHERE n.instance_id = i.id AND n.resolution = '')
  AND NOT EXISTS (SELECT FROM engine_call c WHERE c.instance_id = i.id)
  AND i.state <> 'PAUSED'
"""
_LEFT = """
SELECT i.id, p.key, i.state FROM engine_instance i JOIN governance_process p ON p.id = i.process_id
WHERE i.ended_at IS NULL
"""


def _asleep(evidence: Evidence) -> Iterator[Violation]:
    """Yield runs that nothing will ever wake, and those that should have been through by now."""
    asleep = {row[0] for row in _fetch(_ASLEEP)}
    for instance_id, key, state in _fetch(_LEFT):
        if instance_id in asleep:
            yield Violation("I1", str(instance_id), f"{key} is {state} and nothing can wake it")
        elif key not in evidence.poison:
            yield Violation("I1", str(instance_id), f"{key} is {state} and has not got to its end")


def _outcomes(evidence: Evidence) -> Iterator[Violation]:
    """Yield runs of drawn processes that came to other values than the oracle's."""
    for started in _distinct(evidence.started):
        model = evidence.versions[started.version]
        if model.effects is None or started.instance_id in evidence.cancelled:
            continue
        rows = Variable.objects.filter(scope_id=started.instance_id, name__in=model.leaves)
        found = {row.name: codec.value_of(row.value) for row in rows}
        for name, value in model.leaves.items():
            if found.get(name) != value:
                sentence = f"{model.key} leaves {name} = {found.get(name)}, expected {value}"
                yield Violation("I1", str(started.instance_id), sentence)


def _early(evidence: Evidence) -> Iterator[Violation]:
    """Yield runs that ended before their timers were due, by the clock of the database."""
    lasts = {model.key: model.lasts for model in evidence.versions.values() if model.lasts}
    ended = Instance.objects.filter(process__key__in=lasts, ended_at__isnull=False)
    for run in ended.exclude(pk__in=evidence.cancelled).select_related("process"):
        assert run.ended_at is not None
        took, least = (run.ended_at - run.started_at).total_seconds(), lasts[run.process.key]
        if took < least:
            sentence = f"it took {took:.3f} s, and its timers alone {least:.3f} s"
            yield Violation("I1", str(run.pk), sentence)


def _blamed(evidence: Evidence) -> Iterator[Violation]:
    """Yield jobs that were set aside for deaths of workers which others brought about."""
    if not evidence.is_bloodless:
        return
    lost = Incident.objects.filter(code=WorkerLost.code)
    for incident in lost.exclude(instance__process__key__in=evidence.poison):
        sentence = f"{incident.element} was set aside, though it killed nobody"
        yield Violation("I1", str(incident.instance_id), sentence)


# I2


def _acts(evidence: Evidence, effects: Mapping[str, Effect]) -> Iterator[Violation]:
    """Yield effects that were lost, that nobody had to bring about, and that came too often."""
    owners: dict[str, Job] = {}
    done: dict[UUID, Counter[str]] = defaultdict(Counter)
    for job in Job.objects.exclude(job_type="script:1").select_related("instance__process"):
        keys = [key_of(job.instance_id, job.pk, number) for number in range(1, job.generation + 1)]
        owners |= dict.fromkeys(keys, job)
        seen = [key for key in keys if key in effects]
        done[job.instance_id][job.element] += len(seen)
        if job.state == "COMPLETED" and len(seen) < len(keys):
            sentence = f"{job.element} is done, and its effect was never asked for"
            yield Violation("I2", str(job.instance_id), sentence)
        if seen and job.instance.process.key in evidence.poison:
            yield Violation("I2", str(job.instance_id), f"{job.element} acted though it kills")
    for key, effect in effects.items():
        if key not in owners:
            sentence = f"an effect at {effect.path} came under key {key[:12]}, which no job has"
            yield Violation("I2", "", sentence)
    yield from _counted(evidence, done)
    yield from _late(evidence, effects, owners)


def _counted(evidence: Evidence, done: Mapping[UUID, Counter[str]]) -> Iterator[Violation]:
    for started in _distinct(evidence.started):
        model = evidence.versions[started.version]
        expected = model.effects
        if expected is None or started.instance_id in evidence.cancelled:
            continue
        for element, times in expected.items():
            found = done[started.instance_id][element]
            if found != times:
                sentence = f"{element} of {model.key} acted {found} times, expected {times}"
                yield Violation("I2", str(started.instance_id), sentence)


def _late(
    evidence: Evidence, effects: Mapping[str, Effect], owners: Mapping[str, Job]
) -> Iterator[Violation]:
    """Yield effects that began when their run had long been cancelled."""
    for key, effect in effects.items():
        job = owners.get(key)
        at = evidence.cancelled.get(job.instance_id) if job else None
        if job is not None and at is not None and effect.first_at > at + _UNDER_WAY:
            after = effect.first_at - at
            sentence = f"{job.element} acted {after:.1f} s after the run was cancelled"
            yield Violation("I2", str(job.instance_id), sentence)


# I3, I4


def _chains(evidence: Evidence) -> Iterator[Violation]:
    for fault in journals.faults(evidence.unit_id):
        yield Violation("I3", str(fault.id), fault.detail)


_UNAUDITED = """
WITH acts AS (
    SELECT instance_id, cause, count(*) AS times FROM engine_journalrow
    WHERE cause = 'start_instance' OR (actor_person_id IS NOT NULL AND cause IN (
        'complete_user_task', 'assign_user_task', 'retry_incident', 'correlate_message', 'cancel',
        'pause', 'resume'))
    GROUP BY instance_id, cause
), told AS (
    SELECT coalesce(t.instance_id, n.instance_id, i.id) AS instance_id,
        CASE e.code
            WHEN 'run.started' THEN 'start_instance'
            WHEN 'run.cancelled' THEN 'cancel'
            WHEN 'run.paused' THEN 'pause'
            WHEN 'run.resumed' THEN 'resume'
            WHEN 'incident.retried' THEN 'retry_incident'
            WHEN 'message.published' THEN 'correlate_message'
            WHEN 'user_task.claimed' THEN 'assign_user_task'
            WHEN 'user_task.released' THEN 'assign_user_task'
            ELSE 'complete_user_task'
        END AS cause, count(*) AS times
    FROM governance_auditentry e
    LEFT JOIN engine_usertask t ON t.id::text = e.subject_id
    LEFT JOIN engine_incident n ON n.id::text = e.subject_id
    LEFT JOIN engine_instance i ON i.id::text = e.subject_id
    WHERE split_part(e.code, '.', 1) IN ('run', 'user_task', 'gate', 'incident', 'message')
    GROUP BY 1, 2
)
SELECT coalesce(a.instance_id, t.instance_id), coalesce(a.cause, t.cause),
    coalesce(a.times, 0), coalesce(t.times, 0)
FROM acts a FULL JOIN told t ON t.instance_id = a.instance_id AND t.cause = a.cause
WHERE a.times IS DISTINCT FROM t.times
"""


def unaudited() -> list[tuple[Any, ...]]:
    """Return (instance, cause, times it happened, times it was audited) where they differ."""
    return _fetch(_UNAUDITED)


def _audited(evidence: Evidence) -> Iterator[Violation]:
    for instance_id, cause, happened, told in unaudited():
        act = cause.replace("_", " ")
        sentence = f"“{act}” happened {happened} times and was audited {told} times"
        yield Violation("I4", str(instance_id or ""), sentence)
    call_command("seal_audit", "--once", stdout=_Silent())
    for fault in verification.verify(evidence.unit_id, Book(settings.DATA_DIR)).faults:
        yield Violation("I4", "", f"{fault.kind} {fault.what} {fault.id}: {fault.detail}")


class _Silent:
    def write(self, _text: str) -> None:
        """Say nothing."""

    def flush(self) -> None:
        """Say nothing."""


# I5

_ORPHANS = {
    "a queue entry of kind {} moves nothing": """
        SELECT q.instance_id, q.kind FROM engine_queueentry q WHERE NOT CASE q.kind
            WHEN 'JOB' THEN EXISTS (
                SELECT FROM engine_job j WHERE j.id = q.id AND j.state = 'PENDING')
            WHEN 'TIMER' THEN EXISTS (SELECT FROM engine_timer t WHERE t.id = q.id)
            WHEN 'CONTINUE' THEN EXISTS (
                SELECT FROM engine_instance i WHERE i.id = q.id AND i.ended_at IS NULL)
            WHEN 'START' THEN EXISTS (SELECT FROM engine_starttimer t WHERE t.id = q.id)
            WHEN 'DELIVER' THEN EXISTS (SELECT FROM engine_delivery d WHERE d.id = q.id)
            ELSE false END""",
    "the job at {} is pending and nobody will take it": """
        SELECT j.instance_id, j.element FROM engine_job j
        WHERE j.state = 'PENDING'
          AND NOT EXISTS (SELECT FROM engine_queueentry q WHERE q.id = j.id)""",
    "the timer at {} waits and nobody will see it": """
        SELECT t.instance_id, t.element FROM engine_timer t
        WHERE NOT EXISTS (SELECT FROM engine_queueentry q WHERE q.id = t.id)""",
    "something said ({}) is kept and nobody will carry it": """
        SELECT d.target_id, d.kind FROM engine_delivery d
        WHERE NOT EXISTS (SELECT FROM engine_queueentry q WHERE q.id = d.id)""",
    "it has ended, and its {} are left": """
        SELECT w.instance_id, w.what FROM (
            SELECT instance_id, 'jobs' AS what FROM engine_job WHERE state IN ('PENDING', 'FAILED')
            UNION ALL SELECT instance_id, 'timers' FROM engine_timer
            UNION ALL SELECT instance_id, 'tokens' FROM engine_token
            UNION ALL SELECT instance_id, 'user tasks' FROM engine_usertask WHERE state = 'OPEN'
            UNION ALL SELECT instance_id, 'subscriptions' FROM engine_messagesubscription
        ) w LEFT JOIN engine_instance i ON i.id = w.instance_id
        WHERE i.id IS NULL OR i.ended_at IS NOT NULL""",
}
_STALE = """
SELECT instance_id, extract(epoch FROM engine_now() - lease_until) FROM engine_queueentry
WHERE due_at < engine_now() AND lease_until < engine_now() - %s * interval '1 second'
"""


def _rows(evidence: Evidence) -> Iterator[Violation]:
    for sentence, query in _ORPHANS.items():
        for instance_id, what in _fetch(query):
            yield Violation("I5", str(instance_id or ""), sentence.format(what))
    for instance_id, age in _fetch(_STALE, evidence.lease):
        yield Violation("I5", str(instance_id), f"a lease ended {age:.0f} s ago and nobody took it")


# I6, I7


def _health(evidence: Evidence) -> Iterator[Violation]:
    if evidence.last_words:
        yield Violation("I6", "", f"a worker ended by itself: {evidence.last_words[-600:]}")
    if evidence.deadlocks:
        yield Violation("I6", "", f"PostgreSQL met {evidence.deadlocks} deadlocks")
    if evidence.longest_idle > _LONGEST_IDLE:
        sentence = f"a transaction was idle for {evidence.longest_idle:.1f} s"
        yield Violation("I6", "", sentence)
    before, after = evidence.connections
    if after > before:
        yield Violation("I6", "", f"{after} connections are open, {before} were at the beginning")


def _answers(evidence: Evidence) -> Iterator[Violation]:
    there = set(_instances())
    by_key: dict[str, set[UUID]] = defaultdict(set)
    for started in evidence.started:
        by_key[started.key].add(started.instance_id)
        if started.instance_id not in there:
            sentence = f"{started.key} was answered with a run that is not there"
            yield Violation("I7", str(started.instance_id), sentence)
    for key, ids in by_key.items():
        if len(ids) > 1:
            yield Violation("I7", "", f"{key} gave {len(ids)} runs")
    for process, expected, found in _surplus(evidence):
        sentence = f"{found} runs of {process} are there, {expected} were asked for"
        yield Violation("I7", "", sentence)


def _surplus(evidence: Evidence) -> Iterator[tuple[str, int, int]]:
    """Yield processes with other runs than those that were answered."""
    versions = evidence.versions
    asked = Counter(versions[one.version].key for one in _distinct(evidence.started))
    rows = Instance.objects.filter(parent_id=None).values_list("process__key", flat=True)
    found = Counter(rows)
    for key in asked.keys() | found.keys():
        if asked[key] != found[key]:
            yield key, asked[key], found[key]


def _distinct(started: list[Started]) -> list[Started]:
    return list({one.key: one for one in started}.values())


def _instances() -> list[UUID]:
    return list(Instance.objects.order_by("pk").values_list("pk", flat=True))


def _fetch(query: str, *values: float) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
