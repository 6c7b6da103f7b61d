"""One trial: a fresh database, a mix of runs, faults of some kinds, then calm, then the checker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from django.db.models import Sum

from config import databases
from config.supervisor import places
from engine.crash_points import Point
from engine.models.instances import Instance
from tests.harness import checker, mix, probes, proxy, sink
from tests.harness.armed import Orders
from tests.harness.checker import Evidence
from tests.harness.ground import Ground, free_port
from tests.harness.mix import Model
from tests.harness.muscle import Muscle
from tests.harness.nursery import Crowd, Nursery
from tests.harness.staff import Staff, persistently, staffed
from tests.harness.tally import Tally

#: So many runs are under way at once; more would only wait for each other.
_AT_ONCE = 60
_TURN = 0.1
_MOST_EXTRA = 4
STOP, FILL = "stop database", "fill disk"


@dataclass(frozen=True, slots=True)
class Trial:
    """How many runs there are, and what befalls them.

    `only` is what the keys of the processes begin with, `probes` are scenes played beforehand. It
    is given up when nothing has moved for `calm` seconds.

    Of kills: `kills` at each point, `random_kills` of forked processes at any time, `celery_kills`
    of real workers. `pauses` last longer than a lease. `cuts` are commits without an answer.
    """

    name: str
    instances: int
    kills: int = 0
    chance: float = 0.05
    random_kills: int = 0
    celery_kills: int = 0
    pauses: int = 0
    stops: int = 0
    flushes: int = 0
    fills: int = 0
    cuts: int = 0
    bad: float = 0.0
    poison: int = 0
    deploys: int = 0
    cancels: float = 0.0
    bells: int = 1
    workers: int = 4
    sweepers: int = 2
    drawn: int = 20
    only: str = ""
    probes: tuple[str, ...] = ()
    lease: float = 1.5
    calm: float = 10.0


@dataclass
class Report:
    """What was done, and what came of it."""

    name: str
    instances: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    effects: int = 0
    seconds: float = 0.0
    calm: float = 0.0
    violations: list[str] = field(default_factory=list)
    skipped: str = ""


@dataclass
class Stage:
    """Where a trial is played, and how it speaks to whoever leads all of them.

    `ask` has the leader do what only it can: stop the database and start it again.
    """

    ground: Ground
    folder: Path
    seed: int
    say: Callable[[str], None]
    ask: Callable[[str], None]

    @property
    def database(self) -> str:
        """Return the name of the trial's database."""
        return f"trial_{self.folder.name}"

    @property
    def tally(self) -> Path:
        """Return where faults are written down."""
        return self.folder / "tally"

    @property
    def url(self) -> str:
        """Return the address that a worker uses."""
        return self.ground.url("engine", self.database)


def run(trial: Trial, stage: Stage) -> Report:
    """Play a trial in this process, which was forked for it."""
    began = time.monotonic()
    port = free_port()
    log = stage.folder / "sink.log"
    log.touch()
    nursery = Nursery(stage.folder / "forked.log")
    _fork(sink.run, port, log, trial.bad, stage.seed)
    stage.ground.database(stage.database)
    url = stage.ground.url("owner", stage.database)
    connection.settings_dict.update(databases.database(url, "owner"))
    orders = _orders(trial, stage)
    with staffed(stage.seed, _models(trial, stage.seed), port) as (staff, deployments):
        report = Report(trial.name)
        report.violations += _probed(trial, staff)
        if trial.instances:
            nursery.warm(stage.url, staff.office.unit.pk, deployments)
            _weather(_Play(trial, stage, staff, nursery, orders), report)
        nursery.close()
    report.seconds = round(time.monotonic() - began, 1)
    return report


def _weather(play: _Play, report: Report) -> None:
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
        last_words=(stage.folder / "forked.log").read_text(),
    )
    report.violations += map(str, checker.violations(evidence))
    report.instances = len({one.key for one in staff.started})
    report.effects = len(checker.effects_of(log))
    report.faults = dict(sorted(play.tally.counts().items()))


def _probed(trial: Trial, staff: Staff) -> list[str]:
    return [f"{name}: {wrong}" for name in trial.probes for wrong in probes.SCENES[name](staff)]


