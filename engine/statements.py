"""The statements that write a run. Many rows each, so their number does not grow with the work.

All of them take their columns as arrays (`unnest`), however many rows there are: so their
texts never change, and PostgreSQL parses and plans each once for a connection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common import prepared

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL for any number of rows, with a place for each column.

    `key` is how many columns say which row of the table it is: of two for one row the later counts,
    as PostgreSQL would refuse both in one statement. `lists` are the columns that hold lists.
    """

    text: str
    key: int = 1
    lists: frozenset[int] = frozenset()

    def query(self, rows: Sequence[Row]) -> prepared.Query:
        """Return the text and its values for these rows."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        for place in self.lists:
            # Arrays of arrays would have to be of one length each.
            columns[place] = [json.dumps(value, default=str) for value in columns[place]]
        return self.text, columns


def _of_columns(text: str) -> Statement:
    return Statement(text)


def _insertion(
    table: str,
    columns: str,
    then: str = "",
    *,
    key: int = 0,
    reckoned: Mapping[str, str] | None = None,
) -> Statement:
    """Return what inserts rows; `columns` says their names and types, as a table's definition.

    `reckoned` are columns that PostgreSQL reckons itself, and how.
    """
    pairs = [one.split(" ") for one in columns.split(", ")]
    names = [f'"{name}"' for name, _ in pairs]
    more = reckoned or {}
    arrays = ", ".join(f"%b::{_sent_as(kind)}[]" for _, kind in pairs)
    taken = ", ".join(_taken(name, kind) for name, kind in pairs)
    text = (
        f"INSERT INTO {table} ({', '.join([*names, *more])})"  # noqa: S608  (of this module)
        f" SELECT {', '.join([taken, *more.values()])}"
        f" FROM unnest({arrays}) AS v({', '.join(names)}) {then}"
    )
    lists = frozenset(place for place, (_, kind) in enumerate(pairs) if kind.endswith("[]"))
    return Statement(text, key, lists)


def _sent_as(kind: str) -> str:
    return "jsonb" if kind.endswith("[]") else kind


def _taken(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f'ARRAY(SELECT jsonb_array_elements_text(v."{name}"))::{kind}'
    return f'v."{name}"'


_UNPARKED = "engine_queueentry.due_at >= '9999-01-01' AND excluded.due_at < '9999-01-01'"
QUEUE = _insertion(
    "engine_queueentry",
    "id uuid, unit_id uuid, instance_id uuid, kind text, shard int2, queue text, target "
    "int8, due_at timestamptz",
    # What a pause had parked may be in a worker's hands: its lease stays. Any other has just come
    # back from one, whose lease is over: it cannot say the same thing twice.
    "ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at,"
    # A retry does not see what is called; that stays as it was.
    " target = coalesce(nullif(excluded.target, 0), engine_queueentry.target),"
    " queue = CASE WHEN excluded.target <> 0 OR excluded.queue = 'script' THEN excluded.queue"
    " ELSE engine_queueentry.queue END,"
    " held_for = NULL, held_since = NULL,"
    f" lease_until = CASE WHEN {_UNPARKED} THEN engine_queueentry.lease_until END,"
    f" lease_epoch = CASE WHEN {_UNPARKED} THEN engine_queueentry.lease_epoch ELSE 0 END",
    key=1,
)
#: A job that is begun with the advance that made it: it is in somebody's hands from the first.
BEGUN = _insertion(
    "engine_queueentry",
    "id uuid, unit_id uuid, instance_id uuid, kind text, shard int2, queue text, target "
    "int8, due_at timestamptz, lease_until timestamptz",
    # Of a visit's listeners and its own work, one follows another under one id.
    "ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, target = excluded.target,"
    " held_for = NULL, held_since = NULL,"
    " lease_until = excluded.lease_until, lease_epoch = excluded.lease_epoch"
    " RETURNING id, lease_epoch",
    key=1,
    reckoned={"lease_epoch": "nextval('engine_lease_epoch')"},
)
DROP_ENTRY = _of_columns("DELETE FROM engine_queueentry WHERE id = ANY(%b::uuid[])")
EMPTY_QUEUE = _of_columns("DELETE FROM engine_queueentry WHERE instance_id = ANY(%b::uuid[])")
PARK = _of_columns(
    "UPDATE engine_queueentry SET due_at = '9999-01-01 00:00:00+00'"
    " WHERE instance_id = ANY(%b::uuid[])"
)
NOTIFY = "SELECT pg_notify('engine_queue', '')"

NEW_INSTANCE = _insertion(
    "engine_instance",
    "id uuid, unit_id uuid, process_id uuid, deployment_id uuid, number int8, title text, "
    "business_key text, status text, state text, seq int8, transitions int8, head_hash "
    "text, started_by_id uuid, started_by_account_id uuid, started_at timestamptz, "
    "ended_at timestamptz, last_activity_at timestamptz, parent_id uuid, parent_activity "
    "uuid, depth int2, schema int2",
)
INSTANCE = _of_columns(
    "UPDATE engine_instance i SET status = v.status, state = v.state, seq = v.seq,"
    " transitions = v.transitions, head_hash = v.head_hash, ended_at = v.ended_at,"
    " last_activity_at = v.at, schema = v.schema"
    " FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::text[],"
    " %b::timestamptz[], %b::timestamptz[], %b::smallint[])"
    " AS v(id, status, state, seq, transitions, head_hash, ended_at, at, schema)"
    " WHERE i.id = v.id"
)
JOURNAL = _insertion(
    "engine_journalrow",
    "at timestamptz, instance_id uuid, seq_from int8, seq_to int8, unit_id uuid, "
    "actor_kind text, actor_name text, actor_person_id uuid, actor_account_id uuid, cause "
    "text, state text, schema int2, events text, prev_hash text, hash text",
)
PAYLOAD = _insertion(
    "engine_payload",
    "at timestamptz, instance_id uuid, seq_from int8, unit_id uuid, salt text, values text",
)
LARGE_VALUE = _insertion(
    "engine_largevalue",
    "instance_id uuid, digest text, unit_id uuid, size int8, value text",
    "ON CONFLICT (instance_id, digest) DO NOTHING",
    key=2,
)

SCOPE = _insertion(
    "engine_scope",
    "id uuid, unit_id uuid, instance_id uuid, parent_id uuid, owner_id uuid, element "
    "text, live int4",
    # A scope that is undone is opened again under its id, elsewhere.
    "ON CONFLICT (id) DO UPDATE SET live = excluded.live, parent_id = excluded.parent_id,"
    " owner_id = excluded.owner_id, element = excluded.element",
    key=1,
)
DROP_SCOPE = _of_columns("DELETE FROM engine_scope WHERE id = ANY(%b::uuid[])")
VARIABLE = _insertion(
    "engine_variable",
    "scope_id uuid, name text, unit_id uuid, instance_id uuid, value text",
    "ON CONFLICT (scope_id, name) DO UPDATE SET value = excluded.value",
    key=2,
)
DROP_VARIABLES = _of_columns("DELETE FROM engine_variable WHERE scope_id = ANY(%b::uuid[])")
TOKEN = _insertion(
    "engine_token",
    "id uuid, unit_id uuid, instance_id uuid, at text, scope_id uuid, status text, "
    "activity uuid, since int8, resumes text, item int4, listened text",
    "ON CONFLICT (id) DO UPDATE SET at = excluded.at, scope_id = excluded.scope_id,"
    " status = excluded.status, activity = excluded.activity, since = excluded.since,"
    " resumes = excluded.resumes, item = excluded.item, listened = excluded.listened",
    key=1,
)
DROP_TOKEN = _of_columns("DELETE FROM engine_token WHERE id = ANY(%b::uuid[])")

TIMER = _insertion(
    "engine_timer",
    "id uuid, unit_id uuid, instance_id uuid, element text, activity uuid, token uuid, "
    "due_at timestamptz, cycle text, remaining int4, joint bool",
)
DROP_TIMER = _of_columns("DELETE FROM engine_timer WHERE id = ANY(%b::uuid[])")
SUBSCRIPTION = _insertion(
    "engine_messagesubscription",
    "id uuid, unit_id uuid, process_id uuid, instance_id uuid, element text, activity "
    "uuid, token uuid, kind text, name text, key text, joint bool, ordinal int2, met "
    "bool, since timestamptz",
    "ON CONFLICT (id) DO UPDATE SET met = excluded.met",
    key=1,
)
DROP_SUBSCRIPTION = _of_columns("DELETE FROM engine_messagesubscription WHERE id = ANY(%b::uuid[])")

LOOP = _insertion(
    "engine_loop",
    "id uuid, unit_id uuid, instance_id uuid, element text, total int4, started int4, ended int4",
    "ON CONFLICT (id) DO UPDATE SET started = excluded.started, ended = excluded.ended",
    key=1,
)
DROP_LOOP = _of_columns("DELETE FROM engine_loop WHERE id = ANY(%b::uuid[])")
LOOP_ITEM = _insertion(
    "engine_loopitem",
    "loop_id uuid, number int4, unit_id uuid, instance_id uuid, item text, output text",
    "ON CONFLICT (loop_id, number) DO UPDATE SET output = excluded.output",
    key=2,
)
DROP_LOOP_ITEMS = _of_columns("DELETE FROM engine_loopitem WHERE loop_id = ANY(%b::uuid[])")
CALL = _insertion(
    "engine_call",
    "id uuid, unit_id uuid, instance_id uuid, element text, token uuid, child_id uuid",
    "ON CONFLICT (id) DO UPDATE SET child_id = excluded.child_id",
    key=1,
)
DROP_CALL = _of_columns("DELETE FROM engine_call WHERE id = ANY(%b::uuid[])")
COMPENSABLE = _insertion(
    "engine_compensable",
    "id uuid, unit_id uuid, instance_id uuid, element text, scope_id uuid, handler text, "
    "order int8, variables text",
    'ON CONFLICT (id) DO UPDATE SET "order" = excluded."order", variables = excluded.variables,'
    " scope_id = excluded.scope_id, handler = excluded.handler",
    key=1,
)
DROP_COMPENSABLE = _of_columns("DELETE FROM engine_compensable WHERE id = ANY(%b::uuid[])")
COMPENSATION = _insertion(
    "engine_compensation",
    "id uuid, unit_id uuid, instance_id uuid, of_scope_id uuid, element text, order int8",
)
DROP_COMPENSATION = _of_columns("DELETE FROM engine_compensation WHERE id = ANY(%b::uuid[])")
ACTIVATION = _insertion(
    "engine_activation",
    "scope_id uuid, element text, unit_id uuid, instance_id uuid, flows text[]",
    "ON CONFLICT (scope_id, element) DO UPDATE SET flows = excluded.flows",
    key=2,
)
DROP_ACTIVATION = Statement(
    "DELETE FROM engine_activation a USING unnest(%b::uuid[], %b::text[]) AS v(scope_id, element)"
    " WHERE a.scope_id = v.scope_id AND a.element = v.element",
    key=2,
)

DELIVERY = _insertion(
    "engine_delivery",
    "id uuid, unit_id uuid, kind text, source_id uuid, target_id uuid, activity uuid, "
    "process_id uuid, element text, name text, key text, binding text, version_tag text, "
    "text text, variables text, at timestamptz",
)
DROP_DELIVERY = _of_columns("DELETE FROM engine_delivery WHERE id = ANY(%b::uuid[])")
#: Who begins to wait and who keeps a message see each other: one of them comes second.
AWAIT_MESSAGE = Statement(
    "SELECT pg_advisory_xact_lock_shared(hashtextextended(v.unit_id || v.name, 0))"
    " FROM unnest(%b::uuid[], %b::text[]) AS v(unit_id, name)",
    key=2,
)
KEEP_MESSAGE = "SELECT pg_advisory_xact_lock(hashtextextended(%s::uuid || %s::text, 0))"
WAKE_MESSAGES = Statement(
    "UPDATE engine_queueentry q SET due_at = engine_now() WHERE q.id IN ("
    "SELECT e.id FROM engine_delivery d JOIN engine_queueentry e ON e.id = d.id"
    " JOIN unnest(%b::uuid[], %b::text[]) AS v(unit_id, name)"
    " ON d.unit_id = v.unit_id AND d.name = v.name"
    " WHERE d.kind = 'MESSAGE' AND d.until IS NOT NULL ORDER BY e.id FOR UPDATE OF e)",
    key=2,
)

USER_TASK = _insertion(
    "engine_usertask",
    "id uuid, unit_id uuid, instance_id uuid, element text, name text, token uuid, state "
    "text, holder text, assignee_id uuid, candidate_persons uuid[], candidate_groups "
    "text[], unresolved text[], due_at timestamptz, priority int4, quorum int4, "
    "created_at timestamptz",
)
HOLD_USER_TASK = _of_columns(
    "UPDATE engine_usertask t SET holder = v.holder, assignee_id = v.person"
    " FROM unnest(%b::uuid[], %b::text[], %b::uuid[]) AS v(id, holder, person) WHERE t.id = v.id"
)
VOTE = _of_columns(
    "UPDATE engine_usertask t SET votes = t.votes || v.vote::jsonb"
    " FROM unnest(%b::uuid[], %b::text[]) AS v(id, vote) WHERE t.id = v.id"
)
END_USER_TASK = _of_columns(
    "UPDATE engine_usertask t SET state = v.state, ended_at = v.at, completed_by_id = v.person,"
    " decision = v.decision"
    " FROM unnest(%b::uuid[], %b::text[], %b::timestamptz[], %b::uuid[], %b::text[])"
    " AS v(id, state, at, person, decision) WHERE t.id = v.id"
)

JOB = _insertion(
    "engine_job",
    "id uuid, unit_id uuid, instance_id uuid, element text, name text, token uuid, "
    "job_type text, listener text, generation int4, state text, max_attempts int4, "
    "created_at timestamptz, deadline_at timestamptz, starts int2",
    # A visit's listeners and its own work follow one another in one row.
    "ON CONFLICT (id) DO UPDATE SET token = excluded.token, job_type = excluded.job_type,"
    " listener = excluded.listener, generation = excluded.generation, state = excluded.state,"
    " attempts = 0, stalls = 0, starts = excluded.starts, next_at = NULL, ended_at = NULL,"
    " max_attempts = excluded.max_attempts, created_at = excluded.created_at,"
    " deadline_at = excluded.deadline_at",
    key=1,
)
CHANGE_JOB = _of_columns(
    "UPDATE engine_job j SET state = v.state, attempts = coalesce(v.attempts, j.attempts),"
    " stalls = coalesce(v.stalls, j.stalls), starts = 0, next_at = v.next_at,"
    " deadline_at = v.deadline_at, ended_at = v.ended_at"
    " FROM unnest(%b::uuid[], %b::text[], %b::int[], %b::int[], %b::timestamptz[],"
    " %b::timestamptz[], %b::timestamptz[])"
    " AS v(id, state, attempts, stalls, next_at, deadline_at, ended_at) WHERE j.id = v.id"
)
INCIDENT = _insertion(
    "engine_incident",
    "id uuid, unit_id uuid, instance_id uuid, token uuid, element text, name text, "
    "activity uuid, code text, cause text, raised_at timestamptz",
)
RESOLVE_INCIDENT = _of_columns(
    "UPDATE engine_incident n SET resolved_at = v.at, resolution = v.resolution"
    " FROM unnest(%b::uuid[], %b::timestamptz[], %b::text[]) AS v(id, at, resolution)"
    " WHERE n.id = v.id"
)

#: As they are sent: the queue before all rows; of what is alive, what is gone before what is new;
#: of history, an insertion before what may change its row.
IN_ORDER: tuple[Statement, ...] = (
    QUEUE,
    BEGUN,
    DROP_ENTRY,
    EMPTY_QUEUE,
    PARK,
    NEW_INSTANCE,
    INSTANCE,
    JOURNAL,
    PAYLOAD,
    LARGE_VALUE,
    DROP_SCOPE,
    SCOPE,
    DROP_VARIABLES,
    VARIABLE,
    DROP_TOKEN,
    TOKEN,
    DROP_TIMER,
    TIMER,
    DROP_SUBSCRIPTION,
    AWAIT_MESSAGE,
    SUBSCRIPTION,
    WAKE_MESSAGES,
    DROP_LOOP,
    LOOP,
    DROP_LOOP_ITEMS,
    LOOP_ITEM,
    DROP_CALL,
    CALL,
    DROP_COMPENSABLE,
    COMPENSABLE,
    DROP_COMPENSATION,
    COMPENSATION,
    DROP_ACTIVATION,
    ACTIVATION,
    DROP_DELIVERY,
    DELIVERY,
    USER_TASK,
    HOLD_USER_TASK,
    VOTE,
    END_USER_TASK,
    JOB,
    CHANGE_JOB,
    INCIDENT,
    RESOLVE_INCIDENT,
)


@dataclass(slots=True)
class Page:
    """The rows that one transaction writes, by statement, in the order they are sent."""

    rows: dict[Statement, dict[Row, Row]] = field(
        default_factory=lambda: {statement: {} for statement in IN_ORDER}
    )
    soon: bool = False

    def put(self, statement: Statement, *row: Any) -> None:
        """Add one row to a statement; it takes the place of an earlier one with its key."""
        rows = self.rows[statement]
        rows[row[: statement.key] or (len(rows),)] = row

    def write(self) -> dict[Statement, list[Row]]:
        """Send everything in one go; return the rows that the statements gave back."""
        sent = {statement: rows for statement, rows in self.rows.items() if rows}
        queries = [statement.query(list(rows.values())) for statement, rows in sent.items()]
        if self.soon:
            queries.append((NOTIFY, ()))
        return dict(zip(sent, prepared.run(*queries), strict=False)) if queries else {}
