"""What every scenario has at hand, and what a scenario is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from config.loadtest.crew import Worker
from config.loadtest.figures import Row
from config.loadtest.ground import Ground
from config.loadtest.others import Others
from config.loadtest.sizes import Size
from engine.loadtest.floor import Floor


@dataclass
class Bench:
    """One load test under way. `limits` are those of the scenario that runs, in order."""

    size: Size
    ground: Ground
    floor: Floor
    others: Others
    crew: Sequence[Worker]
    limits: list[float] = field(default_factory=list)

    def begin(self) -> None:
        """Begin with the limit that was measured last: nothing was done since."""
        self.limits = self.limits[-1:]
        if not self.limits:
            self.limit()

    def limit(self) -> float:
        """Measure the limit once more, and return it."""
        self.limits.append(self.others.limit(self.size.seconds))
        return self.limits[-1]


class Scenario(Protocol):
    """One thing that is done to the product, and the rows that come of it."""

    @property
    def title(self) -> str:
        """Return what it is called while it runs."""

    def measure(self, bench: Bench) -> list[Row]:
        """Do it, and check that it was done."""

    def again(self, bench: Bench) -> Callable[[], None]:
        """Prepare a little of it; return what does it in this process, for the profile."""
