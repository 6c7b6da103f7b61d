"""Those who work in a simulation: workers that hear doorbells, and the people outside.

Whatever they do is a generator that stops at every boundary at which its process can be killed or
stand still, so that one seed interleaves them all. A boundary is called as in the fault matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Protocol, TypeAlias

from common.errors import DomainError
from engine.bpmn.process import Process
from engine.semantics import machine
from engine.semantics.commands import (
    Cancel,
    Command,
    CompleteCall,
    CompleteJob,
    Continue,
    CorrelateMessage,
    FailJob,
    StartInstance,
    TriggerTimer,
)
from engine.semantics.effects import key_of
from engine.semantics.environment import Environment, Limits
from engine.semantics.errors import RunFinished, TimerNotDue, WorkGone
from engine.semantics.rows import JobStatus, Status
from engine.semantics.state import InstanceState, Job
from tests.support.oracle.blocks import Pick, Work
from tests.support.simulation import invariants
from tests.support.simulation.database import Change, Database, Delivery, Entry, Lease
from tests.support.simulation.downstream import KINDS, Answer, Downstream
from tests.support.simulation.faults import Fault, Faults
from tests.support.simulation.invariants import Watcher

Doing: TypeAlias = Generator[str, None, None]
"""An act, boundary by boundary."""
WAITING = "waiting"
"""The boundary at which another one's transaction is waited for."""
_EARLY = timedelta(seconds=1)
_TRIES = 3


class Interrupted(Exception):
    """The database did not say that it has committed; perhaps it has."""


