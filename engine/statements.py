"""The statements that write a run. Many rows each, so their number does not grow with the work.

Two shapes: an INSERT with a list of VALUES, which may update where the row exists; and one that
takes its columns as arrays (`unnest`), for updates and deletions of many rows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL for any number of rows. `head` ends where VALUES stand; `tail` follows them.

    `key` is how many columns say which row of the table it is: of two for one row the later counts,
    as PostgreSQL would refuse both in one statement.
    """

    head: str
    tail: str = ""
    many: bool = True
    key: int = 0

    def render(self, rows: Sequence[Row]) -> tuple[str, list[Any]]:
        """Return the text and its values for these rows."""
        if not self.many:
            return self.head, [list(column) for column in zip(*rows, strict=True)]
        one = f"({', '.join(['%s'] * len(rows[0]))})"
        text = f"{self.head} VALUES {', '.join([one] * len(rows))} {self.tail}"
        return text, [value for row in rows for value in row]


def _of_columns(text: str) -> Statement:
    return Statement(text, many=False, key=1)


_UNPARKED = "engine_queueentry.due_at >= '9999-01-01' AND excluded.due_at < '9999-01-01'"
QUEUE = Statement(
    "INSERT INTO engine_queueentry (id, unit_id, instance_id, kind, shard, queue, target, due_at)",
    # What a pause had parked may be in a worker's hands: its lease stays. Any other has just come
    # back from one, whose lease is over: it cannot say the same thing twice.
    "ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at,"
    # A retry does not see what is called; that stays as it was.
    " target = coalesce(nullif(excluded.target, 0), engine_queueentry.target),"
    " held_for = NULL, held_since = NULL,"
    f" lease_until = CASE WHEN {_UNPARKED} THEN engine_queueentry.lease_until END,"
    f" lease_epoch = CASE WHEN {_UNPARKED} THEN engine_queueentry.lease_epoch ELSE 0 END",
    key=1,
)
DROP_ENTRY = _of_columns("DELETE FROM engine_queueentry WHERE id = ANY(%s::uuid[])")
EMPTY_QUEUE = _of_columns("DELETE FROM engine_queueentry WHERE instance_id = ANY(%s::uuid[])")
PARK = _of_columns(
    "UPDATE engine_queueentry SET due_at = '9999-01-01 00:00:00+00'"
    " WHERE instance_id = ANY(%s::uuid[])"
)
NOTIFY = "SELECT pg_notify('engine_queue', '')"

NEW_INSTANCE = Statement(
    "INSERT INTO engine_instance (id, unit_id, process_id, deployment_id, number, title,"
    " business_key, status, state, seq, transitions, head_hash, started_by_id,"
    " started_by_account_id, started_at, ended_at, last_activity_at, parent_id, parent_activity,"
    " depth, schema)"
)
INSTANCE = _of_columns(
    "UPDATE engine_instance i SET status = v.status, state = v.state, seq = v.seq,"
    " transitions = v.transitions, head_hash = v.head_hash, ended_at = v.ended_at,"
    " last_activity_at = v.at, schema = v.schema"
    " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[],"
    " %s::timestamptz[], %s::timestamptz[], %s::smallint[])"
    " AS v(id, status, state, seq, transitions, head_hash, ended_at, at, schema)"
    " WHERE i.id = v.id"
)
JOURNAL = Statement(
    "INSERT INTO engine_journalrow (at, instance_id, seq_from, seq_to, unit_id, actor_kind,"
    " actor_name, actor_person_id, actor_account_id, cause, state, schema, events, prev_hash, hash)"
)
PAYLOAD = Statement("INSERT INTO engine_payload (at, instance_id, seq_from, unit_id, salt, values)")

