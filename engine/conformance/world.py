"""A small world in memory: deployed processes, their instances, the clock, messages and signals.

It is the shell of the machine for scenarios: it starts what is called, delivers what is thrown,
answers jobs, and lets due timers fire.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeAlias

from engine.bpmn.events import MessageDefinition, SignalDefinition
from engine.bpmn.process import Process
from engine.conformance import triggers
from engine.conformance.errors import Differs
from engine.conformance.instances import Instance, passed
from engine.conformance.stubs import Stubs
from engine.conformance.triggers import Trigger
from engine.decisions.rulebook import NO_DECISIONS, Rulebook
from engine.semantics import correlation, events, timers, variables
from engine.semantics.commands import (
    Cancel,
    Command,
    CompleteCall,
    Continue,
    CorrelateMessage,
    DeliverSignal,
    EscalateCall,
    FailCall,
    RefuseCall,
    StartInstance,
    TriggerTimer,
)
from engine.semantics.errors import ValueUnusable
from engine.semantics.events import Event
from engine.semantics.state import (
    Awaited,
    InstanceState,
    Job,
    JobStatus,
    Status,
    Subscription,
    Timer,
)

T0 = datetime(2030, 1, 1, tzinfo=UTC)
DEEPEST = 100
"""Calls within calls, then the next one is refused."""
MOST = 20_000
"""Commands that may follow from one step of a scenario."""

Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What was published: for the one whose key is `key`, or whose variables are as it says."""

    name: str
    variables: Values
    key: str | None = None
    correlation: Mapping[str, Any] = field(default_factory=dict)
    until: datetime = T0


