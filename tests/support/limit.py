"""The batched limit: what PostgreSQL takes of the work of an advance, sent by one process.

One advance updates a row of 0.9 KB, inserts three rows of a journal and a job, and deletes a job.
Nothing of the engine is in the figure. Prints advances per second.
"""

from __future__ import annotations

import json
import os
import sys
import time

import psycopg

DSN = "LIMIT_DSN"
_INSTANCES = 20_000
_BATCH = 200
_STATE = json.dumps({"t": [1, 2, 3], "v": "ab12" * 224})
SCHEMA = f"""
CREATE SCHEMA load_limit; SET search_path = load_limit;
CREATE TABLE inst(id bigint PRIMARY KEY, defn int NOT NULL, status smallint NOT NULL,
    ver int NOT NULL, state jsonb NOT NULL, updated timestamptz NOT NULL) WITH (fillfactor=70);
CREATE TABLE journal(inst bigint NOT NULL, seq int NOT NULL, node int NOT NULL,
    kind smallint NOT NULL, at timestamptz NOT NULL, data jsonb, PRIMARY KEY(inst, seq));
CREATE TABLE job(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, inst bigint NOT NULL,
    node int NOT NULL, due timestamptz NOT NULL, locked_until timestamptz);
CREATE INDEX job_due ON job(due);
CREATE SEQUENCE jseq START 1500000000;
INSERT INTO inst SELECT g, 1, 0, 1, '{_STATE}', now() FROM generate_series(1, {_INSTANCES}) g;
INSERT INTO job(inst, node, due) SELECT g, 1, now() FROM generate_series(1, {_INSTANCES}) g;
"""  # noqa: S608  (of this module's constants)
#: One advance to one transaction, for pgbench.
ADVANCE = r"""
\set i random(1,20000)
BEGIN;
UPDATE inst SET ver=ver+1, status=0, updated=now(), state=jsonb_build_object('t',array[1,2,3],
 'v',repeat(md5((:i::bigint)::text),28)) WHERE id=:i::bigint;
INSERT INTO journal(inst,seq,node,kind,at,data) SELECT :i::bigint, nextval('jseq')::int, n,
 1::smallint, now(), '{"v":1}'::jsonb FROM generate_series(1,3) n;
WITH n AS (INSERT INTO job(inst,node,due) VALUES (:i::bigint,2,now()) RETURNING id)
 DELETE FROM job WHERE id=(SELECT id FROM n)-20000;
COMMIT;
"""
_UPDATE = (
    "UPDATE inst SET ver = inst.ver + 1, status = 0, updated = now(), state = u.s::jsonb"
    " FROM unnest(%b::bigint[], %s::text[]) u(id, s) WHERE inst.id = u.id"
)
_COPY = "COPY journal(inst, seq, node, kind, at, data) FROM STDIN"
_NEW = (
    "INSERT INTO job(inst, node, due) SELECT a, 2, now() FROM unnest(%b::bigint[]) u(a)"
    " RETURNING id"
)
_OLD = "DELETE FROM job WHERE id = ANY(%b::bigint[])"


def main(worker: int, workers: int, seconds: float, begin_at: float) -> None:
    """Send batches for so long from a moment on, of one share of the instances."""
    options = "-c synchronous_commit=on -c search_path=load_limit"
    with psycopg.connect(os.environ[DSN], options=options, prepare_threshold=1) as connection:
        ids = [one for one in range(1, _INSTANCES + 1) if one % workers == worker]
        # Spread over the table, in an order that is the same each time.
        ids.sort(key=lambda one: one * 7919 % _INSTANCES)
        time.sleep(max(0.0, begin_at - time.time()))
        began, done = time.perf_counter(), 0
        old: list[int] = []
        # Another range of numbers than any earlier run's.
        seq = int(time.time() * 1000) % 1_000_000_000
        while time.perf_counter() < began + seconds:
            first = done % (len(ids) - _BATCH)
            old = _batch(connection, ids[first : first + _BATCH], seq + 3 * done, old)
            done += _BATCH
        sys.stdout.write(f"{done / (time.perf_counter() - began)}\n")


def _batch(
    connection: psycopg.Connection[tuple[int]], ids: list[int], seq: int, old: list[int]
) -> list[int]:
    lines = [
        f'{one}\t{seq + 3 * place + node}\t{node}\t1\t2026-01-01 00:00:00+00\t{{"v":1}}\n'
        for place, one in enumerate(ids)
        for node in (1, 2, 3)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, (ids, [_STATE] * len(ids)))
        with cursor.copy(_COPY) as copy:
            copy.write("".join(lines))
        cursor.execute(_NEW, (ids,))
        new = [row[0] for row in cursor]
        if old:
            cursor.execute(_OLD, (old,))
    connection.commit()
    return new


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
