"""What is alive in a run, read from its rows: all of it, or the part that a command needs.

The part is the line outwards (see `engine.semantics.needs`): how much is read does not depend on
how many others there are beside it. Rows are found by the tokens that were chosen: whatever waits
or works does so for the visit of one of them, and has its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from common.prepared import Query
from engine.semantics.commands import Command
from engine.semantics.needs import Needs, named

# Values are texts of JSON inside JSON: PostgreSQL must not touch their numbers.
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "scope": ("engine_scope", "id, parent_id, element, live"),
    "variable": ("engine_variable", "scope_id, name, value"),
    "token": (
        "engine_token",
        "id, at, scope_id, status, activity, since, resumes, item, listened",
    ),
    "user_task": ("engine_usertask", "id, element, token, holder, quorum, votes"),
    "job": (
        "engine_job",
        (
            "id, element, token, job_type, generation, attempts, stalls, state, next_at, listener,"
            " deadline_at"
        ),
    ),
    "timer": ("engine_timer", "id, element, activity, token, due_at, cycle, remaining, joint"),
    "subscription": (
        "engine_messagesubscription",
        "id, element, activity, token, name, key, kind, joint, ordinal, met",
    ),
    "incident": ("engine_incident", "id, token, element, activity, code, cause"),
    "loop": ("engine_loop", "id, element, total, started, ended"),
    "round": ("engine_loopitem", "loop_id, number, item, output"),
    "call": ("engine_call", "id, element, token, child_id"),
    "compensable": (
        "engine_compensable",
        'id, element, scope_id, handler, "order", variables',
    ),
    "compensation": ("engine_compensation", 'id, of_scope_id, element, "order"'),
    "activation": ("engine_activation", "scope_id, element, flows"),
}


def _each(source: str, kind: str, condition: str, *, told: str = "") -> str:
    """Return what reads the rows of a kind for each row of a source.

    OFFSET 0 keeps PostgreSQL from joining a whole table to the few rows that we name, as it would
    while its tables are small, and go on to do in a plan that was made then.
    """
    table, columns = _COLUMNS[kind]
    return f"""
SELECT w.instance_id, '{told or kind}', found.* FROM {source} AS w CROSS JOIN LATERAL (
    SELECT json_build_array({columns}) FROM {table} WHERE {condition} OFFSET 0) AS found
"""  # noqa: S608  (of this module's constants)


def _all(*selects: str) -> str:
    return "UNION ALL".join(selects)


_OPEN = "id = w.id AND state = 'OPEN'"
_UNDONE = "id = w.id AND state IN ('PENDING', 'FAILED')"
_OF_RUN = "instance_id = w.instance_id"
_OF_VISIT = "instance_id = w.instance_id AND activity = w.id"

# Work that is done keeps its row, so open work is found by the tokens that wait for it.
WHOLE = """
WITH runs AS (SELECT unnest(%(whole)s::uuid[]) AS instance_id
), visits AS MATERIALIZED (
    SELECT runs.instance_id, t.activity AS id FROM runs CROSS JOIN LATERAL (
        SELECT activity FROM engine_token t
        WHERE t.instance_id = runs.instance_id AND t.activity IS NOT NULL OFFSET 0) AS t
)
""" + _all(  # noqa: S608  (of this module's constants)
    _each("runs", "scope", _OF_RUN),
    _each("runs", "variable", _OF_RUN),
    _each("runs", "token", _OF_RUN),
    _each("visits", "user_task", _OPEN),
    _each("visits", "job", _UNDONE),
    _each("runs", "timer", _OF_RUN),
    _each("runs", "subscription", _OF_RUN),
    _each("runs", "incident", f"{_OF_RUN} AND resolution = ''"),
    _each("runs", "loop", _OF_RUN),
    _each("runs", "round", f"{_OF_RUN} ORDER BY loop_id, number", told="loop_item"),
    _each("runs", "call", _OF_RUN),
    _each("runs", "compensable", _OF_RUN),
    _each("runs", "compensation", _OF_RUN),
    _each("runs", "activation", _OF_RUN),
)

# The line is walked by scopes: around each lies its parent, and the scope of the token that holds
# it open. A run that was cut short is about to move anywhere: of it, everything is read.
PART = """
WITH RECURSIVE named(token, scope) AS MATERIALIZED (
    SELECT found.* FROM unnest(%(named)s::uuid[]) AS w(id) CROSS JOIN LATERAL (
        SELECT u.token, NULL::uuid FROM engine_usertask u WHERE u.id = w.id
        UNION SELECT j.token, NULL FROM engine_job j WHERE j.id = w.id
        UNION SELECT c.token, NULL FROM engine_call c WHERE c.id = w.id
        UNION SELECT n.token, NULL FROM engine_incident n WHERE n.id = w.id
        UNION SELECT d.token, d.activity FROM engine_timer d WHERE d.id = w.id
        UNION SELECT m.token, m.activity FROM engine_messagesubscription m WHERE m.id = w.id
        UNION SELECT NULL, s.id FROM engine_scope s WHERE s.id = w.id) AS found
), line(scope) AS (
    (SELECT unnest(%(parts)s::uuid[])
    UNION SELECT scope FROM named WHERE scope IS NOT NULL
    UNION SELECT t.scope_id FROM named CROSS JOIN LATERAL (
        SELECT t.scope_id FROM engine_token t WHERE t.id = named.token OFFSET 0) AS t)
    UNION
    SELECT around.scope FROM line
    CROSS JOIN LATERAL (
        SELECT s.parent_id, s.owner_id FROM engine_scope s WHERE s.id = line.scope OFFSET 0) AS s
    LEFT JOIN LATERAL (
        SELECT t.scope_id FROM engine_token t WHERE t.id = s.owner_id OFFSET 0) AS t ON true
    CROSS JOIN LATERAL (VALUES (s.parent_id), (t.scope_id)) AS around(scope)
    WHERE around.scope IS NOT NULL
), scopes AS MATERIALIZED (
    SELECT s.* FROM line CROSS JOIN LATERAL (
        SELECT s.id, s.instance_id, s.element, s.owner_id FROM engine_scope s
        WHERE s.id = line.scope OFFSET 0) AS s
), joined AS (
    SELECT s.instance_id, s.id FROM scopes s
    JOIN unnest(%(joining)s::uuid[], %(levels)s::text[]) AS w(instance_id, level)
        ON w.instance_id = s.instance_id
        AND w.level = CASE WHEN s.id = s.instance_id THEN '' ELSE s.element END
), here(token) AS (
    SELECT token FROM named
    UNION SELECT owner_id FROM scopes
    UNION SELECT t.id FROM joined CROSS JOIN LATERAL (
        SELECT t.id FROM engine_token t
        WHERE t.instance_id = joined.instance_id AND t.scope_id = joined.id
            -- What is gone through or undone in a scope does not join.
            AND NOT EXISTS (SELECT FROM engine_loop l WHERE l.id = joined.id)
            AND NOT EXISTS (SELECT FROM engine_compensation o WHERE o.id = joined.id)
        OFFSET 0) AS t
), tokens AS MATERIALIZED (
    SELECT t.* FROM here CROSS JOIN LATERAL (
        SELECT t.id, t.instance_id, t.scope_id, t.activity, t.item FROM engine_token t
        WHERE t.id = here.token OFFSET 0) AS t
), visits(instance_id, id) AS MATERIALIZED (
    SELECT instance_id, id FROM scopes
    UNION SELECT instance_id, activity FROM tokens WHERE activity IS NOT NULL
), loops AS MATERIALIZED (
    SELECT l.* FROM visits CROSS JOIN LATERAL (
        SELECT l.id, l.instance_id, l.started FROM engine_loop l
        WHERE l.id = visits.id OFFSET 0) AS l
), rounds(instance_id, loop_id, number) AS (
    -- The first says whether there is anything to go through.
    SELECT instance_id, id, 1 FROM loops UNION SELECT instance_id, id, started + 1 FROM loops
    UNION SELECT instance_id, scope_id, item FROM tokens WHERE item > 0
)
SELECT w.instance_id, 'elsewhere', json_build_array(
    EXISTS (SELECT FROM engine_queueentry q WHERE q.id = w.instance_id),
    EXISTS (SELECT FROM engine_incident n WHERE n.instance_id = w.instance_id
        AND n.resolution = '' AND n.token NOT IN (SELECT id FROM tokens)),
    EXISTS (SELECT FROM engine_queueentry q WHERE q.instance_id = w.instance_id
        AND q.kind = 'JOB' AND q.id NOT IN (SELECT id FROM visits)))
    FROM unnest(%(parts)s::uuid[]) AS w(instance_id)
