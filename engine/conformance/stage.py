"""Where a scenario is played: a world in memory, or the real tables."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.conformance.instances import Instance
from engine.conformance.world import Message, Values
from engine.semantics.commands import Command


class Stage(Protocol):
    """What a scenario does, and what it then compares. `log` and `called` are in order."""

    instances: list[Instance]
    named: dict[str, Instance]
    log: list[tuple[Instance, str]]
    called: list[tuple[Instance, str, Values]]

    @property
    def now(self) -> datetime:
        """Return the time of the scenario."""

    def start(self, process: str, name: str, given: Values, element: str = "") -> Instance:
        """Start an instance under a name of the scenario."""

    def do(self, instance: Instance, command: Command) -> None:
        """Carry out a command, and all that follows without people and time."""

    def publish(self, message: Message, name: str) -> int:
        """Deliver to the one that waits, else to what starts by it; return how many took it."""

    def broadcast(self, name: str, given: Values) -> None:
        """Let every instance that waits hear a signal, and start those that begin by it."""

    def advance(self, text: str) -> None:
        """Move the clock; what is due fires in order of due time, each at its own."""
