"""What is committed in a simulation: runs, their journals, the queue, and what runs say.

A run is kept as the text of its state, as the codec writes it, beside the rows of its journal. The
rules of the queue and of leases are those of the product in few words; every commit is looked at by
`invariants`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine import codec
from engine.bpmn.process import Process
from engine.codec import Vault
from engine.semantics import events
from engine.semantics.commands import Command, Continue, Resume
from engine.semantics.events import Event
from engine.semantics.machine import is_unfinished
from engine.semantics.rows import JobStatus, Status
from engine.semantics.state import InstanceState, Values, indexed

LEASE = timedelta(seconds=10)
PARKED = datetime(9999, 1, 1, tzinfo=UTC)
T0 = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Entry:
    """Work that is due. Its id is that of the job, timer, run or delivery (`kind`)."""

    id: str
    run: str
    kind: str
    due_at: datetime
    lease_until: datetime | None = None
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to say what came of an entry."""

    entry: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a journal: what one command made happen."""

    seq_from: int
    seq_to: int
    text: str
    vault: Vault
    before: str
    hash: str


@dataclass(slots=True)
class Run:
    """A stored run; `caller` is the run and the visit that called it."""

    id: str
    process: Process
    text: str
    caller: tuple[str, str] | None = None
    journal: list[Row] = field(default_factory=list)
    at: datetime = T0

    def load(self) -> InstanceState:
        """Return the state as a transaction loads it."""
        return indexed(codec.state_of(self.text))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something said to a run (`target`), or to whoever waits for the message `name`."""

    id: str
    kind: str
    target: str
    activity: str = ""
    name: str = ""
    source: str = ""
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What one command made happen, to be committed as a whole."""

    run: str
    state: InstanceState
    happened: list[Event]
    command: Command
    at: datetime
    seq_from: int
    lease: Lease | None = None
    delivery: str = ""
    process: Process | None = None
    caller: tuple[str, str] | None = None


@dataclass
class Database:
    """All that is committed, and who holds which run.

    `looked_at` is called after every commit with the change it was for.
    """

    looked_at: Callable[[Database, Change], None]
    now: datetime = T0
    runs: dict[str, Run] = field(default_factory=dict)
    queue: dict[str, Entry] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    locks: dict[str, object] = field(default_factory=dict)
    digest: str = ""
    commits: int = 0
    ids: int = 0
    epochs: int = 0

    def fresh_id(self) -> str:
        """Return an id that nothing else has."""
        self.ids += 1
        return str(self.ids)

    # Locks and leases

    def lock(self, run: str, who: object) -> bool:
        """Take a run, as a transaction does; False while another one has it."""
        return self.locks.setdefault(run, who) is who

    def keeps(self, lease: Lease, who: object) -> bool:
        """Be sure of a lease until the transaction ends; False where it is another's by now."""
        if not self.is_held(lease):
            return False
        self.locks[_held(lease.entry)] = who
        return True

    def unlock(self, who: object) -> None:
        """Give back whatever a transaction held: it has ended."""
        for key in [key for key, holder in self.locks.items() if holder is who]:
            del self.locks[key]

    def claim(self, entry_id: str) -> Lease | None:
        """Take what is due and in nobody's hands; None where that is not so."""
        entry = self.queue.get(entry_id)
        if entry is None or not self.is_free(entry):
            return None
        self.epochs += 1
        entry.lease_until, entry.epoch = self.now + LEASE, self.epochs
        return Lease(entry_id, self.epochs)

    def is_free(self, entry: Entry) -> bool:
        """Tell whether an entry may be claimed."""
        is_taken = entry.lease_until is not None and entry.lease_until >= self.now
        return entry.due_at <= self.now and not is_taken and _held(entry.id) not in self.locks

    def is_held(self, lease: Lease) -> bool:
        """Tell whether nobody has taken over what is under a lease."""
        entry = self.queue.get(lease.entry)
        return entry is not None and entry.epoch == lease.epoch

    def postpone(self, lease: Lease, by: timedelta) -> None:
        """Give work back, to be taken up again later."""
        entry = self.queue.get(lease.entry)
        if entry is not None and entry.epoch == lease.epoch and entry.due_at < PARKED:
            entry.lease_until, entry.due_at = None, self.now + by

    # Commits

    def commit(self, change: Change) -> list[str]:
        """Write a change as one, and return what it has made due."""
        self.write_state(change)
        self.write_journal(change)
        due = self.write_queue(change)
        self.looked_at(self, change)
        return due

    def write_state(self, change: Change) -> None:
        """Write the run itself."""
        text = codec.state_text(change.state)
        run = self.runs.get(change.run)
        if run is None:
            process = change.process
            assert process is not None
            self.runs[change.run] = Run(change.run, process, text, change.caller, at=change.at)
        else:
            run.text, run.at = text, change.at

    def write_journal(self, change: Change) -> None:
        """Write what happened."""
        journal = self.runs[change.run].journal
        before = journal[-1].hash if journal else ""
        vault = Vault(f"{change.run}/{change.seq_from}")
        text = codec.encode(change.happened, vault)
        number = codec.journal_hash(before, [change.run, change.seq_from], text)
        seq_to = change.seq_from + len(change.happened) - 1
        journal.append(Row(change.seq_from, seq_to, text, vault, before, number))
        self.commits += 1
        self.digest = hashlib.sha256(f"{self.digest}{number}{change.at}".encode()).hexdigest()

    def write_queue(self, change: Change) -> list[str]:
        """Write what is due because of it, and what is said to others; return what is due now."""
        if change.delivery:
            self.forget(change.delivery)
        said = [self._say(one) for one in self._said(change)]
        put = {entry.id: entry for entry in self.agenda(change)}
        for entry in put.values():
            known = self.queue.get(entry.id)
            if known is not None and known.due_at >= PARKED > entry.due_at:
                # What was parked may be in a worker's hands since before the pause.
                entry.lease_until, entry.epoch = known.lease_until, known.epoch
            self.queue[entry.id] = entry
        return [entry.id for entry in put.values() if entry.due_at <= self.now] + said

    def publish(self, name: str, values: Values) -> str:
        """Write a message from outside; it is kept until somebody waits for it."""
        return self._say(Delivery(self.fresh_id(), "MESSAGE", "", name=name, values=values))

    def keep(self, delivery: str) -> None:
        """Put a message aside until somebody begins to wait for it."""
        self.queue[delivery].due_at, self.queue[delivery].lease_until = PARKED, None

    def forget(self, delivery: str) -> None:
        """Remove what has arrived, or never can."""
        self.deliveries.pop(delivery, None)
        self.queue.pop(delivery, None)

    def _say(self, delivery: Delivery) -> str:
        self.deliveries[delivery.id] = delivery
        self.queue[delivery.id] = Entry(delivery.id, "", "DELIVER", self.now)
        return delivery.id

    def _said(self, change: Change) -> Iterable[Delivery]:
        caller = self.runs[change.run].caller
        for event in change.happened:
            match event:
                case events.CallStarted():
                    call = (event.activity, event.called, change.run, event.variables)
                    yield Delivery(self.fresh_id(), "CALL", event.child, *call)
                case events.CallCancelled():
                    yield Delivery(self.fresh_id(), "CANCELLED", event.child)
                case events.InstanceCompleted() if caller is not None:
                    results = change.state.scopes[change.run].variables
                    yield Delivery(self.fresh_id(), "COMPLETED", *caller, values=dict(results))
                case events.MessageAwaited():
                    self._wake(event.name)
                case _:
                    continue

    def _wake(self, name: str) -> None:
        for delivery in self.deliveries.values():
            if delivery.name == name and delivery.kind == "MESSAGE":
                self.queue[delivery.id].due_at = self.now

    def agenda(self, change: Change) -> Iterator[Entry]:
        """Drop what is no longer due, and return what is due now or later."""
        state = change.state
        mine = [entry for entry in self.queue.values() if entry.run == change.run]
        if state.is_finished:
            for entry in mine:
                del self.queue[entry.id]
            return
        if any(isinstance(event, events.InstancePaused) for event in change.happened):
            for entry in mine:
                entry.due_at = PARKED
            return
        if is_unfinished(change.happened) and state.status is Status.RUNNING:
            yield Entry(change.run, change.run, "CONTINUE", change.at)
        elif isinstance(change.command, Continue | Resume):
            self.queue.pop(change.run, None)
        for event in change.happened:
            yield from self._due(change, event)

    def _due(self, change: Change, event: Event) -> Iterable[Entry]:
        match event:
            case events.InstanceResumed():
                for job in change.state.jobs:
                    yield from self._of_job(change, job)
                for timer in change.state.timers:
                    yield from self._of_timer(change, timer)
            case (
                events.JobCreated()
                | events.AttemptFailed()
                | events.JobRetried()
                | events.JobCompleted()
                | events.JobCancelled()
            ):
                yield from self._of_job(change, event.activity)
            case events.TimerScheduled():
                yield from self._of_timer(change, event.timer)
            case events.TimerTriggered() | events.TimerCancelled():
                self.queue.pop(event.timer, None)
            case _:
                return

    def _of_job(self, change: Change, activity: str) -> Iterable[Entry]:
        job = change.state.jobs.get(activity)
        if job is None or job.status is JobStatus.FAILED:
            self.queue.pop(activity, None)
        else:
            due_at = _unless_paused(change, job.next_at or change.at)
            yield Entry(activity, change.run, "JOB", due_at)

    @staticmethod
    def _of_timer(change: Change, key: str) -> Iterable[Entry]:
        timer = change.state.timers.get(key)
        if timer is not None:
            yield Entry(key, change.run, "TIMER", _unless_paused(change, timer.due_at))


def _held(entry: str) -> str:
    """Return under which name the row of an entry is locked, beside the runs."""
    return f"entry {entry}"


def _unless_paused(change: Change, due_at: datetime) -> datetime:
    return PARKED if change.state.status is Status.PAUSED else due_at