UNION ALL""" + _all(  # noqa: S608  (of this module's constants)
    _each("visits", "scope", "id = w.id"),
    _each("visits", "variable", "scope_id = w.id"),
    _each("tokens", "token", "id = w.id"),
    _each("visits", "user_task", _OPEN),
    _each("visits", "job", _UNDONE),
    _each("visits", "timer", _OF_VISIT),
    _each("visits", "subscription", _OF_VISIT),
    _each("tokens", "incident", f"{_OF_RUN} AND token = w.id AND resolution = ''"),
    _each("loops", "loop", "id = w.id", told="loop_in_part"),
    _each("rounds", "round", "loop_id = w.loop_id AND number = w.number"),
    _each("visits", "call", "id = w.id"),
    _each("(SELECT unnest(%(recording)s::uuid[]) AS instance_id)", "compensable", _OF_RUN),
    _each("visits", "compensation", "id = w.id"),
    _each("visits", "activation", "scope_id = w.id"),
)


@dataclass(slots=True)
class Plan:
    """What to read of which runs: of some all, of others the part that a command needs."""

    whole: list[UUID]
    parts: list[tuple[UUID, UUID]]
    joining: list[tuple[UUID, str]]
    recording: list[UUID]

    @property
    def queries(self) -> list[Query]:
        """Return the statements; none where nothing is to be read."""
        part = {
            "parts": [part for part, _ in self.parts],
            "named": [name for _, name in self.parts],
            "joining": [part for part, _ in self.joining],
            "levels": [level for _, level in self.joining],
            "recording": self.recording,
        }
        wanted: list[Query] = [(PART, part)] if self.parts else []
        return [*wanted, (WHOLE, {"whole": self.whole})] if self.whole else wanted


def whole(instance_ids: Iterable[UUID]) -> Plan:
    """Return the plan that reads all of some runs."""
    return Plan(list(instance_ids), [], [], [])


def planned(asked: Mapping[UUID, Command], models: Mapping[UUID, Needs]) -> Plan:
    """Return what commands read of the runs they are for."""
    plan = whole(())
    for instance_id, needs in models.items():
        name = named(asked[instance_id])
        if name is None or needs.everything or needs.small:
            plan.whole.append(instance_id)
            continue
        plan.parts.append((instance_id, UUID(name) if name else instance_id))
        plan.joining += [(instance_id, level) for level in needs.siblings]
        if needs.records:
            plan.recording.append(instance_id)
    return plan