SCOPE = Statement(
    "INSERT INTO engine_scope (id, unit_id, instance_id, parent_id, owner_id, element, live)",
    # A scope that is undone is opened again under its id, elsewhere.
    "ON CONFLICT (id) DO UPDATE SET live = excluded.live, parent_id = excluded.parent_id,"
    " owner_id = excluded.owner_id, element = excluded.element",
    key=1,
)
DROP_SCOPE = _of_columns("DELETE FROM engine_scope WHERE id = ANY(%s::uuid[])")
VARIABLE = Statement(
    "INSERT INTO engine_variable (scope_id, name, unit_id, instance_id, value)",
    "ON CONFLICT (scope_id, name) DO UPDATE SET value = excluded.value",
    key=2,
)
DROP_VARIABLES = _of_columns("DELETE FROM engine_variable WHERE scope_id = ANY(%s::uuid[])")
TOKEN = Statement(
    "INSERT INTO engine_token"
    " (id, unit_id, instance_id, at, scope_id, status, activity, since, resumes, item, listened)",
    "ON CONFLICT (id) DO UPDATE SET at = excluded.at, scope_id = excluded.scope_id,"
    " status = excluded.status, activity = excluded.activity, since = excluded.since,"
    " resumes = excluded.resumes, item = excluded.item, listened = excluded.listened",
    key=1,
)
DROP_TOKEN = _of_columns("DELETE FROM engine_token WHERE id = ANY(%s::uuid[])")

TIMER = Statement(
    "INSERT INTO engine_timer"
    " (id, unit_id, instance_id, element, activity, token, due_at, cycle, remaining, joint)"
)
DROP_TIMER = _of_columns("DELETE FROM engine_timer WHERE id = ANY(%s::uuid[])")
SUBSCRIPTION = Statement(
    "INSERT INTO engine_messagesubscription"
    " (id, unit_id, process_id, instance_id, element, activity, token, kind, name, key, joint,"
    " ordinal, met, since)",
    "ON CONFLICT (id) DO UPDATE SET met = excluded.met",
    key=1,
)
DROP_SUBSCRIPTION = _of_columns("DELETE FROM engine_messagesubscription WHERE id = ANY(%s::uuid[])")

LOOP = Statement(
    "INSERT INTO engine_loop (id, unit_id, instance_id, element, total, started, ended)",
    "ON CONFLICT (id) DO UPDATE SET started = excluded.started, ended = excluded.ended",
    key=1,
)
DROP_LOOP = _of_columns("DELETE FROM engine_loop WHERE id = ANY(%s::uuid[])")
LOOP_ITEM = Statement(
    "INSERT INTO engine_loopitem (loop_id, number, unit_id, instance_id, item, output)",
    "ON CONFLICT (loop_id, number) DO UPDATE SET output = excluded.output",
    key=2,
)
DROP_LOOP_ITEMS = _of_columns("DELETE FROM engine_loopitem WHERE loop_id = ANY(%s::uuid[])")
CALL = Statement(
    "INSERT INTO engine_call (id, unit_id, instance_id, element, token, child_id)",
    "ON CONFLICT (id) DO UPDATE SET child_id = excluded.child_id",
    key=1,
)
DROP_CALL = _of_columns("DELETE FROM engine_call WHERE id = ANY(%s::uuid[])")
COMPENSABLE = Statement(
    'INSERT INTO engine_compensable (id, unit_id, instance_id, element, scope_id, handler, "order",'
    " variables)",
    'ON CONFLICT (id) DO UPDATE SET "order" = excluded."order", variables = excluded.variables,'
    " scope_id = excluded.scope_id, handler = excluded.handler",
    key=1,
)
DROP_COMPENSABLE = _of_columns("DELETE FROM engine_compensable WHERE id = ANY(%s::uuid[])")
COMPENSATION = Statement(
    'INSERT INTO engine_compensation (id, unit_id, instance_id, of_scope_id, element, "order")'
)
DROP_COMPENSATION = _of_columns("DELETE FROM engine_compensation WHERE id = ANY(%s::uuid[])")
ACTIVATION = Statement(
    "INSERT INTO engine_activation (scope_id, element, unit_id, instance_id, flows)",
    "ON CONFLICT (scope_id, element) DO UPDATE SET flows = excluded.flows",
    key=2,
)
DROP_ACTIVATION = Statement(
    "DELETE FROM engine_activation a USING unnest(%s::uuid[], %s::text[]) AS v(scope_id, element)"
    " WHERE a.scope_id = v.scope_id AND a.element = v.element",
    many=False,
    key=2,
)

