"""Engines with one thing wrong each: a simulation that does not catch all of them is no proof.

Each is the crew, its world, or a function of the core, with one rule left out.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from engine.semantics import activities, events, jobs, timers
from engine.semantics.appliers import APPLIERS
from engine.semantics.effects import key_of
from engine.semantics.events import Event
from engine.semantics.rows import Job, Loop
from engine.semantics.state import InstanceState
from engine.semantics.turn import Turn
from tests.support.simulation.crew import Crew, Doing
from tests.support.simulation.database import Change, Database, Entry, Lease
from tests.support.simulation.world import Engine, World


class _NoFence(Crew):
    """A worker that was taken for dead has its say all the same."""

    def keeps(self, lease: Lease) -> bool:
        del lease
        return True


class _KeyPerAttempt(Crew):
    """The called system takes a second attempt for something else."""

    def key(self, run: str, job: Job, lease: Lease | None) -> str:
        return key_of(run, job.activity, lease.epoch if lease else 0)


class _AckFirst(Crew):
    """Work leaves the queue when it is taken, as with a broker that is told at once."""

    def claim(self, entry: Entry) -> Lease | None:
        lease = super().claim(entry)
        if lease is not None and entry.kind == "JOB":
            del self.database.queue[entry.id]
        return lease

    def keeps(self, lease: Lease) -> bool:
        return lease.entry not in self.database.queue or super().keeps(lease)

    def wanted(self, run: str, activity: str, lease: Lease | None) -> Job | None:
        del lease
        return self.watcher.folded[run].jobs.get(activity)


class _SplitCommit(Crew):
    """The run is committed first, and what is due because of it afterwards."""

    def written(self, change: Change) -> Generator[str, None, list[str]]:
        self.database.write_state(change)
        self.database.write_journal(change)
        yield "before-commit"
        due = self.database.write_queue(change)
        self.watcher.look(self.database, change)
        return due


class _JournalAfterCommit(Crew):
    """The run is committed first, and what happened to it afterwards."""

    def written(self, change: Change) -> Generator[str, None, list[str]]:
        self.database.write_state(change)
        due = self.database.write_queue(change)
        yield "before-commit"
        self.database.write_journal(change)
        self.watcher.look(self.database, change)
        return due


class _OnlyWhatMovesIsQueued(Database):
    """A run whose transaction ended before a join that was ready is not carried on."""

    def agenda(self, change: Change) -> Iterator[Entry]:
        is_moving = bool(change.state.moving)
        return (one for one in super().agenda(change) if one.kind != "CONTINUE" or is_moving)


class _LeaseOutlivesItsReport(Database):
    """Whoever did not hear that its report was committed hands it in again."""

    def write_queue(self, change: Change) -> list[str]:
        before = {entry.id: entry.epoch for entry in self.queue.values()}
        due = super().write_queue(change)
        for entry in self.queue.values():
            entry.epoch = entry.epoch or before.get(entry.id, 0)
        return due


class _NoSweeper(World):
    """What no doorbell announces is found by nobody."""

    def sweep(self) -> bool:
        return False


class _NoLock(Crew):
    """Two workers decide on one state, and the later one writes over what the other did."""

    def locks(self, run: str) -> bool:
        del run
        return True

    def holds(self, run: str) -> bool:
        del run
        return True


@dataclass
class _CancelIgnored(Crew):
    """What was claimed is begun, whatever became of the run since."""

    known: dict[str, Job] = field(default_factory=dict)

    def claim(self, entry: Entry) -> Lease | None:
        lease = super().claim(entry)
        if lease is not None and entry.kind == "JOB":
            self.known[entry.id] = self.watcher.folded[entry.run].jobs[entry.id]
        return lease

    def wanted(self, run: str, activity: str, lease: Lease | None) -> Job | None:
        del run, lease
        return self.known[activity]


@dataclass
class _DoorbellTrusted(Crew):
    """The bell says that there is work, so there is."""

    known: dict[str, tuple[str, Job]] = field(default_factory=dict)

    def heard(self, entry: str) -> Doing:
        found = self.database.queue.get(entry)
        if found is not None and found.kind == "JOB":
            run = found.run
            self.known[entry] = (run, self.watcher.folded[run].jobs[entry])
        if entry in self.known:
            return self.worked(self.known[entry][0], entry, None)
        return super().heard(entry)

    def wanted(self, run: str, activity: str, lease: Lease | None) -> Job | None:
        del run, lease
        return self.known[activity][1]


class _TimerGoneBeforeItFires(Crew):
    """The row of a timer is dropped by whoever claims it."""

    def claim(self, entry: Entry) -> Lease | None:
        lease = super().claim(entry)
        if lease is not None and entry.kind == "TIMER":
            del self.database.queue[entry.id]
        return lease

    def keeps(self, lease: Lease) -> bool:
        return lease.entry not in self.database.queue or super().keeps(lease)


def _boundary_not_cancelled() -> AbstractContextManager[Any]:
    released = activities.release

    def release(turn: Turn, activity: str, *, spent: str = "") -> list[Event]:
        return [
            event
            for event in released(turn, activity, spent=spent)
            if not isinstance(event, events.TimerCancelled)
        ]

    return patch.object(activities, "release", release)


@contextmanager
def _loop_counter_not_reset() -> Iterator[None]:
    ended: dict[tuple[int, str], int] = {}

    def started(state: InstanceState, event: events.LoopStarted) -> None:
        loop = Loop(event.activity, event.element, event.total, items=event.items)
        again = ended.get((id(state), event.element), 0)
        state.loops[event.activity] = loop.counting(started=again, ended=again)
        ended[id(state), event.element] = len(event.items) or event.total or 0

    with patch.dict(APPLIERS, {events.LoopStarted: started}):
        yield


def _fires_for_every_turn_missed() -> AbstractContextManager[Any]:
    following = timers.next_due
    return patch.object(timers, "next_due", lambda due, _now: following(due, due.at))


def _retries_for_good_refusals() -> AbstractContextManager[Any]:
    return patch.object(jobs, "_goes_on", lambda *_asked: True)


MUTANTS: Mapping[str, Engine] = {
    "no fence": Engine(_NoFence),
    "key per attempt": Engine(_KeyPerAttempt),
    "ack first": Engine(_AckFirst),
    "split commit": Engine(_SplitCommit),
    "no sweeper": Engine(world=_NoSweeper),
    "join counts without lock": Engine(_NoLock),
    "journal after commit": Engine(_JournalAfterCommit),
    "cancel ignored": Engine(_CancelIgnored),
    "boundary not cancelled": Engine(core=_boundary_not_cancelled),
    "loop counter not reset": Engine(core=_loop_counter_not_reset),
    "timer delete before fire commit": Engine(_TimerGoneBeforeItFires),
    "fire twice on jump": Engine(core=_fires_for_every_turn_missed),
    "retry on permanent": Engine(core=_retries_for_good_refusals),
    "doorbell trusted": Engine(_DoorbellTrusted),
    "only what moves is queued": Engine(database=_OnlyWhatMovesIsQueued),
    "lease outlives its report": Engine(database=_LeaseOutlivesItsReport),
}