class Ring(Protocol):
    """Rings the doorbells of entries."""

    def __call__(self, entries: list[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """One command for one run, and what entitles to it."""

    run: str
    command: Command
    lease: Lease | None = None
    delivery: str = ""
    process: Process | None = None
    caller: tuple[str, str] | None = None


@dataclass
class Crew:
    """What all of them share. Each mutant of `mutants` does one thing here otherwise."""

    database: Database
    watcher: Watcher
    downstream: Downstream
    faults: Faults
    ring: Ring
    pick: Pick
    models: dict[str, Process]
    answers: dict[str, Work]
    limits: Limits
    acting: object = None
    """The process that goes on just now: whoever locks a run."""

    # One step of one run

    def advance(self, ask: Ask) -> Generator[str, None, DomainError | None]:
        """Lock, load, handle, commit, ring. Returns why there was nothing to do, else None.

        Raises:
            Interrupted: The commit failed, or nobody knows.
        """
        me = self.acting
        while not self.locks(ask.run):
            yield WAITING
        try:
            if not self._is_ours(ask):
                return WorkGone()
            state = self.loaded(ask)
            yield "locked"
            change = self._handled(ask, state)
            if isinstance(change, DomainError):
                return change
            yield "before-commit"
            if not self.holds(ask.run):
                raise Interrupted
            due = yield from self._committed(change)
        finally:
            self.database.unlock(me)
        yield "after-commit"
        self.ring(due)
        return None

    def locks(self, run: str) -> bool:
        """Take a run; False while another one has it."""
        return self.database.lock(run, self.acting)

    def holds(self, run: str) -> bool:
        """Tell whether the transaction that took a run is open still."""
        return self.database.locks.get(run) is self.acting

    def loaded(self, ask: Ask) -> InstanceState:
        """Return the state as it is stored, or that of a new run."""
        run = self.database.runs.get(ask.run)
        return run.load() if run else InstanceState(ask.run)

    def keeps(self, lease: Lease) -> bool:
        """Tell whether what is done under a lease still counts, and see to it that it will."""
        return self.database.keeps(lease, self.acting)

    def written(self, change: Change) -> Generator[str, None, list[str]]:
        """Commit a change, and return what is due because of it."""
        yield from ()
        return self.database.commit(change)

    def _is_ours(self, ask: Ask) -> bool:
        if ask.lease is not None and not self.keeps(ask.lease):
            return False
        return not ask.delivery or ask.delivery in self.database.deliveries

    def _handled(self, ask: Ask, state: InstanceState) -> Change | DomainError:
        database = self.database
        run = database.runs.get(ask.run)
        process = run.process if run else ask.process
        if process is None:
            return WorkGone()
        at = max(database.now, run.at) if run else database.now
        env = Environment(at, database.fresh_id, lambda: self.pick(100) / 100, self.limits)
        seq_from = state.seq + 1
        try:
            state, happened = machine.handle(process, state, ask.command, env)
        except DomainError as refusal:
            return refusal
        return Change(
            ask.run,
            state,
            happened,
            ask.command,
            at,
            seq_from,
            ask.lease,
            ask.delivery,
            ask.process,
            ask.caller,
        )

    def _committed(self, change: Change) -> Generator[str, None, list[str]]:
        if not change.happened:
            if change.lease is not None:
                # Another command had carried the run on.
                self.database.queue.pop(change.lease.entry, None)
            return []
        if self.faults.happens(Fault.COMMIT_FAILS, 4):
            raise Interrupted
        invariants.entitled(self.database, change)
        due = yield from self.written(change)
        if self.faults.happens(Fault.COMMIT_UNKNOWN, 4):
            raise Interrupted
        return due

    # Workers

    def heard(self, entry: str) -> Doing:
        """Do what a doorbell rings for, if it is still to be done."""
        found = self.database.queue.get(entry)
        lease = self.claim(found) if found else None
        if found is None or lease is None:
            return
        yield "claimed"
        if found.kind == "JOB":
            yield from self.worked(found.run, entry, lease)
        elif found.kind == "DELIVER":
            yield from self._carried(lease)
        else:
            yield from self._drained(found, lease)

    def claim(self, entry: Entry) -> Lease | None:
        """Take an entry, as the queue allows it."""
        return self.database.claim(entry.id)

    def key(self, run: str, job: Job, lease: Lease | None) -> str:
        """Return the idempotency key of a job, which no attempt changes."""
        del lease
        return key_of(run, job.activity, job.generation)

    def wanted(self, run: str, activity: str, lease: Lease | None) -> Job | None:
        """Return the job if it is to be done, and by whoever holds this lease."""
        state = self.watcher.folded[run]
        job = state.jobs.get(activity)
        if lease is None or not self.database.is_held(lease) or state.status is not Status.RUNNING:
            return None
        return job if job is not None and job.status is JobStatus.PENDING else None

    def worked(self, run: str, activity: str, lease: Lease | None) -> Doing:
        """Begin a job, call the outside, and hand in what came of it."""
        job = self.wanted(run, activity, lease)
        if job is None:
            return
        self.watcher.begun(self.database, run, job)
        yield "begun"
        answer = self.downstream.call(self.key(run, job, lease))
        yield "effect-done"
        yield from self._reported(Ask(run, self._result(job, answer), lease))

    def _result(self, job: Job, answer: Answer) -> Command:
        if answer is not Answer.DONE:
            return FailJob(job.activity, job.generation, "no answer", KINDS[answer])
        work = self.answers[job.element]
        given = {work.target: work.value} if work.target else {}
        return CompleteJob(job.activity, job.generation, given)

    def _reported(self, ask: Ask) -> Doing:
        for _try in range(_TRIES):
            try:
                yield from self.advance(ask)
            except Interrupted:
                continue
            return

    def _drained(self, entry: Entry, lease: Lease) -> Doing:
        command = TriggerTimer(entry.id) if entry.kind == "TIMER" else Continue()
        try:
            refusal = yield from self.advance(Ask(entry.run, command, lease))
        except Interrupted:
            return
        if isinstance(refusal, TimerNotDue):
            self.database.postpone(lease, _EARLY)

    # What runs say to each other

    def _carried(self, lease: Lease) -> Doing:
        delivery = self.database.deliveries.get(lease.entry)
        if delivery is None:
            return
        try:
            yield from self._CARRIES[delivery.kind](self, delivery, lease)
        except Interrupted:
            return

    def _call(self, call: Delivery, lease: Lease) -> Doing:
        """Start a called run, unless it was given up before it began."""
        del lease
        said = self.database.deliveries.values()
        if any(one.kind == "CANCELLED" and one.target == call.target for one in said):
            self.database.forget(call.id)
            return
        command = StartInstance(dict(call.values), called=True)
        caller = (call.source, call.activity)
        ask = Ask(call.target, command, None, call.id, self.models[call.name], caller)
        yield from self.advance(ask)

    def _told(self, said: Delivery, lease: Lease) -> Doing:
        """Tell a run what became of one that it called, or that it is no longer wanted."""
        command = CompleteCall(said.activity, dict(said.values))
        yield from self._arrived(said, said.target, command, lease)

    def _ended(self, said: Delivery, lease: Lease) -> Doing:
        pending = self.database.deliveries.values()
        if any(one.kind == "CALL" and one.target == said.target for one in pending):
            self.database.postpone(lease, _EARLY)
            return
        yield from self._arrived(said, said.target, Cancel(), lease)

    def _arrived(self, said: Delivery, run: str, command: Command, lease: Lease) -> Doing:
        del lease
        refusal = yield from self.advance(Ask(run, command, None, said.id))
        if isinstance(refusal, WorkGone | RunFinished):
            self.database.forget(said.id)

    def _message(self, message: Delivery, lease: Lease) -> Doing:
        """Deliver to whoever waits, else keep it."""
        del lease
        while (found := self._awaiting(message.name)) is not None:
            run, subscription = found
            command = CorrelateMessage(subscription, dict(message.values))
            refusal = yield from self.advance(Ask(run, command, None, message.id))
            if refusal is None or message.id not in self.database.deliveries:
                return
        self.database.keep(message.id)

    def _awaiting(self, name: str) -> tuple[str, str] | None:
        """Return a run that waits for a message, and its subscription."""
        for run, state in self.watcher.folded.items():
            for awaited in state.subscriptions.values():
                if awaited.name == name:
                    return run, awaited.id
        return None

    _CARRIES: ClassVar[Mapping[str, Callable[[Crew, Delivery, Lease], Doing]]] = {
        "CALL": _call,
        "COMPLETED": _told,
        "CANCELLED": _ended,
        "MESSAGE": _message,
    }