DELIVERY = Statement(
    "INSERT INTO engine_delivery (id, unit_id, kind, source_id, target_id, activity, process_id,"
    " element, name, key, binding, version_tag, text, variables, at)"
)
DROP_DELIVERY = _of_columns("DELETE FROM engine_delivery WHERE id = ANY(%s::uuid[])")
#: Who begins to wait and who keeps a message see each other: one of them comes second.
AWAIT_MESSAGE = Statement(
    "SELECT pg_advisory_xact_lock_shared(hashtextextended(v.unit_id || v.name, 0))"
    " FROM unnest(%s::uuid[], %s::text[]) AS v(unit_id, name)",
    many=False,
    key=2,
)
KEEP_MESSAGE = "SELECT pg_advisory_xact_lock(hashtextextended(%s::uuid || %s::text, 0))"
WAKE_MESSAGES = Statement(
    "UPDATE engine_queueentry q SET due_at = engine_now() WHERE q.id IN ("
    "SELECT e.id FROM engine_delivery d JOIN engine_queueentry e ON e.id = d.id"
    " JOIN unnest(%s::uuid[], %s::text[]) AS v(unit_id, name)"
    " ON d.unit_id = v.unit_id AND d.name = v.name"
    " WHERE d.kind = 'MESSAGE' AND d.until IS NOT NULL ORDER BY e.id FOR UPDATE OF e)",
    many=False,
    key=2,
)

USER_TASK = Statement(
    "INSERT INTO engine_usertask (id, unit_id, instance_id, element, name, token, state, holder,"
    " assignee_id, candidate_persons, candidate_groups, unresolved, due_at, priority, quorum,"
    " created_at)"
)
HOLD_USER_TASK = _of_columns(
    "UPDATE engine_usertask t SET holder = v.holder, assignee_id = v.person"
    " FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS v(id, holder, person) WHERE t.id = v.id"
)
VOTE = _of_columns(
    "UPDATE engine_usertask t SET votes = t.votes || v.vote::jsonb"
    " FROM unnest(%s::uuid[], %s::text[]) AS v(id, vote) WHERE t.id = v.id"
)
END_USER_TASK = _of_columns(
    "UPDATE engine_usertask t SET state = v.state, ended_at = v.at, completed_by_id = v.person,"
    " decision = v.decision"
    " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::uuid[], %s::text[])"
    " AS v(id, state, at, person, decision) WHERE t.id = v.id"
)

JOB = Statement(
    "INSERT INTO engine_job (id, unit_id, instance_id, element, name, token, job_type, listener,"
    " generation, state, max_attempts, created_at, deadline_at)",
    # A visit's listeners and its own work follow one another in one row.
    "ON CONFLICT (id) DO UPDATE SET token = excluded.token, job_type = excluded.job_type,"
    " listener = excluded.listener, generation = excluded.generation, state = excluded.state,"
    " attempts = 0, stalls = 0, starts = 0, next_at = NULL, ended_at = NULL,"
    " max_attempts = excluded.max_attempts, created_at = excluded.created_at,"
    " deadline_at = excluded.deadline_at",
    key=1,
)
CHANGE_JOB = _of_columns(
    "UPDATE engine_job j SET state = v.state, attempts = coalesce(v.attempts, j.attempts),"
    " stalls = coalesce(v.stalls, j.stalls), starts = 0, next_at = v.next_at,"
    " deadline_at = v.deadline_at, ended_at = v.ended_at"
    " FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[], %s::timestamptz[],"
    " %s::timestamptz[], %s::timestamptz[])"
    " AS v(id, state, attempts, stalls, next_at, deadline_at, ended_at) WHERE j.id = v.id"
)
INCIDENT = Statement(
    "INSERT INTO engine_incident (id, unit_id, instance_id, token, element, name, activity, code,"
    " cause, raised_at)"
)
RESOLVE_INCIDENT = _of_columns(
    "UPDATE engine_incident n SET resolved_at = v.at, resolution = v.resolution"
    " FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS v(id, at, resolution)"
    " WHERE n.id = v.id"
)

#: As they are sent: the queue before all rows; of what is alive, what is gone before what is new;
#: of history, an insertion before what may change its row.
IN_ORDER: tuple[Statement, ...] = (
    QUEUE,
    DROP_ENTRY,
    EMPTY_QUEUE,
    PARK,
    NEW_INSTANCE,
    INSTANCE,
    JOURNAL,
    PAYLOAD,
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

    def write(self) -> None:
        """Send everything in one go."""
        texts, values = [], []
        for statement, rows in self.rows.items():
            if rows:
                text, given = statement.render(list(rows.values()))
                texts.append(text)
                values += given
        if self.soon:
            texts.append(NOTIFY)
        if texts:
            with connection.cursor() as cursor:
                cursor.execute(";\n".join(texts), values)
