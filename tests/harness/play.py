"""The storm of a trial and the calm after it: what there is, what befalls it, until it is over."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)

from django.db.models import Sum

from engine.crash_points import Point
from engine.models.instances import Instance
from tests.harness import mix, proxy
from tests.harness.armed import Orders
from tests.harness.ground import Ground
from tests.harness.late import keep_bells, ring_late
from tests.harness.mix import Model
from tests.harness.muscle import Muscle
from tests.harness.nursery import Crowd, Nursery
from tests.harness.staff import Staff, persistently
from tests.harness.tally import Tally

#: So many runs are under way at once; more would only wait for each other.
AT_ONCE = 60
TURN = 0.1
MOST_EXTRA = 4
#: Where real workers die whose work is then to go on. They ring no doorbell that matters to it.
_DEADLY = tuple(point.value for point in Point if point is not Point.DOORBELL)
STOP, FILL = "stop database", "fill disk"


@dataclass(frozen=True, slots=True)
class Trial:
    """How many runs there are, and what befalls them.

    `only` is what the keys of the processes begin with, `probes` are scenes played beforehand. It
    is given up when nothing has moved for `calm` seconds.

    Of kills: `kills` at each point, `random_kills` of forked processes at any time, `celery_kills`
    of real workers. Where there are `webs`, people act through these, and they are who is killed.
    `deaths` of real workers at their points say how soon work goes on (see `diary`). `pauses` last
    longer than a lease. `cuts` are commits without an answer. At each point the clock of a process
    may jump, by the chance `jumps`. Doorbells come `late` by so many seconds.
    """

    name: str
    instances: int
    kills: int = 0
    chance: float = 0.05
    random_kills: int = 0
    celery_kills: int = 0
    deaths: int = 0
    webs: int = 0
    jumps: float = 0.0
    late: float = 0.0
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

    @property
    def is_bloodless(self) -> bool:
        """Tell whether nobody is killed here but by the work itself."""
        return not (self.kills or self.random_kills or self.celery_kills or self.deaths)


@dataclass
class Report:
    """What was done, and what came of it."""

    name: str
    instances: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    effects: int = 0
    seconds: float = 0.0
    calm: float = 0.0
    resumed: dict[str, float] = field(default_factory=dict)
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
    door: socket.socket | None = None

    @property
    def database(self) -> str:
        """Return the name of the trial's database."""
        return f"trial_{self.folder.name}"

    @property
    def tally(self) -> Path:
        """Return where faults are written down."""
        return self.folder / "tally"

    @property
    def diary(self) -> Path:
        """Return where claims and deaths are written down."""
        return self.folder / "diary"

    @property
    def late(self) -> Path:
        """Return where doorbells are kept that shall come late."""
        return self.folder / "late"

    @property
    def url(self) -> str:
        """Return the address that a worker uses."""
        return self.ground.url("engine", self.database)


class Play:
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
        self._muscle = self._celery()
        self._told = 0.0
        if trial.late:
            keep_bells(stage.late, self._chance)

    def storm(self) -> None:
        """Start runs and let faults befall them, until all of both have been."""
        trial = self.trial
        self.nursery.staff(self._rough())
        for _ in range(trial.poison):
            self.staff.start(mix.poison())
        while not self._is_through():
            self._turn()
        if self._muscle is not None:
            self._muscle.dismiss()

    def calm(self) -> float:
        """Let everything come to its end; return how many seconds that took."""
        began = time.monotonic()
        self.nursery.staff(self._gentle())
        if self._muscle is not None and (self.trial.late or not self.trial.workers):
            self._muscle = self._gentle_muscle()
        self._settle()
        if self.trial.late:
            self._ring_late()
            self._settle()
        if self._muscle is not None:
            self._muscle.dismiss()
        return time.monotonic() - began

    def _settle(self) -> None:
        """Wait until all is over, or until nothing has moved for long."""
        moved, passed = time.monotonic(), 0
        while self._unfinished() and time.monotonic() - moved < self.trial.calm:
            if (now := persistently(_passed)) != passed:
                passed, moved = now, time.monotonic()
            self._look_after()
            self._tell("calm")

    def _look_after(self) -> None:
        """Do what waits for people, and keep real workers at work."""
        self._tend()
        if self._muscle is not None:
            self._muscle.turn()
        time.sleep(TURN)

    def complaints(self) -> list[str]:
        """Return what those outside saw that should not be."""
        return []

    def _rough(self) -> Crowd:
        """Return who works in the storm."""
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
        return Crowd(rough, trial.workers, trial.sweepers, rate, trial.random_kills)

    def _gentle(self) -> Crowd:
        """Return who works in the calm."""
        return Crowd(self.orders, self.trial.workers, self.trial.sweepers)

    def _tend(self) -> None:
        self.staff.tend()

    def _ring_late(self) -> None:
        """Ring for what has long been done, and wait until everybody has heard it."""
        sent = 0
        for sent in ring_late(self.stage.late, self.trial.late):
            self._look_after()
            self._tell(f"late doorbells, {sent} rung")
        self.tally.note("late doorbell", sent)
        while self.stage.ground.messages():
            self._look_after()
        # Those that were taken last.
        time.sleep(1)

    def _turn(self) -> None:
        unfinished = self._unfinished()
        for _ in range(min(10, AT_ONCE - unfinished)):
            if self._count() >= MOST_EXTRA * self.trial.instances:
                break
            self.staff.start(self._choose())
            self._perhaps_cancel()
        self._tend()
        self._befall()
        self._tell("storm")
        time.sleep(TURN)

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
        if self._count() >= MOST_EXTRA * trial.instances:
            return True
        return self._count() >= trial.instances and not self._missing()

    def _missing(self) -> bool:
        """Tell whether a fault has not befallen anybody often enough."""
        trial, counts = self.trial, self.tally.counts()
        wanted = dict.fromkeys((f"kill worker {point}" for point in Point), trial.kills)
        wanted |= {"kill random": trial.random_kills, proxy.FAULT: trial.cuts}
        wanted |= {"pause": trial.pauses}
        wanted |= {f"kill celery {point}": self._deaths_each for point in _DEADLY}
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

    @property
    def _deaths_each(self) -> int:
        return -(-self.trial.deaths // len(_DEADLY))

    def _celery(self) -> Muscle | None:
        trial = self.trial
        if not (trial.celery_kills or trial.deaths or trial.late):
            return None
        orders = replace(self.orders, who="celery")
        if trial.deaths:
            kill = dict.fromkeys(_DEADLY, trial.chance)
            orders = replace(orders, kill=kill, most=self._deaths_each)
        log = self.stage.folder / "celery.log"
        return Muscle(orders, log, self._chance, trial.celery_kills, every=0.5)

    def _gentle_muscle(self) -> Muscle:
        log = self.stage.folder / "celery.log"
        return Muscle(replace(self.orders, who="celery"), log, self._chance, 0, every=0.5)

    def _count(self) -> int:
        return len({one.key for one in self.staff.started})

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


def _passed() -> int:
    """Return how many events all journals hold together."""
    return int(Instance.objects.aggregate(events=Sum("seq"))["events"] or 0)
