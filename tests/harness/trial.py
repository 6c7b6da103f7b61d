"""One trial: a fresh database, a mix of runs, faults of some kinds, then calm, then the checker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

from config import databases
from config.supervisor import places
from tests.harness import checker, diary, mix, probes, proxy, sink, web
from tests.harness.armed import Orders
from tests.harness.checker import Evidence
from tests.harness.ground import Ground, free_port
from tests.harness.mix import Model
from tests.harness.nursery import Crowd, Nursery
from tests.harness.play import Play, Report, Stage, Trial
from tests.harness.staff import Staff, staffed
from tests.harness.visits import Visited


def run(trial: Trial, stage: Stage) -> Report:
    """Play a trial in this process, which was forked for it."""
    began = time.monotonic()
    port = free_port()
    log = stage.folder / "sink.log"
    log.touch()
    # Whoever listens there is forked later, again and again.
    stage.door = web.opened() if trial.webs else None
    nursery = Nursery(stage.folder / "forked.log")
    _fork(sink.run, port, log, stage.tally, trial.bad, stage.seed)
    stage.ground.database(stage.database)
    url = stage.ground.url("owner", stage.database)
    connection.settings_dict.update(databases.database(url, "owner"))
    orders = _orders(trial, stage)
    with staffed(stage.seed, _models(trial, stage.seed), port) as (staff, deployments):
        report = Report(trial.name)
        report.violations += _probed(trial, staff)
        if trial.instances:
            nursery.warm(stage.url, staff.office.unit.pk, deployments)
            kind = Visited if trial.webs else Play
            _weather(kind(trial, stage, staff, nursery, orders), report)
        nursery.close()
    report.seconds = round(time.monotonic() - began, 1)
    return report


def _weather(play: Play, report: Report) -> None:
    """Have storm and calm, and look at what they leave."""
    stage, staff, trial = play.stage, play.staff, play.trial
    log = stage.folder / "sink.log"
    with _watched(stage.ground, stage.database) as health:
        before = health.connections()
        play.storm()
        report.calm = round(play.calm(), 1)
        play.nursery.staff(Crowd(play.orders, workers=0, sweepers=0))
        after = health.settled(before)
    evidence = Evidence(
        unit_id=staff.office.unit.pk,
        sink_log=log,
        started=staff.started,
        versions=staff.versions,
        cancelled=staff.cancelled,
        poison=frozenset({"poison"}),
        lease=2 * trial.lease,
        deadlocks=health.deadlocks,
        longest_idle=health.longest_idle,
        connections=(before, after),
        is_bloodless=trial.is_bloodless,
        last_words=_unforeseen(stage.folder / "forked.log"),
    )
    report.violations += [*play.complaints(), *map(str, checker.violations(evidence))]
    report.instances = len({one.key for one in staff.started})
    report.effects = len(checker.effects_of(log))
    report.faults = dict(sorted(play.tally.counts().items()))
    if trial.deaths:
        report.resumed = diary.resumed(stage.diary)


def _unforeseen(log: Path) -> str:
    """Return what forked processes said, but for warnings: they tell of what was done to them."""
    lines = log.read_text().splitlines()
    return "\n".join(line for line in lines if '"level": "warning"' not in line)


def _probed(trial: Trial, staff: Staff) -> list[str]:
    return [f"{name}: {wrong}" for name in trial.probes for wrong in probes.SCENES[name](staff)]


def _models(trial: Trial, seed: int) -> list[Model]:
    if trial.probes and not trial.instances:
        return [probes.PROBED]
    found = [one for one in mix.models(seed, trial.drawn) if one.key.startswith(trial.only)]
    found += [mix.visited()] if trial.webs else []
    return found + ([mix.poison()] if trial.poison else [])


def _orders(trial: Trial, stage: Stage) -> Orders:
    """Return how workers are treated; some go to the database by way of the proxy."""
    url = stage.url
    if trial.cuts:
        port = free_port()
        server = places.choose(stage.ground.home).postgres_socket / ".s.PGSQL.5432"
        _fork(proxy.run, port, server, stage.tally, trial.chance, trial.cuts)
        parts = urlsplit(url)
        secret = parts.netloc.rpartition("@")[0]
        url = urlunsplit((parts.scheme, f"{secret}@127.0.0.1:{port}", parts.path, "", ""))
    return Orders(
        url,
        str(stage.tally),
        stage.seed,
        lease=trial.lease,
        jump=trial.jumps,
        bells=trial.bells,
        diary=str(stage.diary) if trial.deaths else "",
        late=str(stage.late) if trial.late else "",
    )


def _fork(serve: Callable[..., None], *told: Any) -> None:
    """Let something serve in a process of its own for as long as this one lives."""
    if os.fork() == 0:
        try:
            serve(*told)
        finally:
            os._exit(0)


class _Health:
    """What PostgreSQL says of itself meanwhile."""

    def __init__(self, ground: Ground, database: str) -> None:
        self._ground = ground
        self._database = database
        self._seen = 0
        self.deadlocks = 0
        self.longest_idle = 0.0

    def look(self) -> None:
        """Look once."""
        row = self._row(
            "SELECT (SELECT deadlocks FROM pg_stat_database WHERE datname = %(name)s),"
            " (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)"
            "  FROM pg_stat_activity WHERE datname = %(name)s AND state LIKE 'idle in trans%%')"
        )
        deadlocks, idle = int(row[0] or 0), float(row[1])
        # The count begins again when the server was stopped at once.
        self.deadlocks += deadlocks - self._seen if deadlocks >= self._seen else deadlocks
        self._seen = deadlocks
        self.longest_idle = max(self.longest_idle, idle)

    def connections(self) -> int:
        """Return how many connections the trial's database has."""
        row = self._row(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = %(name)s AND backend_type = 'client backend'"
        )
        return int(row[0])

    def settled(self, wanted: int) -> int:
        """Return that number once it is what is wanted, or after a while."""
        until = time.monotonic() + 5
        while (found := self.connections()) > wanted and time.monotonic() < until:
            time.sleep(0.1)
        return found

    def _row(self, query: str) -> tuple[Any, ...]:
        with self._ground.superuser() as connection:
            row = connection.execute(query, {"name": self._database}).fetchone()
        return row or ()


@contextmanager
def _watched(ground: Ground, database: str) -> Iterator[_Health]:
    """Look at the server every half second, from a thread of its own."""
    health, over = _Health(ground, database), threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            try:
                health.look()
            except psycopg.Error:
                continue

    thread = threading.Thread(target=watch, name="health", daemon=True)
    thread.start()
    try:
        yield health
    finally:
        over.set()
        thread.join()


def as_document(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it."""
    return asdict(report)
