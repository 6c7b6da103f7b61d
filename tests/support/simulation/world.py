"""One simulation: a process, everybody who works at it, and one seed that decides all of it.

For a while everything goes wrong that may; then nothing does any more, and the process must come
to the end that the interpreter of its blocks names.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.semantics.environment import Limits
from engine.semantics.rows import Status
from tests.support.oracle import driver, interpreter
from tests.support.oracle.blocks import Block, Deadline, Hear, Race, Remind, parts_of
from tests.support.oracle.drawing import processes_of
from tests.support.oracle.trials import BUDGETS, START, picks
from tests.support.simulation import invariants
from tests.support.simulation.crew import WAITING, Crew, Doing
from tests.support.simulation.database import PARKED, Database
from tests.support.simulation.downstream import Downstream
from tests.support.simulation.faults import Fault, Faults
from tests.support.simulation.invariants import Violation, Watcher
from tests.support.simulation.people import ROOT, People

_WORKERS = 3
_TICK = timedelta(microseconds=1)
_TROUBLED = 40
"""Steps at least in which faults happen."""
_ENDLESS = 20_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated: a process, the order of everything, and what may go wrong."""

    block: Block
    order: int
    faults: frozenset[Fault]


@dataclass(slots=True)
class Hand:
    """A process of the system: what it does, and until when it stands still."""

    doing: Doing | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """What a simulation came to: equal where all that was decided is equal."""

    digest: str
    steps: int
    happened: tuple[Fault, ...]


