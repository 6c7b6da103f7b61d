"""What must hold after every commit of a simulation, and at its end (I1 to I5).

A watcher folds what was committed to the journals onto states of its own, and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine import codec
from engine.semantics import events
from engine.semantics.commands import FailureKind
from engine.semantics.effects import key_of
from engine.semantics.evolve import fold
from engine.semantics.machine import is_unfinished
from engine.semantics.rows import Call, Job, JobStatus, Status, Subscription, Timer, UserTask
from engine.semantics.state import InstanceState
from engine.semantics.unfolding import story
from tests.support.simulation.database import PARKED, Change, Database, Run


class Violation(AssertionError):
    """Something does not hold that must hold."""


@dataclass
class Watcher:
    """Looks at every commit; what it has seen is what the end is judged by."""

    folded: dict[str, InstanceState] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)
    """How many rows of each run's journal were folded."""
    visited: Counter[str] = field(default_factory=Counter)
    offered: dict[str, str] = field(default_factory=dict)
    """The key of each effect that a run asked for, and the element that did."""
    wanted: set[str] = field(default_factory=set)
    """The keys of those that it took the result of."""
    failures: Counter[str] = field(default_factory=Counter)
    """Attempts that were counted, by key."""
    refused: set[str] = field(default_factory=set)
    """The keys of effects that were refused for good, until an operator has looked."""

    def look(self, database: Database, change: Change) -> None:
        """Compare what is stored of a run with its journal and with the queue.

        Raises:
            Violation: They do not fit.
        """
        run = database.runs[change.run]
        self._replay(run)
        state = self.folded[change.run]
        if run.load() != state:
            raise Violation(f"I1: run {run.id} is not where its journal says")
        _queued(database, change, state)
        _standing(state)
        _called(database, state)
        _due_later(change)

    def begun(self, database: Database, run: str, job: Job) -> None:
        """Be sure that somebody waits for the work that begins, and that one worker alone has it.

        Raises:
            Violation: It is not so, or it was refused for good.
        """
        entry = database.queue.get(job.activity)
        is_taken = entry is not None and entry.lease_until is not None
        if job.activity not in self.folded[run].jobs or not is_taken:
            raise Violation(f"I2: {job} is begun, and nobody waits for it or it is not leased")
        if key_of(run, job.activity, job.generation) in self.refused:
            raise Violation(f"I2: {job} was refused for good and is begun again")

    def _replay(self, run: Run) -> None:
        for row in run.journal[self.read[run.id] :]:
            state = self.folded.setdefault(run.id, InstanceState(run.id))
            if row.seq_from != state.seq + 1:
                raise Violation(
                    f"I3: journal of run {run.id} has {row.seq_from} at {state.seq + 1}"
                )
            happened = codec.decode(row.text, row.vault)
            fold(state, happened)
            self._note(run.id, story(happened, row.seq_from))
            self.read[run.id] += 1

    def _note(self, run: str, happened: Iterable[events.Event]) -> None:
        for event in happened:
            match event:
                case events.NodePassed() | events.ActivityCompleted():
                    self.visited[event.element] += 1
                case events.JobCreated():
                    key = key_of(run, event.activity, event.generation)
                    self.offered[key] = event.element
                case events.JobCompleted():
                    self.wanted.add(key_of(run, event.activity, event.generation))
                case events.AttemptFailed():
                    key = key_of(run, event.activity, event.generation)
                    self.failures[key] += 1
                    self.refused |= {key} if event.kind == FailureKind.PERMANENT else set()
                case events.JobRetried():
                    self.refused.discard(key_of(run, event.activity, event.generation))
                case _:
                    continue


def entitled(database: Database, change: Change) -> None:
    """Be sure that whoever commits under a lease has it still.

    Raises:
        Violation: Another worker has taken over.
    """
    entry = database.queue.get(change.lease.entry) if change.lease else None
    if change.lease is not None and entry is not None and entry.epoch != change.lease.epoch:
        raise Violation(f"I5: {change.command} counts, and another worker has taken over")


