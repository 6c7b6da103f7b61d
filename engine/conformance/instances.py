"""One instance of a scenario: its state, its journal, and what the format asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import codec
from engine.bpmn.elements import EventBasedGateway, IntermediateCatchEvent, ReceiveTask
from engine.bpmn.process import Process
from engine.codec import Vault
from engine.conformance.errors import Differs
from engine.decisions.rulebook import NO_DECISIONS, Rulebook
from engine.semantics import business_rules
from engine.semantics.commands import Command
from engine.semantics.environment import Environment, Limits
from engine.semantics.events import ActivityCompleted, Event, NodePassed
from engine.semantics.evolve import fold
from engine.semantics.machine import handle
from engine.semantics.state import InstanceState, TokenStatus, indexed
from engine.semantics.unfolding import story

_SALT = "conformance"


@dataclass
class Instance:
    """A run in memory. `parent` is the calling instance and its call activity's visit.

    `key` is that of the message which began it; `given` what its expressions see besides variables.
    """

    process: Process
    state: InstanceState
    parent: tuple[Instance, str] | None = None
    children: list[Instance] = field(default_factory=list)
    shadow: InstanceState = field(init=False)
    reloads: bool = False
    key: str | None = None
    decisions: Rulebook = NO_DECISIONS
    given: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Begin the state that is folded from the journal alone."""
        self.shadow = InstanceState(self.state.instance)

    def do(self, command: Command, ids: Callable[[], str], now: datetime) -> list[Event]:
        """Carry out a command and prove what must hold after every one.

        The state is what its journal says, and both survive being written and read. Where the
        instance reloads, it goes on with what was read.

        Raises:
            Differs: One of them does not hold.
        """
        decide = business_rules.decider(self.decisions, now)
        env = Environment(now, ids, lambda: 0.5, self.limits, self.given, decide)
        self.state, happened = handle(self.process, self.state, command, env)
        vault = Vault(_SALT)
        text = codec.encode(happened, vault)
        read = codec.decode(text, vault)
        if read != happened:
            raise Differs(f"the journal reads {read}, and was {happened}")
        written = codec.state_text(self.state)
        fold(self.shadow, read)
        if codec.state_text(self.shadow) != written:
            raise Differs(f"the journal gives {codec.state_text(self.shadow)}, not {written}")
        loaded = codec.state_of(written)
        if codec.state_text(loaded) != written:
            raise Differs(f"the state reads {codec.state_text(loaded)}, not {written}")
        if self.reloads:
            self.state = indexed(loaded)
        return happened

    @property
    def depth(self) -> int:
        """Return how many calls are around this instance."""
        return sum(1 for _ in self._above())

    def _above(self) -> Iterator[Instance]:
        above = self.parent
        while above is not None:
            yield above[0]
            above = above[0].parent

    def family(self) -> Iterator[Instance]:
        """Yield the instance and all that it called, and they."""
        pending = [self]
        while pending:
            one = pending.pop(0)
            yield one
            pending += one.children

    @property
    def variables(self) -> dict[str, Any]:
        """Return the variables of the top scope."""
        return self.state.scopes[self.state.instance].variables

    @property
    def outcome(self) -> str:
        """Return the state in the words of the format."""
        if any(one.state.incidents for one in self.family()):
            return "failed"
        return "completed" if self.state.is_finished else "waiting"

    def waiting(self) -> list[str]:
        """Return what waits: for a person, or in the flow for an event."""
        return sorted(element for one in self.family() for element in one._waits())

    def _waits(self) -> Iterator[str]:
        yield from (task.element for task in self.state.user_tasks.values())
        for token in self.state.tokens.values():
            node = self.process.nodes.get(token.at)
            if token.status is not TokenStatus.ACTIVE:
                continue
            if isinstance(node, IntermediateCatchEvent):
                yield token.at
            if isinstance(node, ReceiveTask) and not self._is_whole(token.activity):
                yield token.at
            if isinstance(node, EventBasedGateway):
                waits = self.state.attached.get(token.activity, ())
                yield from {self.state.wait(wait).element: None for wait in waits}

    def _is_whole(self, activity: str) -> bool:
        return activity in self.state.loops


def passed(happened: list[Event]) -> Iterator[str]:
    """Yield the elements that completed: activities, events and gateways, in order."""
    for event in story(happened, 0):
        if isinstance(event, ActivityCompleted | NodePassed):
            yield event.element