class World:
    """The processes of the system, the broker between them, and the time."""

    def __init__(self, scenario: Scenario, engine: Engine) -> None:
        self.scenario = scenario
        self.pick = picks(scenario.order)
        self.faults = Faults(scenario.faults, self.pick)
        self.watcher = Watcher()
        self.database = engine.database(self.watcher.look)
        self.downstream = Downstream(self.faults, self.pick)
        self.bells: list[str] = []
        self.expected = interpreter.outcome(scenario.block, START)
        blocks = list(_all(scenario.block))
        self.crew = engine.crew(
            self.database,
            self.watcher,
            self.downstream,
            self.faults,
            self.ring,
            self.pick,
            processes_of(scenario.block),
            driver.answers_of(scenario.block),
            Limits(budget=BUDGETS[self.pick(len(BUDGETS))]),
        )
        messages = {block.id: block for block in blocks if isinstance(block, Hear)}
        due = Counter({name: self.expected.visited[name] for name in messages})
        self.people = People(self.crew, messages, due)
        self.hands = [Hand() for _ in range(_WORKERS + 1)]
        """The last one is that of the people: a web process."""
        self.steps = 0

    def played(self) -> Played:
        """Go on until nothing can happen any more, and judge it."""
        troubled = _TROUBLED + self.pick(2 * _TROUBLED)
        while (goes_on := self._step()) or not self.faults.is_over:
            self.steps += 1
            self.faults.is_over |= not goes_on or self.steps >= troubled
            if self.steps > _ENDLESS:
                raise Violation("it goes on for ever")
        self._judge()
        return Played(self._digest(), self.steps, tuple(self.faults.happened))

    # The broker and the time

    def ring(self, entries: list[str]) -> None:
        """Send doorbells; whether they are heard, how often and when is another question."""
        for entry in entries:
            if self.faults.happens(Fault.BELL_LOST):
                continue
            doubled = self.faults.happens(Fault.BELL_DOUBLED)
            self.bells += [entry] * (2 + self.pick(3) if doubled else 1)

    def sweep(self) -> bool:
        """Ring for everything that is due and in nobody's hands, and tell whether there was any."""
        due = [one.id for one in self.database.queue.values() if self.database.is_free(one)]
        self.bells += due
        return bool(due)

    def _time_passes(self) -> bool:
        """Go to the next moment at which something can happen; False when there is none."""
        now = self.database.now
        moments = [one.due_at for one in self.database.queue.values()]
        moments += [
            one.lease_until + _TICK for one in self.database.queue.values() if one.lease_until
        ]
        moments += [hand.until for hand in self.hands if hand.until]
        later = [moment for moment in moments if now < moment < PARKED]
        if later:
            self.database.now = min(later)
        return bool(later)

    def _chance(self) -> None:
        """Let what nobody asked for happen between two steps."""
        if self.faults.is_over:
            return
        if not self.pick(20):
            self.sweep()
        if self.faults.happens(Fault.FLUSH, 20):
            self.bells.clear()
        if self.faults.happens(Fault.CLOCK_JUMPS, 20):
            self.database.now += self.faults.jump()
        if self.faults.happens(Fault.CLOCK_BACK, 20):
            self.database.now -= timedelta(seconds=1 + self.pick(3))

    # Steps

    def _step(self) -> bool:
        """Let one process go on to its next boundary; False when nothing is left to do."""
        self._chance()
        first = self.pick(len(self.hands))
        waited = False
        for number in range(len(self.hands)):
            hand = self.hands[(first + number) % len(self.hands)]
            if not self._is_ready(hand):
                continue
            if self._goes_on(hand) != WAITING:
                return True
            waited = True
        # Bells that are left were heard by nobody: all workers stand still.
        return waited or (not self.bells and self.sweep()) or self._time_passes()

    def _is_ready(self, hand: Hand) -> bool:
        if hand.until is not None:
            if hand.until > self.database.now:
                return False
            hand.until = None
        if hand.doing is None:
            hand.doing = self._taken_up(hand)
        return hand.doing is not None

    def _taken_up(self, hand: Hand) -> Doing | None:
        if hand is self.hands[-1]:
            return self.people.wish()
        if not self.bells:
            return None
        # Any of them: the broker promises no order.
        return self.crew.heard(self.bells.pop(self.pick(len(self.bells))))

    def _goes_on(self, hand: Hand) -> str:
        doing, self.crew.acting = hand.doing, hand
        boundary = next(doing, "") if doing else ""
        if not boundary:
            hand.doing = None
        elif boundary != WAITING and doing is not None:
            self._strikes(hand, doing)
        return boundary

    def _strikes(self, hand: Hand, doing: Doing) -> None:
        """Kill the process at this boundary, or let it stand still for longer than its lease."""
        if self.faults.happens(Fault.CRASH):
            doing.close()
            hand.doing = None
        elif self.faults.happens(Fault.PAUSE):
            hand.until = self.database.now + self.faults.pause()
            # The database ends a transaction that nobody goes on with.
            self.database.unlock(hand)

    # The end

    def _judge(self) -> None:
        invariants.ended(self.database)
        self._judge_effects()
        status = self.database.runs[ROOT].load().status
        if status is Status.CANCELLED and Fault.CANCEL in self.faults.happened:
            return
        if self._is_by_the_clock() and Fault.CLOCK_JUMPS in self.faults.happened:
            return
        if status is not Status.COMPLETED:
            raise Violation(f"I1: the run is {status}")
        variables = self.database.runs[ROOT].load().scopes[ROOT].variables
        if variables != self.expected.variables:
            raise Violation(f"I1: {variables}, and not {self.expected.variables}")
        if self.watcher.visited != self.expected.visited:
            more, less = self.watcher.visited - self.expected.visited, self.expected.visited
            raise Violation(
                f"I1: visited too often {more}, too rarely {less - self.watcher.visited}"
            )
        if self.downstream.effects != set(self.watcher.offered):
            raise Violation(f"I2: {len(self.downstream.effects)} of {len(self.watcher.offered)}")

    def _judge_effects(self) -> None:
        effects, watcher = self.downstream.effects, self.watcher
        if not effects <= set(watcher.offered):
            raise Violation("I2: effects under keys that no run asked for")
        if not watcher.wanted <= effects:
            raise Violation("I2: results of effects that never were")
        doubled = watcher.failures - self.downstream.calls
        if doubled:
            raise Violation(f"I2: failures counted that never were: {doubled}")

    def _is_by_the_clock(self) -> bool:
        """Tell whether the outcome hangs on which of two timers comes first."""
        return any(isinstance(one, Race | Deadline | Remind) for one in _all(self.scenario.block))

    def _digest(self) -> str:
        said = (
            self.database.digest,
            sorted(self.downstream.effects),
            self.database.now,
            self.steps,
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()


def _all(block: Block) -> Iterator[Block]:
    yield block
    for part in parts_of(block):
        yield from _all(part)


@dataclass(frozen=True, slots=True)
class Engine:
    """What is simulated: as it is here, or with one thing wrong (`mutants`).

    `core` is entered for as long as a simulation goes on, to change a function of the machine.
    """

    crew: type[Crew] = Crew
    database: type[Database] = Database
    world: type[World] = World
    core: Callable[[], AbstractContextManager[Any]] = nullcontext

    def play(self, scenario: Scenario) -> Played:
        """Simulate to the end.

        Raises:
            Violation: Something does not hold that must hold.
        """
        with self.core():
            return self.world(scenario, self).played()
