"""A run of the pure machine, driven in a line per step. It keeps its whole journal."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from engine.bpmn.elements import Retry
from engine.bpmn.process import Process
from engine.semantics.commands import (
    Command,
    CompleteJob,
    CompleteUserTask,
    CorrelateMessage,
    DeliverSignal,
    FailJob,
    FailureKind,
    StartInstance,
    ThrowError,
    TriggerTimer,
)
from engine.semantics.environment import Decide, Environment, Limits
from engine.semantics.events import Event
from engine.semantics.machine import handle
from engine.semantics.state import InstanceState, TokenStatus
from engine.semantics.unfolding import story

T0 = datetime(2030, 1, 1, tzinfo=UTC)


class Run:
    """One instance with a clock of its own and ids 1, 2, 3.

    `facts` are its journal as it stands; `journal` tells it node by node, glides too.
    """

    def __init__(
        self,
        process: Process,
        *,
        limits: Limits | None = None,
        fraction: float = 1.0,
        decide: Decide | None = None,
        retry: Retry | None = None,
    ) -> None:
        self.process = process
        self.state = InstanceState("run")
        self.facts: list[Event] = []
        self.journal: list[Event] = []
        self.now = T0
        self._ids = map(str, count(1))
        self._limits = limits or Limits()
        self._fraction = fraction
        self._decide = decide
        self._retry = retry or Retry()

    def do(self, command: Command) -> list[Event]:
        env = Environment(
            self.now,
            self._ids.__next__,
            lambda: self._fraction,
            self._limits,
            decide=self._decide,
            retry=self._retry,
        )
        seq = self.state.seq + 1
        self.state, events = handle(self.process, self.state, command, env)
        self.facts += events
        self.journal += story(events, seq)
        return events

    def start(self, **variables: Any) -> Run:
        self.do(StartInstance(variables))
        return self

    def complete(self, element: str, person: str = "ada", **variables: Any) -> list[Event]:
        return self.do(CompleteUserTask(self.task(element), person, variables))

    def vote(self, element: str, person: str, decision: str, **rest: Any) -> list[Event]:
        return self.do(CompleteUserTask(self.task(element), person, decision=decision, **rest))

    def finish_job(self, element: str, **result: Any) -> list[Event]:
        return self.do(CompleteJob(self.job(element), 1, result))

    def fail_job(
        self, element: str, kind: FailureKind = FailureKind.TRANSIENT, **rest: Any
    ) -> list[Event]:
        return self.do(FailJob(self.job(element), 1, "connection reset", kind, **rest))

    def throw_error(self, element: str, code: str, **variables: Any) -> list[Event]:
        return self.do(ThrowError(self.job(element), 1, code, variables=variables))

    def signal(self, name: str, **variables: Any) -> None:
        """Let everybody in the run hear a signal that comes from outside."""
        for subscription in list(self.state.signals.get(name, ())):
            if subscription in self.state.subscriptions:
                self.do(DeliverSignal(subscription, variables))

    def advance(self, **by: float) -> None:
        """Move the clock; timers fire in order of their due times, each at its own."""
        until = self.now + timedelta(**by)
        while self.state.timers:
            timer = min(self.state.timers.values(), key=lambda each: each.due_at)
            if timer.due_at > until:
                break
            self.now = max(self.now, timer.due_at)
            self.do(TriggerTimer(timer.id))
        self.now = until

    def publish(self, name: str, **variables: Any) -> list[Event]:
        found = [one for one in self.state.subscriptions.values() if one.name == name]
        return self.do(CorrelateMessage(found[0].id, variables))

    def task(self, element: str, index: int = 0) -> str:
        tasks = self.state.user_tasks.values()
        return [task.activity for task in tasks if task.element == element][index]

    def job(self, element: str, index: int = 0) -> str:
        jobs = self.state.jobs.values()
        return [job.activity for job in jobs if job.element == element][index]

    def incident(self) -> str:
        return next(iter(self.state.incidents))

    @property
    def waiting(self) -> list[str]:
        """Where tokens rest, but for joins."""
        tokens = self.state.tokens.values()
        return sorted(token.at for token in tokens if token.status is TokenStatus.ACTIVE)

    @property
    def variables(self) -> dict[str, Any]:
        return self.state.scopes["run"].variables

    @property
    def status(self) -> str:
        return self.state.status.value

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.journal if isinstance(event, kind)]

    @property
    def passed(self) -> list[str]:
        """The completion log: every node, when it was done."""
        done = {"node_passed", "activity_completed"}
        return [getattr(event, "element", "") for event in self.journal if event.type in done]

    def frozen(self) -> InstanceState:
        return copy.deepcopy(self.state)