@dataclass
class World:
    """All that happens in one scenario. `log` and `called` are in the order of happening."""

    processes: Mapping[str, Process]
    stubs: Stubs
    reloads: bool = False
    most: int = MOST
    decisions: Rulebook = NO_DECISIONS
    now: datetime = T0
    instances: list[Instance] = field(default_factory=list)
    named: dict[str, Instance] = field(default_factory=dict)
    triggers: list[Trigger] = field(default_factory=list)
    kept: list[Message] = field(default_factory=list)
    log: list[tuple[Instance, str]] = field(default_factory=list)
    called: list[tuple[Instance, str, Values]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Deploy: what starts instances by itself is armed."""
        numbers = count(1)
        # Of one length, so that the order of ids is that of creation, however rows are kept.
        self._ids: Callable[[], str] = lambda: f"{next(numbers):09d}"
        self._pending: deque[tuple[Instance, Command]] = deque()
        self._arm()

    def _arm(self) -> None:
        for process in self.processes.values():
            if process.executable:
                self.triggers += triggers.deployed(process, self.now)

    # What a scenario does

    def start(self, process: str, name: str, given: Values, element: str = "") -> Instance:
        """Start an instance under a name of the scenario."""
        instance = self._new(self.processes[process])
        self.named[name] = instance
        self.do(instance, StartInstance(given, element=element))
        return instance

    def do(self, instance: Instance, command: Command) -> None:
        """Carry out a command, and all that follows without people and time."""
        self._carry_out(instance, command)
        self._settle()

    def publish(self, message: Message, name: str) -> int:
        """Deliver to the one that waits, else to what starts by it; return how many took it."""
        if self._deliver(message) or self._begin_by(message, name):
            self._settle()
            return 1
        if message.until > self.now:
            self.kept.append(message)
        return 0

    def broadcast(self, name: str, given: Values) -> None:
        """Let every instance that waits hear a signal, and start those that begin by it."""
        self._hear(name, given, thrower=None)
        self._settle()

    def advance(self, text: str) -> None:
        """Move the clock; what is due fires in order of due time, each at its own."""
        until = timers.duration(text).after(self.now)
        while (due := self._next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self._settle()
        self.now = until

    # What follows

    def _settle(self) -> None:
        for _ in range(self.most):
            if self._pending:
                self._carry_out(*self._pending.popleft())
            elif not (self._answer_a_job() or self._take_a_kept_message() or self._fire_due()):
                return
        raise Differs(f"after {self.most} commands the world has not come to rest")

    def _carry_out(self, instance: Instance, command: Command) -> None:
        if instance.state.is_finished:
            return
        happened = instance.do(command, self._ids, self.now)
        self.log += ((instance, element) for element in passed(happened))
        for event in happened:
            self._follow(instance, event)

    def _follow(self, instance: Instance, event: Event) -> None:
        match event:
            case events.BudgetSpent():
                self._pending.append((instance, Continue()))
            case events.SignalThrown():
                self._hear(event.name, event.variables, thrower=instance)
            case events.MessageThrown():
                self._send(instance, event)
            case events.CallStarted():
                self._call(instance, event)
            case events.CallCancelled():
                self._cancel(instance, event.child)
            case _:
                self._answer_the_caller(instance, event)

    def _answer_the_caller(self, instance: Instance, event: Event) -> None:
        if instance.parent is None:
            return
        caller, activity = instance.parent
        answer: Command | None = None
        match event:
            case events.InstanceCompleted():
                answer = CompleteCall(activity, dict(instance.variables))
            case events.ErrorEscaped():
                answer = FailCall(activity, event.code, event.message, event.variables)
            case events.EscalationEscaped():
                answer = EscalateCall(activity, event.code, event.variables)
        if answer is not None and activity in caller.state.calls:
            self._pending.append((caller, answer))

    def _call(self, caller: Instance, event: events.CallStarted) -> None:
        process = self.processes.get(event.called)
        if process is None or caller.depth >= DEEPEST:
            cause = f"There is no process {event.called}." if process is None else "Too deep."
            self._pending.append((caller, RefuseCall(event.activity, cause)))
            return
        child = self._new(process, event.child, (caller, event.activity))
        caller.children.append(child)
        self._pending.append((child, StartInstance(event.variables, called=True)))

    def _cancel(self, caller: Instance, child: str) -> None:
        for one in caller.children:
            if one.state.instance == child:
                self._pending.append((one, Cancel()))

    def _send(self, thrower: Instance, event: events.MessageThrown) -> None:
        """Deliver a thrown message to another process; within one BPMN has no message flow."""
        message = Message(event.name, event.variables, event.key)
        if not self._deliver(message, besides=thrower.process.id):
            self._begin_by(message, "", besides=thrower.process.id)

    def _hear(self, name: str, given: Values, thrower: Instance | None) -> None:
        for instance in list(self.instances):
            if instance is not thrower:
                for subscription in list(instance.state.signals.get(name, ())):
                    self._pending.append((instance, DeliverSignal(subscription, given)))
        for trigger in self.triggers:
            if trigger.hears(SignalDefinition, name):
                self._begin(trigger, given, "")

    def _answer_a_job(self) -> bool:
        """Do the oldest job that is due."""
        found = self._due_job()
        if found is None:
            return False
        instance, job = found
        seen = seen_by(instance, job)
        name = job.type if job.listener else job.element
        self.called.append((instance, name, seen))
        self._carry_out(instance, self.stubs.answer(job, name, seen, self.now))
        return True

    def _due_job(self) -> tuple[Instance, Job] | None:
        due = ((one, job) for one, job in self._jobs() if (job.next_at or self.now) <= self.now)
        return next(due, None)

    # Messages

    def _deliver(self, message: Message, besides: str = "") -> bool:
        for instance, awaited in self._awaited(message.name):
            if instance.process.id != besides and fits(instance, awaited, message):
                self._pending.append((instance, CorrelateMessage(awaited.id, message.variables)))
                return True
        return False

    def _awaited(self, name: str) -> Iterator[tuple[Instance, Subscription]]:
        """Yield who waits for a message, the oldest first."""
        waiting = [
            (awaited.id, instance, awaited)
            for instance in self.instances
            for awaited in instance.state.subscriptions.values()
            if awaited.kind is Awaited.MESSAGE and awaited.name == name
        ]
        for _, instance, awaited in sorted(waiting, key=lambda each: each[0]):
            yield instance, awaited

    def _begin_by(self, message: Message, name: str, besides: str = "") -> bool:
        for trigger in self.triggers:
            if trigger.process.id != besides and trigger.hears(MessageDefinition, message.name):
                key = None if trigger.joint else key_of(message)
                if self._is_held(trigger.process, key):
                    return False
                self._begin(trigger, message.variables, name, key)
                return True
        return False

    def _is_held(self, process: Process, key: str | None) -> bool:
        """Return whether a run that a message of this key began is active still."""
        return bool(key) and any(
            one.process.id == process.id and one.key == key and not one.state.is_finished
            for one in self.instances
        )

    def _take_a_kept_message(self) -> bool:
        self.kept = [message for message in self.kept if message.until > self.now]
        for message in self.kept:
            if self._deliver(message) or self._begin_by(message, ""):
                self.kept.remove(message)
                return True
        return False

    # Beginning, and time

    def _begin(self, trigger: Trigger, given: Values, name: str, key: str | None = None) -> None:
        values = trigger.occur(given)
        if values is None:
            return
        instance = self._new(trigger.process)
        instance.key = key
        if name:
            self.named[name] = instance
        self._pending.append((instance, StartInstance(values, element=trigger.element)))

    def _new(
        self, process: Process, identity: str = "", parent: tuple[Instance, str] | None = None
    ) -> Instance:
        state = InstanceState(identity or self._ids())
        instance = Instance(process, state, parent, reloads=self.reloads, decisions=self.decisions)
        self.instances.append(instance)
        return instance

    def _fire_due(self) -> bool:
        """Fire what is due: start events first, then the oldest timer."""
        for trigger in self.triggers:
            if trigger.due is not None and trigger.due.at <= self.now:
                trigger.due = timers.next_due(trigger.due, self.now)
                self._begin(trigger, {}, "")
                return True
        due = [(timer.due_at, timer.id, one, timer) for one, timer in self._timers()]
        for due_at, _, instance, timer in sorted(due, key=lambda each: each[:2])[:1]:
            if due_at <= self.now:
                self._carry_out(instance, TriggerTimer(timer.id))
                return True
        return False

    def _next_due(self) -> datetime | None:
        dues = [trigger.due.at for trigger in self.triggers if trigger.due is not None]
        waits = (job.next_at for _, job in self._jobs() if job.next_at is not None)
        retries = (at for at in waits if at > self.now)
        return min([*dues, *retries, *(timer.due_at for _, timer in self._timers())], default=None)

    def _jobs(self) -> list[tuple[Instance, Job]]:
        """Return the work that waits for a connector, now or later, the oldest first."""
        jobs = [
            (instance, job)
            for instance in self.instances
            if instance.state.status is Status.RUNNING
            for job in instance.state.jobs.values()
            if job.status is JobStatus.PENDING
        ]
        return sorted(jobs, key=lambda each: each[1].activity)

    def _timers(self) -> list[tuple[Instance, Timer]]:
        return [
            (instance, timer)
            for instance in self.instances
            if instance.state.status is Status.RUNNING
            for timer in instance.state.timers.values()
        ]


def seen_by(instance: Instance, job: Job) -> Values:
    """Return the variables that a job sees."""
    state = instance.state
    scope = job.activity if job.activity in state.scopes else state.tokens[job.token].scope
    return dict(variables.view(state, scope))


def fits(instance: Instance, awaited: Subscription, message: Message) -> bool:
    """Return whether a message is for this subscription: by its key, else by variables."""
    key = key_of(message)
    if awaited.key is not None and key is not None:
        return awaited.key == key
    token = instance.state.tokens.get(awaited.token)
    scope = awaited.activity if awaited.activity in instance.state.scopes else ""
    seen = variables.view(instance.state, scope or (token.scope if token else ""))
    return all(seen.get(name) == value for name, value in message.correlation.items())


def key_of(message: Message) -> str | None:
    """Return the key that a message is addressed by, if any."""
    if message.key is not None:
        return message.key
    values = list(message.correlation.values())
    try:
        return correlation.key_of(values[0]) if len(values) == 1 else None
    except ValueUnusable:
        return None