class _Play:
    """The storm, and the calm after it."""

    def __init__(
        self,
        trial: Trial,
        stage: Stage,
        staff: Staff,
        nursery: Nursery,
        orders: Orders,
    ) -> None:
        self.trial = trial
        self.stage = stage
        self.staff = staff
        self.nursery = nursery
        self.orders = orders
        self.tally = Tally(stage.tally)
        self._chance = Random(f"{stage.seed}/play")  # noqa: S311  (no secret depends on it)
        self._models = list(staff.versions.values())
        self._muscle = self._celery()
        self._told = 0.0

    def storm(self) -> None:
        """Start runs and let faults befall them, until all of both have been."""
        trial = self.trial
        kill = {point.value: trial.chance for point in Point} if trial.kills else {}
        if kill:
            # Workers that look for themselves ring seldom.
            kill[Point.DOORBELL] = min(1.0, 10 * trial.chance)
        rough = replace(
            self.orders,
            kill=kill,
            most=trial.kills,
            stop=trial.chance if trial.pauses else 0.0,
            most_stops=trial.pauses,
        )
        rate = 10.0 if trial.random_kills else 0.0
        crowd = Crowd(rough, trial.workers, trial.sweepers, rate, trial.random_kills)
        self.nursery.staff(crowd)
        for _ in range(trial.poison):
            self.staff.start(mix.poison())
        while not self._is_through():
            self._turn()
        if self._muscle is not None:
            self._muscle.dismiss()

    def calm(self) -> float:
        """Let everything come to its end; return how many seconds that took."""
        began = moved = time.monotonic()
        passed = 0
        self.nursery.staff(Crowd(self.orders, self.trial.workers, self.trial.sweepers))
        while self._unfinished() and time.monotonic() - moved < self.trial.calm:
            if (now := persistently(_passed)) != passed:
                passed, moved = now, time.monotonic()
            self.staff.tend()
            time.sleep(_TURN)
            self._tell("calm")
        return time.monotonic() - began

    def _turn(self) -> None:
        unfinished = self._unfinished()
        for _ in range(min(10, _AT_ONCE - unfinished)):
            if self._count() >= _MOST_EXTRA * self.trial.instances:
                break
            self.staff.start(self._choose())
            self._perhaps_cancel()
        self.staff.tend()
        self._befall()
        self._tell("storm")
        time.sleep(_TURN)

    def _choose(self) -> Model:
        models = self._current()
        if self.trial.only:
            return self._chance.choice(models)
        return mix.choose(self._chance.randrange, models)

    def _befall(self) -> None:
        """Do those faults whose time has come, by how many runs there have been."""
        if self._muscle is not None:
            self._muscle.turn()
        if self._is_time("flush", self.trial.flushes):
            self.stage.ground.flush_broker()
            self.tally.note("flush")
        for fault, times in ((STOP, self.trial.stops), (FILL, self.trial.fills)):
            if self._is_time(fault, times):
                self.stage.ask(fault)
                self.tally.note(fault)
        if self._is_time("deploy", self.trial.deploys):
            self._deploy()
            self.tally.note("deploy")

    def _is_time(self, fault: str, wanted: int) -> bool:
        done = self.tally.counts()[fault]
        return done < wanted and self._count() * (wanted + 1) >= self.trial.instances * (done + 1)

    def _is_through(self) -> bool:
        trial = self.trial
        if self._count() >= _MOST_EXTRA * trial.instances:
            return True
        return self._count() >= trial.instances and not self._missing()

    def _missing(self) -> bool:
        """Tell whether a fault has not befallen anybody often enough."""
        trial, counts = self.trial, self.tally.counts()
        wanted = dict.fromkeys((f"kill worker {point}" for point in Point), trial.kills)
        wanted |= {"kill random": trial.random_kills, proxy.FAULT: trial.cuts}
        wanted |= {"pause": trial.pauses}
        celery = self._muscle.kills if self._muscle else 0
        return (
            any(counts[fault] < times for fault, times in wanted.items())
            or celery < trial.celery_kills
        )

    def _deploy(self) -> None:
        """Place what another process does as the next version of one."""
        drawn = [one for one in self._current() if one.key.startswith("drawn")]
        model = self._chance.choice(drawn)
        others = [one for one in drawn if one.xml != model.xml]
        if others:
            self.staff.deploy(replace(self._chance.choice(others), key=model.key))

    def _perhaps_cancel(self) -> None:
        if self._chance.random() < self.trial.cancels:
            self.staff.cancel(self._chance.choice(self.staff.started[-20:]).instance_id)

    def _current(self) -> list[Model]:
        """Return the newest version of each process."""
        newest = {model.key: model for model in self.staff.versions.values()}
        return [model for model in newest.values() if model.key != "poison"]

    def _celery(self) -> Muscle | None:
        if not self.trial.celery_kills:
            return None
        orders = replace(self.orders, who="celery")
        log = self.stage.folder / "celery.log"
        return Muscle(orders, log, self._chance, self.trial.celery_kills, every=0.5)

    def _count(self) -> int:
        return len(self.staff.started)

    def _unfinished(self) -> int:
        alive = Instance.objects.filter(ended_at=None).exclude(process__key="poison")
        return persistently(alive.count)

    def _tell(self, phase: str) -> None:
        now = time.monotonic()
        if now - self._told < 1:
            return
        self._told = now
        counts = self.tally.counts()
        faults = sum(counts.values())
        self.stage.say(
            f"{self.trial.name}: {phase}, {self._count()} started, "
            f"{self._unfinished()} under way, {faults} faults"
        )


def _models(trial: Trial, seed: int) -> list[Model]:
    if trial.probes and not trial.instances:
        return [probes.PROBED]
    found = [one for one in mix.models(seed, trial.drawn) if one.key.startswith(trial.only)]
    return found + ([mix.poison()] if trial.poison else [])


def _passed() -> int:
    """Return how many events all journals hold together."""
    return int(Instance.objects.aggregate(events=Sum("seq"))["events"] or 0)


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
    return Orders(url, str(stage.tally), stage.seed, lease=trial.lease, bells=trial.bells)


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
