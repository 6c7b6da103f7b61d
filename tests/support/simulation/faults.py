"""What can go wrong in a simulation, and when it does: one seed decides."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from tests.support.oracle.blocks import Pick
from tests.support.simulation.database import LEASE


class Fault(StrEnum):
    """A kind of fault."""

    CRASH = "crash"
    PAUSE = "pause"
    COMMIT_FAILS = "commit fails"
    COMMIT_UNKNOWN = "commit unknown"
    BELL_LOST = "bell lost"
    BELL_DOUBLED = "bell doubled"
    FLUSH = "flush"
    CLOCK_JUMPS = "clock jumps"
    CLOCK_BACK = "clock goes back"
    DOWNSTREAM = "downstream fails"
    REPLY_LOST = "reply lost"
    CANCEL = "run cancelled"
    HALT = "run paused"


#: Whatever takes time: so often at most, that no timer comes a minute late, which is how far those
#: that compete lie apart.
_SLOW = frozenset({Fault.CRASH, Fault.PAUSE, Fault.COMMIT_FAILS, Fault.COMMIT_UNKNOWN})
_MOST_SLOW = 4
_MOST = 12
_OFTEN = 8
"""One in so many chances is taken."""


class Faults:
    """The faults of one simulation: `happens` is asked wherever one could."""

    def __init__(self, kinds: frozenset[Fault], pick: Pick) -> None:
        self.kinds = kinds
        self.happened: list[Fault] = []
        self.is_over = False
        self._pick = pick
        self._slow = 0

    def happens(self, fault: Fault, often: int = _OFTEN) -> bool:
        """Tell whether a fault strikes here."""
        if self.is_over or fault not in self.kinds or len(self.happened) >= _MOST:
            return False
        if self._pick(often) or (fault in _SLOW and self._slow >= _MOST_SLOW):
            return False
        self._slow += fault in _SLOW
        self.happened.append(fault)
        return True

    def pause(self) -> timedelta:
        """Return for how long a worker stands still: longer than its lease."""
        return LEASE + timedelta(seconds=1 + self._pick(2))

    def jump(self) -> timedelta:
        """Return how far the clock jumps."""
        return timedelta(minutes=1 + self._pick(120))


def drawn(pick: Pick) -> frozenset[Fault]:
    """Return the kinds of faults of one simulation: about half of those there are."""
    return frozenset(fault for fault in Fault if pick(2))
