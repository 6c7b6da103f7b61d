"""The called system of a simulation: it does what a key asks for once, and remembers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

from engine.semantics.commands import FailureKind
from tests.support.oracle.blocks import Pick
from tests.support.simulation.faults import Fault, Faults


class Answer(Enum):
    """What a caller hears."""

    DONE = auto()
    BUSY = auto()
    REFUSED = auto()
    AWAY = auto()


KINDS = {
    Answer.BUSY: FailureKind.TRANSIENT,
    Answer.REFUSED: FailureKind.PERMANENT,
    Answer.AWAY: FailureKind.ENVIRONMENTAL,
}
"""Whose fault each failure is, as a connector tells it."""
_FAILURES = tuple(KINDS)


@dataclass
class Downstream:
    """Effects by key, and how often each was asked for."""

    faults: Faults
    pick: Pick
    effects: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)

    def call(self, key: str) -> Answer:
        """Do what is asked, or fail before or after it was done."""
        self.calls[key] += 1
        if self.faults.happens(Fault.DOWNSTREAM, 3):
            return _FAILURES[self.pick(len(_FAILURES))]
        self.effects.add(key)
        return Answer.BUSY if self.faults.happens(Fault.REPLY_LOST, 4) else Answer.DONE