def ended(database: Database) -> None:
    """Judge what is left when nothing can happen any more.

    Raises:
        Violation: Something is stuck, or a journal does not hold together.
    """
    stuck = [run.id for run in database.runs.values() if not run.load().is_finished]
    if stuck:
        raise Violation(f"I1: nothing will ever wake the runs {stuck}: {_waits(database, stuck)}")
    left = [entry for entry in database.queue.values() if entry.due_at < PARKED]
    if left or database.locks:
        raise Violation(f"I5: left behind: {left}, locks of {list(database.locks)}")
    for run in database.runs.values():
        before = ""
        for row in run.journal:
            number = codec.journal_hash(before, [run.id, row.seq_from], row.text)
            if (row.before, row.hash) != (before, number):
                raise Violation(f"I3: the chain of run {run.id} breaks at {row.seq_from}")
            before = row.hash


def _queued(database: Database, change: Change, state: InstanceState) -> None:
    """Compare what waits in a run with its entries of the queue."""
    run, expected = change.run, {}
    if not state.is_finished:
        jobs = state.jobs.values()
        expected = {job.activity: "JOB" for job in jobs if job.status is JobStatus.PENDING}
        expected |= dict.fromkeys(state.timers, "TIMER")
        if state.status is Status.RUNNING and (state.moving or is_unfinished(change.happened)):
            expected[run] = "CONTINUE"
    is_paused = state.status is Status.PAUSED
    found = {entry.id: entry for entry in database.queue.values() if entry.run == run}
    # A run that another command has carried on may be looked at once more.
    expected |= {run: "CONTINUE"} if run in found and not state.is_finished else {}
    if {key: entry.kind for key, entry in found.items()} != expected:
        raise Violation(f"I5: run {run} waits for {expected}, and the queue has {found}")
    if any((entry.due_at >= PARKED) is not is_paused for entry in found.values()):
        raise Violation(f"I5: run {run} is {state.status}, and the queue has {found}")


def _standing(state: InstanceState) -> None:
    """Be sure that whatever waits belongs to something alive."""
    waits: list[Timer | Subscription] = [*state.timers.values(), *state.subscriptions.values()]
    for wait in waits:
        if wait.activity not in state.visits and wait.activity not in state.scopes:
            raise Violation(f"I5: {wait} waits for a visit that is over")
    offered: list[UserTask | Job | Call] = [*state.user_tasks.values(), *state.jobs.values()]
    offered += state.calls.values()
    for work in offered:
        if state.visits.get(work.activity) != work.token:
            raise Violation(f"I5: {work} stands nowhere")
    _counting(state)


def _counting(state: InstanceState) -> None:
    """Be sure that scopes and loops know how much is in them."""
    for loop in state.loops.values():
        inside = len(state.standing.get(loop.activity, ()))
        if loop.activity not in state.scopes or loop.started - loop.ended > inside:
            raise Violation(f"I5: {loop} has lost count")
    for scope in state.scopes.values():
        if scope.live != len(state.standing.get(scope.id, ())):
            raise Violation(f"I1: {scope} has lost count")


def _called(database: Database, state: InstanceState) -> None:
    """Be sure that whoever waits for a called run will hear of it."""
    for call in state.calls.values():
        said = [one for one in database.deliveries.values() if call.activity == one.activity]
        child = database.runs.get(call.child)
        if not said and (child is None or codec.state_of(child.text).is_finished):
            raise Violation(f"I5: {call} waits for a run that nobody starts")


def _due_later(change: Change) -> None:
    """Be sure that a cycle makes up for what it missed once, and not turn by turn."""
    for event in change.happened:
        if isinstance(event, events.TimerScheduled) and event.due_at <= change.at:
            raise Violation(f"I1: {event} is due before it is scheduled at {change.at}")


def _waits(database: Database, runs: Iterable[str]) -> str:
    entries = [entry for entry in database.queue.values() if entry.run in runs or not entry.run]
    return f"{entries}, {list(database.deliveries.values())}"
