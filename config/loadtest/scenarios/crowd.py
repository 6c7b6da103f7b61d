"""Very many runs that have ended: pages of their list, and a report that counts them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from config.loadtest.bench import Bench
from config.loadtest.figures import Bound, Row, percentile
from engine.loadtest import models, multiples
from engine.loadtest.floor import Floor
from engine.queries import clock
from engine.queries.instances import PAGE, RunFilter, list_runs
from governance.reports import usage

_SEEDS = 200
_PAGES = 40
#: What the report may take.
_REPORT_MS = 100.0
#: The runs are spread over so long, and pages of all of it are asked for.
_DAYS = 90
_RAW = """
SELECT id, number, title, state, started_at, ended_at, process_id, deployment_id, started_by_id
FROM engine_instance WHERE unit_id = %s AND started_at < %s
ORDER BY started_at DESC, id DESC LIMIT %s
"""


class Crowd:
    """Runs that the engine made and ended, multiplied in the database."""

    title = "Very many ended runs"

    def measure(self, bench: Bench) -> list[Row]:
        """Ask for pages, near and far, in turns with the bare query; and for the report."""
        floor, count = bench.floor, bench.size.finished
        _fill(floor, count)
        ours, theirs, reports = [], [], []
        for _turn in range(bench.size.turns):
            listed, raw, told = [], [], []
            for before in _places():
                raw.append(_raw(floor, before))
                listed.append(_listed(floor, before))
                told.append(_report(floor))
            ours.append(percentile(listed, 95))
            theirs.append(percentile(raw, 95))
            reports.append(percentile(told, 95))
        name = f"list of {count:,} ended runs, p95 v a bare keyset query"
        limit = [_REPORT_MS] * len(reports)
        title = f"report of usage over {count:,} ended runs, p95 v {_REPORT_MS:.0f} ms"
        return [
            Row("list", name, "ms", Bound(most=5, goal=3), ours, theirs),
            Row("report", title, "ms", Bound(most=1), reports, limit),
        ]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what asks for the pages and the report once more."""
        places = _places()

        def ask() -> None:
            for before in places:
                _listed(bench.floor, before)
                _report(bench.floor)

        return ask


def _fill(floor: Floor, count: int) -> None:
    deployment = floor.deploy(models.work())
    runs = [floor.start(deployment) for _run in range(min(_SEEDS, count))]
    for run, task in floor.open_tasks(*runs):
        floor.complete(run, task, deployment)
    floor.check(runs, 2 * len(runs))
    copies = count // len(runs) - 1
    earlier = f"- n * interval '{_DAYS} days' / {max(1, copies)}"
    columns = ("started_at", "ended_at", "last_activity_at")
    changed = {name: f"x.{name} {earlier}" for name in columns}
    multiples.multiply(multiples.RUN, runs, copies, **changed)
    floor.count_ended_runs()
    with connection.cursor() as cursor:
        # As autovacuum does, some time after so many rows.
        cursor.execute("VACUUM ANALYZE engine_instance, engine_endedrun, engine_runtally")


def _places() -> list[datetime]:
    """Return moments from the newest run to the oldest."""
    now = clock.engine_now()
    return [now - timedelta(days=_DAYS * place / _PAGES) for place in range(_PAGES)]


def _listed(floor: Floor, before: datetime) -> float:
    began = time.perf_counter()
    list_runs(actor=floor.person, unit_id=floor.unit_id, wanted=RunFilter(), before=before)
    return 1000 * (time.perf_counter() - began)


def _report(floor: Floor) -> float:
    began = time.perf_counter()
    usage.build(floor.unit_id, clock.engine_now())
    return 1000 * (time.perf_counter() - began)


def _raw(floor: Floor, before: datetime) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_RAW, [floor.unit_id, before, PAGE + 1])
        cursor.fetchall()
    return 1000 * (time.perf_counter() - began)
